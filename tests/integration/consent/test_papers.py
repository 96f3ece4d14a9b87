"""Forms and scans: the right paper comes back to the right consent, a no on it counts at once, a wrong one is told."""

import datetime
import uuid
from typing import Any

import pytest

from clinic import clock
from clinic.exceptions import ClinicError, InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account
from consent.actions.print_paper_form import print_paper_form
from consent.actions.receive_paper import receive_paper
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.ledger.canonical import time_text
from consent.ledger.encoding import parse_entry
from consent.models import Consent, LedgerEntry, PaperForm, PaperScan
from consent.models.digests import model_label
from consent.queries.papers import consent_behind, form_for, papers_of
from consent.queries.verdicts import start_verdict
from consent.record.paper_code import PaperCode, in_groups, read_code
from consent.record.scan_safety import ScanFault
from consent.vocabulary import ConsentState, Decision, EndReason, EntryKind, PaperAnswer, PaperFault, Via
from consent.wording_paper import NO_NEEDS_NO_PAPER, SCAN_FAULT_WORDS
from tests import scanned
from tests.clock import MovableClock
from tests.factories import House
from tests.story_paper import blank_square, looked_at, printed, received, square_of

WAYS_OUT = [PaperAnswer.NO, PaperAnswer.TAKE_BACK]


def used(house: House) -> Consent:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    return Consent.objects.get(pk=consent.pk)


def ended(house: House) -> Consent:
    consent = house.given()
    printed(house, consent)
    return withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD).consent


def bring(house: House, consent: Consent | None, content: bytes, **changes: Any) -> PaperScan:
    """Somebody at the desk of the clinician brings a file."""
    values: dict[str, Any] = {
        "typed_code": "",
        "answer": PaperAnswer.NO,
        "happened_at": clock.now(),
        "by": house.midwife.account,
        "form_key": uuid.uuid4(),
    }
    return receive_paper(consent_id=consent.pk if consent else None, content=content, **(values | changes))


def refusal_of(house: House, consent: Consent | None, content: bytes, **changes: Any) -> ClinicError:
    """A file that is not taken: nothing is stored, nothing has moved, and whoever brought it reads what to do."""
    before = LedgerEntry.objects.count(), sorted(Consent.objects.values_list("pk", "state"))
    with pytest.raises(InvalidInputError) as refusal:
        bring(house, consent, content, **changes)
    assert (LedgerEntry.objects.count(), sorted(Consent.objects.values_list("pk", "state"))) == before
    return refusal.value


def bound(entry: LedgerEntry) -> set[str]:
    return {row.model for row in parse_entry(bytes(entry.body)).objects}


# ---- forms


@pytest.mark.parametrize("make", [House.informed, House.given, House.ready, used])
def test_a_form_is_printed_once_for_an_open_consent(house: House, make: Any) -> None:
    consent, key = make(house), uuid.uuid4()
    forms = [
        print_paper_form(consent_id=consent.pk, language="ar", by=house.midwife.account, form_key=key)
        for _click in range(2)
    ]
    assert forms[0] == forms[1] == PaperForm.objects.get()
    assert (forms[0].consent_id, forms[0].language) == (consent.pk, "ar")
    entry = LedgerEntry.objects.get(kind=EntryKind.PAPER_PRINTED)
    assert entry.subject == consent.patient.ledger_subject
    assert bound(entry) == {"consent.consent", "consent.paperform"}
    code = PaperCode(form_id=forms[0].pk.hex)
    assert form_for(code) == forms[0] and consent_behind(code) == consent.pk


@pytest.mark.parametrize("make", [House.proposed, ended])
def test_there_is_nothing_to_answer_before_the_talk_and_after_the_end(house: House, make: Any) -> None:
    consent = make(house)
    count = PaperForm.objects.count()
    with pytest.raises(WrongStateError):
        printed(house, consent)
    assert PaperForm.objects.count() == count


