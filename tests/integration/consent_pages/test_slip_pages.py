"""Slips on the screen, on paper and as files: hers alone, the same whatever she said, printed without being read."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from consent.actions.ask_for_time import ask_for_time
from consent.actions.confirm import confirm_consent
from consent.actions.give import give_consent
from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.ledger.encoding import parse_entry
from consent.ledger.tlog_proof import parse_proof_file
from consent.ledger_store.seal import seal_all
from consent.models import Consent, LedgerEntry
from consent.queries.receipts import WITHOUT_SLIP, newest_slip_about
from consent.vocabulary import EntryKind, Via
from tests.factories import House, drawn
from tests.integration.consent_pages.people import address, held, staff, text_of, with_card, with_tablet
from tests.slips import verifier
from tests.unit.record.reading import needs_poppler, run
from tests.unit.record.slips import picture_of, scanned

CHOICE_WORDS = (
    "consent",
    "refus",
    "withdr",
    "given",
    "took",
    "taken back",
    "agree",
    "said no",
    "said yes",
    "midwife",
    "iud",
)


def newest(consent: Consent) -> LedgerEntry:
    entry = newest_slip_about(consent)
    assert entry is not None
    return entry


def give(consent: Consent) -> None:
    give_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        signature=drawn(consent.patient_id),
        by=consent.patient.account,
        via=Via.OWN_CARD,
    )


def refuse(consent: Consent) -> None:
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="I would rather not.")


def ask(consent: Consent) -> None:
    ask_for_time(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def take_back(consent: Consent) -> None:
    give(consent)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="")


def confirm(consent: Consent) -> None:
    give(consent)
    confirm_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        was_alone=True,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )


ANSWERS = {
    EntryKind.CONSENT_GIVEN: give,
    EntryKind.CONSENT_REFUSED: refuse,
    EntryKind.MORE_TIME_ASKED: ask,
    EntryKind.CONSENT_WITHDRAWN: take_back,
    EntryKind.CONSENT_CONFIRMED: confirm,
}


def answered(house: House, kind: EntryKind) -> Consent:
    consent = house.informed()
    ANSWERS[kind](consent)
    assert newest(consent).kind == kind
    return Consent.objects.get(pk=consent.pk)


def neutral(text: str) -> str:
    """A page or slip without its numbers and codes; what is left must be the same for every answer."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", text)
    text = re.sub(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}", "<base64>", text)
    text = re.sub(r"\b[0-9a-f]{4,}\b", "<hex>", text)
    return re.sub(r"\d+", "<n>", text)


def slip_text(response: Any) -> str:
    found = re.search(r"data-slip-text>([^<]*)<", text_of(response))
    assert found
    return found.group(1)


def take(browser: Client, slip: LedgerEntry, **what: str) -> Any:
    return browser.post(address("mine-slip-take", entry_id=slip.pk), what)


def test_a_slip_is_offered_after_an_answer(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_REFUSED)
    browser, entry = with_card(consent.patient), newest(consent)
    done = text_of(browser.get(address("mine-done", consent_id=consent.pk)))
    assert address("mine-slip-take", entry_id=entry.pk) in done
    assert address("mine-slip-decline", entry_id=entry.pk) in done
    response = take(browser, entry, way="screen")
    assert (response.status_code, response.headers["Location"]) == (303, address("mine-slip", entry_id=entry.pk))
    last = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject).order_by("sseq").last()
    assert last is not None
    assert parse_entry(bytes(last.body)).detail == {"entry": entry.pk.hex, "way": "screen"}


