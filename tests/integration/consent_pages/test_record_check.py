"""A stranger has a paper checked: whether it was written here, whether to ask the clinic, and nothing else."""

import io
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pikepdf import AttachedFileSpec, Name

from clinic import clock
from clinic.actions.cancel_procedure import cancel_procedure
from clinic.models import RecordView
from consent.actions.issue_record import issue_record
from consent.actions.mark_in_error import mark_in_error
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.forms.handed_in import LARGEST_PAPER
from consent.keys.site_seals import keep_site_seal
from consent.ledger_store.seal import seal_all
from consent.models import Consent, FrozenRecord
from consent.queries.frozen import check_code, newest_frozen
from consent.queries.record_check import code_in
from consent.vocabulary import Via
from tests.clock import MovableClock
from tests.factories import House, let_pass
from tests.integration.adversary.world import changed, picture
from tests.integration.consent_pages.people import address, held, text_of
from tests.story_erasure import erased
from tests.unit.record.sealing import files

NOWHERE = "0" * 64


def newest(consent: Consent) -> FrozenRecord:
    found = newest_frozen(consent)
    assert found is not None
    return found


def look(digest: str) -> Any:
    return Client().get(address("record-check-code", digest=digest))


def hand_in(text: str = "", file: bytes | None = None) -> Any:
    what: dict[str, Any] = {"text": text}
    if file is not None:
        what["file"] = SimpleUploadedFile("her-record.pdf", file)
    return Client(enforce_csrf_checks=True).post(address("record-check"), what)


def finding(response: Any) -> str:
    found = re.search(r'data-finding="([^"]*)"', text_of(response))
    assert found, text_of(response)
    return found.group(1)


def sentences(response: Any) -> str:
    """What the page says, without the code that was asked for, times and the number of the entry."""
    said = text_of(response).partition("<main")[2].partition("</main")[0]
    return re.sub(r"\d{1,2} \w+ \d{4}.*?(?=[.<])|entry number \d+", "?", said)


def issued(consent: Consent) -> bytes:
    return issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD).pdf


@pytest.fixture
def sealing(house: House, settings: Any, tmp_path: Path) -> None:
    settings.SEAL_DIR = tmp_path / "seals"
    keep_site_seal(house.site.pk, files(clock.now()))


def withdrawn(house: House) -> FrozenRecord:
    consent = house.ready()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    return newest(consent)


def refused(house: House) -> FrozenRecord:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    return newest(consent)


def used(house: House) -> FrozenRecord:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    return newest(consent)


def superseded(house: House) -> FrozenRecord:
    consent = house.given()
    house.superseded(consent)
    return newest(consent)