def test_a_form_has_words_only_in_a_language_we_have(house: House) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        printed(house, house.informed(), language="tlh")
    assert refusal.value.field == "language"


def outsiders(house: House) -> list[Account]:
    elsewhere = House()
    return [house.receptionist, house.advocate, house.auditor, house.administrator, elsewhere.midwife.account]


def test_only_clinicians_of_the_clinic_print_and_bring(house: House) -> None:
    consent = house.informed()
    content = scanned.scan(square_of(printed(house, consent)))
    for by in [*outsiders(house), consent.patient.account]:
        with pytest.raises(NotAllowedError):
            print_paper_form(consent_id=consent.pk, language="en", by=by, form_key=uuid.uuid4())
        for address in (consent, None):
            with pytest.raises(NotAllowedError):
                bring(house, address, content, by=by)
    assert not PaperScan.objects.exists()


# ---- a no


@pytest.mark.parametrize("answer", WAYS_OUT)
@pytest.mark.parametrize("make", [House.informed, House.given, House.ready, used])
def test_a_no_acts_at_once_and_its_scan_is_bound_in_its_one_entry(house: House, make: Any, answer: PaperAnswer) -> None:
    consent = make(house)
    form = printed(house, consent)
    count = LedgerEntry.objects.count()
    scan = received(house, consent, answer, square=square_of(form))
    now = Consent.objects.get(pk=consent.pk)
    is_refusal = answer is PaperAnswer.NO and consent.given_at is None
    assert now.state == (ConsentState.REFUSED if is_refusal else ConsentState.WITHDRAWN)
    assert now.ended_reason == (EndReason.REFUSED if is_refusal else EndReason.WITHDRAWN)
    assert (now.ended_via, now.ended_by_id, now.ended_at) == (Via.PAPER, house.midwife.account_id, scan.received_at)
    assert now.decision == (Decision.DENY if is_refusal else consent.decision)
    assert now.given_at == consent.given_at
    assert LedgerEntry.objects.count() == count + 1
    entry = LedgerEntry.objects.order_by("-sseq").filter(subject=consent.patient.ledger_subject)[0]
    assert entry.kind == (EntryKind.CONSENT_REFUSED if is_refusal else EntryKind.CONSENT_WITHDRAWN)
    said = parse_entry(bytes(entry.body))
    assert said.actor.via is Via.PAPER and said.actor.ref == house.midwife.account_id
    assert said.detail is not None and said.detail["written_at"] == time_text(scan.happened_at)
    assert {model_label(PaperScan), model_label(Consent), "consent.frozenrecord"} <= bound(entry)
    assert not start_verdict(consent.procedure_id, at=clock.now(), operator_id=house.midwife.pk).is_allowed
    [paper] = papers_of(now)
    assert paper.has_acted and not paper.can_be_entered


def test_a_paper_that_is_found_wrong_later_does_not_bring_the_yes_back(house: House) -> None:
    consent = house.given()
    scan = received(house, consent, PaperAnswer.TAKE_BACK)
    looked_at(scan, house.colleague.account, PaperFault.ANOTHER_PATIENT)
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.WITHDRAWN
    assert LedgerEntry.objects.filter(kind=EntryKind.PAPER_REJECTED).count() == 1


@pytest.mark.parametrize("answer", list(PaperAnswer))
def test_where_nothing_can_move_the_paper_is_kept(house: House, answer: PaperAnswer) -> None:
    consent = ended(house)
    scan = received(house, consent, answer, square=square_of(PaperForm.objects.get()))
    now = Consent.objects.get(pk=consent.pk)
    assert (now.state, now.ended_via, now.ended_at) == (consent.state, consent.ended_via, consent.ended_at)
    entry = LedgerEntry.objects.get(kind=EntryKind.PAPER_RECEIVED)
    assert {"consent.paperscan", "consent.consent"} <= bound(entry)
    assert not papers_of(now)[0].has_acted
    assert bytes(PaperScan.objects.get(pk=scan.pk).content)