@needs_poppler
def test_pages_and_papers_differ_in_numbers_only_whatever_she_said(house: House) -> None:
    pages, papers, names = set(), set(), set()
    for kind in ANSWERS:
        consent = answered(house, kind)
        browser, entry = with_card(consent.patient), newest(consent)
        page = browser.get(address("mine-slip", entry_id=entry.pk))
        pages.add(neutral(text_of(page)))
        paper = take(browser, entry, way="pdf")
        papers.add(neutral(run("pdftotext", paper.content, after=("-",)) + run("pdfinfo", paper.content)))
        names.add(neutral(paper.headers["Content-Disposition"]))
    assert len(pages) == len(papers) == len(names) == 1
    content = pages.pop().partition("<main")[2].partition("</main>")[0]
    for text in (papers.pop(), content):
        plain = re.sub("freely.given", "", text.casefold())
        assert not [word for word in CHOICE_WORDS if word in plain]
    assert names == {'attachment; filename="slip-<hex>.pdf"'}


@needs_poppler
@pytest.mark.parametrize("kind", list(ANSWERS))
def test_printed_scanned_and_verified_without_us(house: House, kind: EntryKind, tmp_path: Path) -> None:
    consent = answered(house, kind)
    paper = take(with_card(consent.patient), newest(consent), way="pdf").content
    (text,) = scanned(picture_of(paper, dpi=200))
    assert scanned(picture_of(paper, dpi=100).rotate(90, expand=True)) == [text]
    assert scanned(picture_of(paper, dpi=200).rotate(4, expand=True, fillcolor=255)) == [text]
    done = verifier(tmp_path, "slip", text)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Never anchored" in done.stdout
    place = text.index("\n", 60) + 5
    wrong = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
    done = verifier(tmp_path, "slip", wrong)
    assert (done.returncode, done.stderr) == (2, "")


def test_files_with_and_without_the_entry(house: House, tmp_path: Path) -> None:
    consent = answered(house, EntryKind.CONSENT_REFUSED)
    browser, entry = with_card(consent.patient), newest(consent)
    page = text_of(browser.get(address("mine-slip", entry_id=entry.pk)))
    assert "can be read by whoever has it" in page
    whole, alone = take(browser, entry, way="file", entry="yes"), take(browser, entry, way="file", entry="no")
    for response in (whole, alone):
        assert response.headers["Content-Disposition"] == (
            f'attachment; filename="slip-{entry.leaf_hash[:8]}.tlog-proof"'
        )
    assert parse_proof_file(whole.content.decode()).extra is not None
    assert parse_proof_file(alone.content.decode()).extra is None
    assert b"refused" not in alone.content
    assert verifier(tmp_path, "receipt", whole.content).returncode == 0


def test_somebody_elses_slips_are_not_found(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_GIVEN)
    entry, stranger = newest(consent), with_card(house.patient("Test Patient Two"))
    for name in ("mine-slip", "mine-slip-code"):
        response = stranger.get(address(name, entry_id=entry.pk))
        missing = stranger.get(address(name, entry_id=uuid.uuid4()))
        assert (response.status_code, response.content) == (404, missing.content)
    assert take(stranger, entry, way="screen").status_code == 404
    assert stranger.post(address("mine-slip-decline", entry_id=entry.pk)).status_code == 404
    assert str(entry.pk) not in text_of(stranger.get(address("mine-slips")))
    for member in (house.midwife.account, house.receptionist, house.auditor, house.administrator):
        browser = staff(member)
        assert browser.get(address("mine-slip", entry_id=entry.pk)).status_code == 303
        assert take(browser, entry, way="file", entry="yes").status_code == 303


def test_holds_and_looks_have_no_slip(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_GIVEN)
    held(consent, house.midwife.account, note="She looked at him before each answer.")
    staff(house.midwife.account).get(address("consent", consent_id=consent.pk))
    take(with_card(consent.patient), newest(consent), way="screen")
    browser = with_card(consent.patient)
    listed = text_of(browser.get(address("mine-slips")))
    hidden = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject, kind__in=WITHOUT_SLIP)
    assert {EntryKind.HOLD_RAISED, EntryKind.RECEIPT_DELIVERED} <= {entry.kind for entry in hidden}
    for entry in hidden:
        assert str(entry.pk) not in listed
        assert browser.get(address("mine-slip", entry_id=entry.pk)).status_code == 404
        assert take(browser, entry, way="file", entry="yes").status_code == 404