def in_error(house: House) -> FrozenRecord:
    consent = house.given()
    report_error(consent_id=consent.pk, explanation="Wrong.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    return newest(consent)


def older(house: House) -> FrozenRecord:
    return house.ready().frozen_records.earliest("made_at")


def before_a_no(house: House) -> FrozenRecord:
    """Her yes on paper, taken back since."""
    consent = house.given()
    yes = newest(consent)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    return yes


def expired(house: House) -> FrozenRecord:
    consent = house.ready()
    let_pass(days=40)
    return newest(consent)


def called_off(house: House) -> FrozenRecord:
    consent = house.ready()
    cancel_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    return newest(consent)


ASK: dict[str, Callable[[House], FrozenRecord]] = {
    "draft": lambda house: newest(house.proposed()),
    "informed": lambda house: newest(house.informed()),
    "withdrawn": withdrawn,
    "refused": refused,
    "used": used,
    "superseded": superseded,
    "in error": in_error,
    "older": older,
    "before a no": before_a_no,
    "called off": called_off,
    "expired": expired,  # last: time has passed then
}

# Of these not even the work behind the page differs.
COST_THE_SAME = ("informed", "withdrawn", "refused", "used", "older", "before a no", "called off", "expired")


@pytest.mark.parametrize("state", ["given", "ready"])
def test_the_newest_record_of_a_standing_yes_stands_and_allows_nothing(house: House, state: str) -> None:
    record = newest(getattr(house, state)())
    response = look(record.document_digest)
    assert finding(response) == "stands"
    said = text_of(response)
    assert record.consent.site.ledgers.get().origin in said
    assert re.search(r"entry number \d+", said)
    assert "Never anchored" in said
    assert "Nothing may be done because of this page." in said
    assert "Anybody can print a code beside other words" in said


def test_everything_else_gets_the_same_words_and_costs_the_same(house: House) -> None:
    look(newest(house.given()).document_digest)  # the first time a rule table is read, it is kept in memory
    found, cost = {}, {}
    for state, made in ASK.items():
        digest = made(house).document_digest
        with CaptureQueriesContext(connection) as asked:
            response = look(digest)
        assert finding(response) == "ask", state
        found[state], cost[state] = sentences(response), len(asked)
    assert len(set(found.values())) == 1, found
    assert "Do not act on this record: ask the clinic." in found["withdrawn"]
    assert "still stood" not in found["withdrawn"]
    assert len({cost[state] for state in COST_THE_SAME}) == 1, cost


def test_nothing_is_told_of_whom_or_what_it_is_about(house: House) -> None:
    for made in (lambda house: newest(house.given()), *ASK.values()):
        record = made(house)
        said = text_of(look(record.document_digest)).lower()
        consent = record.consent
        secrets = [consent.patient.name, consent.site.name, consent.procedure_code, str(consent.pk)]
        secrets += [consent.procedure.procedure_type.category, "withdrawn", "refuse", "taken back", "copper", "expired"]
        assert [one for one in secrets if one.lower() in said.partition("<main")[2]] == []


def test_a_worry_makes_no_difference(house: House, movable_clock: MovableClock) -> None:
    consent = house.ready()
    digest, at = newest(consent).document_digest, movable_clock.at
    look(digest)  # the first time a rule table is read, it is kept in memory
    pages = []
    for worried in (False, True):
        if worried:
            held(consent, house.colleague.account)
        movable_clock.at = at
        with CaptureQueriesContext(connection) as asked:
            pages.append((sentences(look(digest)), len(asked)))
    assert pages[0] == pages[1]
    assert "still stood" in pages[0][0]


def test_an_erased_record_is_as_one_that_never_was(house: House) -> None:
    consent = house.given()
    digest = newest(consent).document_digest
    document = bytes(newest(consent).document)
    erased(house, consent.patient)
    assert finding(look(digest)) == "unknown"
    assert sentences(look(digest)) == sentences(look(NOWHERE))
    assert sentences(hand_in(file=document)) == sentences(hand_in(file=b"{}"))


def test_a_row_that_no_entry_binds_is_not_known(house: House) -> None:
    """Somebody writes a record past the ledger: it is not called genuine."""
    mine = newest(house.given())
    digest = mine.document_digest
    forged = FrozenRecord(
        consent=mine.consent, language="en", document=mine.document, document_digest=NOWHERE, made_at=clock.now()
    )
    forged.save(force_insert=True)
    assert finding(look(NOWHERE)) == "unknown"
    assert finding(look(digest)) == "stands"


def test_a_record_that_waits_for_its_number_says_so(house: House, settings: Any) -> None:
    settings.LEDGER_SEALING = "service"
    record = newest(house.given())
    assert "waits for its number" in text_of(look(record.document_digest))
    seal_all(record.consent.site.ledgers.get().pk)
    assert "entry number" in text_of(look(record.document_digest))


@pytest.mark.parametrize("public", ["", "https://clinic.example"])
def test_the_code_on_the_paper_is_read_however_it_is_typed(house: House, settings: Any, public: str) -> None:
    settings.PUBLIC_ADDRESS = public
    digest = newest(house.given()).document_digest
    spaced = " ".join(digest[place : place + 8] for place in range(0, 64, 8))
    for text in (check_code(digest), digest, digest.upper(), f"  {spaced}\r\n", f"FGR1 {spaced}"):
        assert finding(hand_in(text)) == "stands", text


@pytest.mark.parametrize(
    "text",
    ["hello", "FGR2 " + NOWHERE, NOWHERE[:-1], NOWHERE + "0", "g" * 64, "javascript:/check/" + NOWHERE, "\x00", "FG1",
     "https://clinic.example/check/" + NOWHERE + "/?next=x", "\N{FULLWIDTH DIGIT ZERO}" * 64, "0" * 1001],
)  # fmt: skip
def test_what_is_no_code_is_refused_with_a_sentence(house: House, text: str) -> None:
    assert code_in(text) is None
    response = hand_in(text)
    assert response.status_code == 422
    assert "data-finding" not in text_of(response)


def test_an_address_with_no_code_is_nowhere(db: None) -> None:
    for wrong in ("x", NOWHERE[:-1], NOWHERE.replace("0", "A"), "../log"):
        assert Client().get(f"/check/{wrong}/").status_code == 404


def other_paper(*names: str, data: bytes = b"{}", changes: Callable[[pikepdf.Pdf], object] | None = None) -> bytes:
    """A small PDF with files inside, and with what else is done to it."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for number, name in enumerate(names):
            pdf.attachments[str(number)] = AttachedFileSpec(pdf, data, filename=name)
        if changes is not None:
            changes(pdf)
        pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def locked(*, opens: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(other_paper("record.json"))) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user=opens))
    return out.getvalue()


def bound_as_well(pdf: pikepdf.Pdf) -> None:
    """A second record that stands in no list of files and is only bound to the document."""
    pdf.Root.AF = pikepdf.Array([AttachedFileSpec(pdf, b"{ }", filename="record.json").obj])


def two_under_one_name(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["0"].obj.EF[Name("/UF")] = pdf.make_stream(b"{ }")


def packed(pdf: pikepdf.Pdf, data: bytes, *filters: Name) -> None:
    stream = pdf.make_stream(data)
    stream.Filter = pikepdf.Array(filters)
    pdf.attachments["0"].obj.EF = pikepdf.Dictionary(F=stream, UF=stream)


def packed_twice(pdf: pikepdf.Pdf) -> None:
    packed(pdf, zlib.compress(zlib.compress(b"{}")), Name.FlateDecode, Name.FlateDecode)


def packed_without_end(pdf: pikepdf.Pdf) -> None:
    packed(pdf, zlib.compress(bytes(60_000_000)), Name.FlateDecode)


def packed_otherwise(pdf: pikepdf.Pdf) -> None:
    pdf.make_stream(b"").Filter = Name.LZWDecode
    pdf.Root.Odd = pdf.make_indirect(pikepdf.Dictionary(Filter=Name.LZWDecode))


WHOLE = other_paper("record.json")
BAD: dict[str, tuple[bytes, str]] = {
    "cut off": (WHOLE[: len(WHOLE) // 2], "damaged"),
    "a beginning": (b"%PDF-1.7\n", "damaged"),
    "noise": (b"%PDF-1.7\n" + bytes(range(256)) * 40, "damaged"),
    "locked": (locked(opens="secret"), "locked"),
    "locked for nobody": (locked(opens=""), "locked"),
    "nothing inside": (other_paper(), "holds no record"),
    "another file inside": (other_paper("proof.tlog-proof"), "holds no record"),
    "two records": (other_paper("record.json", "record.json"), "more than one record"),
    "two, one in capitals": (other_paper("record.json", "Record.JSON"), "more than one record"),
    "one more, bound": (other_paper("record.json", changes=bound_as_well), "more than one record"),
    "two under one name": (other_paper("record.json", changes=two_under_one_name), "more than one record"),
    "packed twice": (other_paper("record.json", changes=packed_twice), "damaged"),
    "packed otherwise": (other_paper("record.json", changes=packed_otherwise), "damaged"),
    "unfolds without end": (other_paper("record.json", changes=packed_without_end), "too large"),
    "no PDF": (b"PK\x03\x04zip", "neither"),
    "a page of the net": (b"<html>", "neither"),
    "a PDF behind something": (b"\n" + WHOLE, "neither"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_a_plain_answer_and_leaves_no_trace(name: str, house: House) -> None:
    data, word = BAD[name]
    before = picture()
    response = hand_in(file=data)
    assert (response.status_code, finding(response)) == (200, "unreadable")
    assert word in text_of(response)
    assert changed(before) == []


def test_too_large_empty_and_nothing(house: House, tmp_path: Path, settings: Any) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    tmp_path.chmod(0o500)
    for size in (LARGEST_PAPER + 1, LARGEST_PAPER * 3):
        response = hand_in(file=b"%PDF-" + bytes(size - 5))
        assert response.status_code == 422
        assert "too large" in text_of(response)
    assert list(tmp_path.iterdir()) == []
    assert hand_in(file=b"").status_code == 422
    assert hand_in().status_code == 422
    assert finding(hand_in(file=b"%PDF-" + bytes(LARGEST_PAPER - 5))) == "unreadable"


def test_the_record_as_data_is_known_to_the_letter(house: House) -> None:
    document = bytes(newest(house.given()).document)
    assert finding(hand_in(file=document)) == "stands"
    assert "to the letter" in text_of(hand_in(file=document))
    assert finding(hand_in(file=document + b"\n")) == "unknown"
    assert finding(hand_in(file=other_paper("record.json"))) == "unknown"


@pytest.mark.usefixtures("sealing")
def test_a_sealed_paper_is_known_and_a_changed_one_is_not_vouched_for(house: House) -> None:
    consent = house.given()
    pdf = issued(consent)
    answer = hand_in(file=pdf)
    assert finding(answer) == "stands"
    assert "exactly as it was when it was sealed" in text_of(answer)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as paper:
        paper.save(out)
    forged = other_paper("record.json", data=bytes(newest(consent).document))
    for other in (out.getvalue(), pdf + b"\n", forged):
        response = hand_in(file=other)
        assert finding(response) == "not-vouched"
        assert "still stood" not in text_of(response)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert finding(hand_in(file=pdf)) == "ask"


def test_a_paper_without_a_seal_is_not_vouched_for(house: House, settings: Any, tmp_path: Path) -> None:
    settings.SEAL_DIR = tmp_path / "none"
    assert finding(hand_in(file=issued(house.given()))) == "not-vouched"


def test_asking_writes_nothing_and_needs_no_cookie(house: House) -> None:
    record = newest(house.given())
    before, views = picture(), RecordView.objects.count()
    for response in (look(record.document_digest), hand_in(record.document_digest), look(NOWHERE), hand_in("x")):
        assert "sessionid" not in response.cookies
        assert "no-store" in response.headers["Cache-Control"]
        assert '<meta name="robots" content="noindex">' in text_of(response)
    assert changed(before) == []
    assert RecordView.objects.count() == views


def test_who_asks_too_often_waits(house: House) -> None:
    browser = Client(REMOTE_ADDR="192.0.2.9")
    page = address("record-check-code", digest=NOWHERE)
    answers = [browser.get(page).status_code for _try in range(61)]
    assert set(answers[:60]) == {200}
    assert answers[60] == 429
    assert browser.post(address("record-check"), {"text": NOWHERE}).status_code == 429
    assert browser.get(address("record-check")).status_code == 200


def test_the_public_page_leads_here(house: House) -> None:
    assert address("record-check") in text_of(Client().get(address("logs")))