def test_it_comes_back_by_its_square_alone(house: House) -> None:
    consent = house.informed()
    scan = bring(house, None, scanned.scan(square_of(printed(house, consent))))
    assert scan.consent_id == consent.pk and scan.form is not None
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.REFUSED


def test_a_blank_form_comes_back_to_the_record_that_is_open(house: House) -> None:
    consent = house.proposed()  # the power is out: nobody has recorded the talk
    content = scanned.scan(blank_square(consent))
    assert "A blank form names nobody" in str(refusal_of(house, None, content))
    scan = bring(house, consent, content)
    assert scan.form is None and scan.consent_id == consent.pk
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.REFUSED
    assert bring(house, None, content) == scan  # it is known by now


# ---- both times


def test_a_late_entry_says_when_it_was_written_and_when_it_was_entered(
    house: House, movable_clock: MovableClock
) -> None:
    consent = house.given()
    form = printed(house, consent)
    movable_clock.forward(minutes=30)
    written_at = clock.now()
    movable_clock.forward(hours=20)
    scan = received(house, consent, PaperAnswer.TAKE_BACK, square=square_of(form), happened_at=written_at)
    assert scan.happened_at == written_at and scan.received_at - written_at > datetime.timedelta(hours=19)
    now = Consent.objects.get(pk=consent.pk)
    assert now.ended_at == scan.received_at, "the server's order of receipt decides, never a typed date"
    [paper] = papers_of(now)
    assert paper.is_late and (paper.happened_at, paper.received_at) == (written_at, scan.received_at)


@pytest.mark.parametrize("minutes", [1, -120])
def test_a_time_that_cannot_be_is_not_taken(house: House, minutes: int) -> None:
    consent = house.given()
    content = scanned.scan(square_of(printed(house, consent)))
    at = clock.now() + datetime.timedelta(minutes=minutes)
    assert refusal_of(house, consent, content, happened_at=at).field == "happened_at"
    assert refusal_of(house, consent, content, happened_at=at.replace(tzinfo=None)).field == "happened_at"