def test_the_tablet_shows_slips_of_its_one_procedure_and_gives_no_files(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_GIVEN)
    other = house.informed(house.procedure(consent.patient))
    tablet, entry = with_tablet(consent), newest(consent)
    listed = text_of(tablet.get(address("mine-slips")))
    assert str(entry.pk) in listed
    assert str(newest(other).pk) not in listed
    assert tablet.get(address("mine-slip", entry_id=newest(other).pk)).status_code == 404
    assert tablet.get(address("mine-slip-code", entry_id=entry.pk)).status_code == 200
    assert take(tablet, entry, way="screen").status_code == 303
    for way in ("pdf", "file", "print"):
        assert take(tablet, entry, way=way).status_code == 404


def test_a_way_no_button_names_is_refused(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_GIVEN)
    browser = with_card(consent.patient)
    for way in ("", "fax", "SCREEN"):
        assert take(browser, newest(consent), way=way).status_code == 400
    assert not LedgerEntry.objects.filter(kind=EntryKind.RECEIPT_DELIVERED).exists()


def test_she_may_not_want_it_and_still_get_it_later(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_REFUSED)
    browser, entry = with_card(consent.patient), newest(consent)
    assert browser.post(address("mine-slip-decline", entry_id=entry.pk)).status_code == 303
    assert LedgerEntry.objects.filter(kind=EntryKind.RECEIPT_DECLINED).count() == 1
    assert take(browser, entry, way="pdf").status_code == 200


def test_the_desk_prints_without_reading(house: House) -> None:
    consent = answered(house, EntryKind.CONSENT_REFUSED)
    midwife, entry = staff(house.midwife.account), newest(consent)
    assert address("patient-slips", patient_id=consent.patient_id) in text_of(
        midwife.get(address("consent", consent_id=consent.pk))
    )
    page = text_of(midwife.get(address("patient-slips", patient_id=consent.patient_id)))
    content = page.partition("<main")[2].partition("</main>")[0]
    assert not [word for word in ("refus", "Refused", "said no", "Patient said") if word in content]
    printing = address("patient-slip-print", patient_id=consent.patient_id, entry_id=entry.pk)
    printed = midwife.post(printing)
    assert printed.headers["Content-Type"] == "application/pdf"
    last = LedgerEntry.objects.filter(kind=EntryKind.RECEIPT_DELIVERED).get()
    said = parse_entry(bytes(last.body))
    assert said.detail == {"entry": entry.pk.hex, "way": "print"}
    assert (said.actor.ref, said.actor.via) == (house.midwife.account_id, Via.STAFF)
    assert staff(house.receptionist).post(printing).status_code == 404
    assert staff(House().midwife.account).post(printing).status_code == 404
    assert Client().post(printing).status_code == 302


def test_a_promise_turns_into_the_proof(house: House, settings, tmp_path: Path) -> None:
    settings.LEDGER_SEALING = "service"
    consent = answered(house, EntryKind.CONSENT_REFUSED)
    browser, entry = with_card(consent.patient), newest(consent)
    before = browser.get(address("mine-slip", entry_id=entry.pk))
    promise = slip_text(before)
    assert promise.startswith("FGP1\n")
    assert "still a promise" in text_of(before)
    paper = take(browser, entry, way="pdf").content
    assert scanned(picture_of(paper, dpi=200)) == [promise]
    assert take(browser, entry, way="file", entry="yes").status_code == 303
    assert verifier(tmp_path, "promise", promise).returncode == 0
    waiting = Client().post(address("log-check"), {"text": promise})
    assert "The time has not passed yet" in text_of(waiting)
    seal_all(entry.ledger_id)
    assert slip_text(browser.get(address("mine-slip", entry_id=entry.pk))).startswith("FG1\n")
    exchanged = Client().post(address("log-check"), {"text": promise})
    assert "The promise was kept" in text_of(exchanged)
    found = re.search(r"data-exchanged>([^<]*)<", text_of(exchanged))
    assert found
    assert verifier(tmp_path, "slip", found.group(1)).returncode == 0