def test_people_write_minutes(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    movable_clock.forward(seconds=40)
    content = scanned.scan(square_of(printed(house, consent)))
    minute = clock.now().replace(second=0, microsecond=0)
    assert bring(house, consent, content, happened_at=minute).happened_at == minute


# ---- the wrong paper


def test_another_patients_paper_is_not_taken(house: House) -> None:
    hers, other = house.given(), house.given(house.procedure(house.patient("Test Patient Two")))
    content = scanned.scan(square_of(printed(house, other)))
    refusal = refusal_of(house, hers, content)
    assert "belongs to another record" in str(refusal) and str(NO_NEEDS_NO_PAPER) in str(refusal)
    assert other.patient.name not in str(refusal)


def test_a_paper_belongs_where_it_came_back_first(house: House) -> None:
    first, second = house.informed(), house.informed(house.procedure(house.patient("Test Patient Two")))
    square = blank_square(first)
    content = scanned.scan(square)
    bring(house, first, content, answer=PaperAnswer.YES)
    for again in (content, scanned.scan(square)):
        assert "belongs to another record" in str(refusal_of(house, second, again))
    typed_anew = in_groups(read_code(blank_square(second)))
    assert "typed is not the one" in str(refusal_of(house, second, content, typed_code=typed_anew))


def test_the_same_file_is_no_second_patients_paper_whatever_is_typed(house: House) -> None:
    first, second = house.informed(), house.informed(house.procedure(house.patient("Test Patient Two")))
    content = scanned.scan("")
    bring(house, first, content, typed_code=in_groups(read_code(square_of(printed(house, first)))))
    code = in_groups(read_code(square_of(printed(house, second))))
    assert "belongs to another record" in str(refusal_of(house, second, content, typed_code=code))


def test_a_blank_form_with_other_words_is_not_taken(house: House) -> None:
    consent = house.informed()
    content = scanned.scan(f"FGA1 {uuid.uuid4().hex} {'ab' * 8}")
    assert "not those of the sheet" in str(refusal_of(house, consent, content))


def test_a_form_that_was_never_printed_here_is_not_taken(house: House) -> None:
    consent = house.informed()
    for address in (consent, None):
        assert "No form with this code" in str(refusal_of(house, address, scanned.scan(f"FGA1 {uuid.uuid4().hex}")))


@pytest.mark.parametrize("square", ["FGR1 " + "ab" * 32, "https://example.org/", "FGP1 nonsense", "FGA1 nonsense"])
def test_another_square_is_not_taken(house: House, square: str) -> None:
    assert "another paper" in str(refusal_of(house, house.informed(), scanned.scan(square)))


def test_pages_of_two_papers_are_not_taken(house: House) -> None:
    consent = house.informed()
    pages = [scanned.page(square_of(printed(house, consent))) for _form in range(2)]
    assert "different papers" in str(refusal_of(house, consent, scanned.file_of(pages, "PDF")))


def test_where_no_camera_can_read_the_square_its_code_is_typed(house: House) -> None:
    consent = house.informed()
    code, content = in_groups(read_code(square_of(printed(house, consent)))), scanned.scan("")
    assert refusal_of(house, consent, content).field == "typed_code"
    assert refusal_of(house, consent, content, typed_code="1234").field == "typed_code"
    assert bring(house, consent, content, typed_code=code.upper()).code_was_typed


def test_what_the_camera_read_goes_before_what_was_typed(house: House) -> None:
    consent = house.informed()
    square = square_of(printed(house, consent))
    content = scanned.scan(square)
    assert refusal_of(house, consent, content, typed_code=square_of(printed(house, consent))).field == "typed_code"
    assert not bring(house, consent, content, typed_code=square).code_was_typed


BAD = {
    ScanFault.EMPTY: b"",
    ScanFault.TOO_LARGE: b"%PDF-1.7" + bytes(10_000_001),
    ScanFault.NOT_A_SCAN: b"She said no. scan.pdf",
    ScanFault.DAMAGED: b"%PDF-1.7 torn",
    ScanFault.ENCRYPTED: scanned.pdf_with(encryption=scanned.LOCK),
    ScanFault.ACTIVE: scanned.opens_with(scanned.SCRIPT),
    ScanFault.TOO_MANY_PAGES: scanned.file_of([scanned.page("").resize((62, 88))] * 21, "PDF"),
    ScanFault.TOO_MANY_PIXELS: scanned.bomb_png(),
}


@pytest.mark.parametrize("fault", ScanFault)
def test_each_bad_file_gets_its_own_answer_and_a_way_to_say_no(house: House, fault: ScanFault) -> None:
    refusal = refusal_of(house, house.given(), BAD[fault])
    assert str(refusal) == f"{SCAN_FAULT_WORDS[fault]} {NO_NEEDS_NO_PAPER}" and refusal.field == "file"


# ---- twice


def test_the_same_file_again_is_the_same_answer(house: House) -> None:
    consent = house.informed()
    content, key = scanned.scan(square_of(printed(house, consent))), uuid.uuid4()
    first = bring(house, consent, content, answer=PaperAnswer.YES, form_key=key)
    count = LedgerEntry.objects.count()
    for again in (key, uuid.uuid4()):
        assert bring(house, consent, content, answer=PaperAnswer.YES, form_key=again) == first
    assert "another answer" in str(refusal_of(house, consent, content))
    assert (PaperScan.objects.count(), LedgerEntry.objects.count()) == (1, count)


def test_a_paper_may_be_scanned_again(house: House) -> None:
    consent = house.informed()
    square = square_of(printed(house, consent))
    first, second = (received(house, consent, square=square) for _scan in range(2))
    assert first != second and first.code == second.code
    assert [paper.id for paper in papers_of(consent)] == [second.pk, first.pk]
