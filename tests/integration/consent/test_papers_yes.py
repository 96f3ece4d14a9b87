"""A yes on paper: it waits for two people, passes the gate like any other, and counts from when it was entered."""

import uuid
from typing import Any

import pytest

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account
from consent.actions.check_paper import check_paper
from consent.actions.give_on_paper import give_on_paper
from consent.actions.inform import record_conversation
from consent.actions.issue_record import issue_record
from consent.actions.lift_hold import lift_hold
from consent.actions.raise_hold import raise_hold
from consent.actions.receive_paper import receive_paper
from consent.actions.refuse import refuse_consent
from consent.exceptions import AlreadyDecidedError, NotReadyError
from consent.ledger.canonical import time_text
from consent.ledger.encoding import parse_entry
from consent.models import Consent, FrozenRecord, LedgerEntry, PaperCheck, PaperScan, Signature
from consent.queries.ledger import verify
from consent.queries.papers import may_check, paper_on_file, papers_of, scan_row
from consent.queries.receipt_files import openings_of
from consent.queries.verdicts import start_verdict
from consent.record.document import record_of
from consent.rules.papers import PaperStanding
from consent.vocabulary import (
    ConsentState,
    CopyChoice,
    Decision,
    EntryKind,
    HoldReason,
    PaperAnswer,
    PaperFault,
    SignatureMeaning,
    SignatureMethod,
    Via,
)
from tests import scanned
from tests.clock import MovableClock
from tests.factories import House, full_talk
from tests.story_erasure import erased
from tests.story_paper import blank_square, found_right, given_on_paper, looked_at, printed, received, square_of

PAPER_KINDS = [EntryKind.PAPER_RECEIVED, EntryKind.PAPER_VERIFIED, EntryKind.PAPER_VERIFIED, EntryKind.CONSENT_GIVEN]


def enter(scan: PaperScan, by: Account, copy_choice: CopyChoice | None = CopyChoice.PAPER) -> Consent:
    return give_on_paper(scan_id=scan.pk, by=by, copy_choice=copy_choice)


def now(consent: Consent) -> Consent:
    return Consent.objects.get(pk=consent.pk)


def unmet(consent: Consent, house: House) -> set[str]:
    verdict = start_verdict(consent.procedure_id, at=clock.now(), operator_id=house.midwife.pk)
    return {one.requirement_id for one in verdict.unmet}


def kinds_about(consent: Consent) -> list[str]:
    rows = LedgerEntry.objects.filter(subject=consent.patient.ledger_subject)
    return list(rows.order_by("ledger__incarnation", "sseq").values_list("kind", flat=True))


# ---- it waits


def test_a_yes_that_came_back_changes_nothing(house: House) -> None:
    consent = house.informed()
    before = unmet(consent, house)
    scan = received(house, consent)
    assert (now(consent).state, now(consent).decision) == (ConsentState.INFORMED, "")
    assert unmet(consent, house) == before
    entry = LedgerEntry.objects.get(kind=EntryKind.PAPER_RECEIVED)
    said = parse_entry(bytes(entry.body))
    assert said.detail == {"answer": "yes", "written_at": time_text(scan.happened_at)}
    paper = paper_on_file(scan.pk)
    assert paper is not None and paper.standing is PaperStanding.WAITING and not paper.can_be_entered
    assert scan_row(scan.pk, consent=consent) == scan and scan_row(scan.pk, consent=house.informed()) is None


def test_without_two_people_it_is_not_entered(house: House) -> None:
    scan = received(house, house.informed())
    for _look in range(2):
        with pytest.raises(WrongStateError, match="Two people"):
            enter(scan, house.midwife.account)
        if not scan.checks.exists():
            looked_at(scan, house.colleague.account)
    assert not Signature.objects.filter(method=SignatureMethod.PAPER).exists()


def test_proposer_and_operator_are_not_enough(house: House) -> None:
    procedure = house.procedure(operator_id=house.colleague.pk)
    scan = found_right(
        house, received(house, house.informed(procedure))
    )  # the midwife proposed, the colleague operates
    with pytest.raises(WrongStateError, match="neither proposed"):
        enter(scan, house.midwife.account)
    looked_at(scan, house.practitioner("Test Third").account)
    assert enter(scan, house.midwife.account).state == ConsentState.GIVEN


def test_nobody_looks_twice(house: House) -> None:
    scan, key = received(house, house.informed()), uuid.uuid4()
    by = house.colleague.account
    first, again = (check_paper(scan_id=scan.pk, is_right=True, fault=None, by=by, form_key=key) for _click in range(2))
    assert first == again == PaperCheck.objects.get()
    assert "already" in str(may_check(by, scan))
    for fault in (None, PaperFault.OTHER):
        with pytest.raises(WrongStateError, match="already"):
            looked_at(scan, by, fault)
    assert LedgerEntry.objects.filter(kind=EntryKind.PAPER_VERIFIED).count() == 1


@pytest.mark.parametrize("rights", [0, 1, 2])
def test_one_not_right_ends_it(house: House, rights: int) -> None:
    scan = received(house, house.informed())
    for by in (house.midwife, house.colleague)[:rights]:
        looked_at(scan, by.account)
    third, fourth = (house.practitioner(name).account for name in ("Test Third", "Test Fourth"))
    looked_at(scan, third, PaperFault.OTHER_ANSWER)
    with pytest.raises(WrongStateError, match="not right"):
        enter(scan, house.midwife.account)
    with pytest.raises(WrongStateError, match="not right"):
        looked_at(scan, fourth)
    paper = paper_on_file(scan.pk)
    assert paper is not None and paper.standing is PaperStanding.REJECTED
    assert str(paper.checks[-1].fault) == "The answer on it is another one"
    assert bytes(PaperScan.objects.get(pk=scan.pk).content), "it is kept"


@pytest.mark.parametrize(("is_right", "fault"), [(True, PaperFault.OTHER), (False, None)])
def test_who_finds_it_wrong_says_why(house: House, is_right: bool, fault: PaperFault | None) -> None:
    scan = received(house, house.informed())
    with pytest.raises(InvalidInputError):
        check_paper(scan_id=scan.pk, is_right=is_right, fault=fault, by=house.colleague.account, form_key=uuid.uuid4())
    assert not PaperCheck.objects.exists()


def test_only_clinicians_of_the_clinic_look_and_enter(house: House) -> None:
    consent = house.informed()
    scan = received(house, consent)
    outsiders = [house.receptionist, house.advocate, house.auditor, House().midwife.account, consent.patient.account]
    for by in outsiders:
        assert may_check(by, scan) == "Your role may not do this."
        with pytest.raises(NotAllowedError):
            looked_at(scan, by)
    found_right(house, scan)
    for by in outsiders:
        with pytest.raises(NotAllowedError):
            enter(scan, by)
    assert now(consent).state == ConsentState.INFORMED


# ---- it is entered


def test_it_is_hers_and_counts_from_when_it_was_entered(house: House, movable_clock: MovableClock) -> None:
    consent = house.informed()
    scan = received(house, consent)
    movable_clock.forward(hours=3)
    found_right(house, scan)
    entered_from = clock.now()
    given = enter(scan, house.colleague.account)
    assert given == now(consent) and given.state == ConsentState.GIVEN and given.decision == Decision.PERMIT
    assert given.given_by == consent.patient.account and given.given_via == Via.PAPER
    assert given.given_at is not None and given.given_at > entered_from > scan.received_at
    assert given.signed_digest == consent.sheet_version.digest and given.copy_choice == CopyChoice.PAPER
    [signed] = Signature.objects.filter(consent=consent)
    assert (signed.method, signed.meaning) == (SignatureMethod.PAPER, SignatureMeaning.GIVES_CONSENT)
    assert (signed.signed_by, signed.signed_via) == (consent.patient.account, Via.PAPER)
    assert (signed.paper_id, signed.signed_at) == (scan.pk, given.given_at)
    assert kinds_about(consent)[-4:] == PAPER_KINDS
    said = parse_entry(bytes(LedgerEntry.objects.get(kind=EntryKind.CONSENT_GIVEN).body))
    assert (said.actor.ref, said.actor.via) == (house.colleague.account_id, Via.PAPER)
    assert said.occurred_at == given.given_at
    assert said.detail == {"written_at": time_text(scan.happened_at)}


def test_it_confirms_nothing(house: House) -> None:
    assert {"confirmed-today", "confirmed-alone"} <= unmet(given_on_paper(house), house)


def test_a_second_click_gives_the_same_answer(house: House) -> None:
    consent = given_on_paper(house)
    count = LedgerEntry.objects.count()
    assert enter(consent.signatures.get().paper, house.midwife.account) == consent
    assert LedgerEntry.objects.count() == count
    assert "entered already" in str(may_check(house.practitioner("Test Third").account, PaperScan.objects.get()))


def test_the_same_gate_is_asked_and_the_paper_keeps_waiting(house: House) -> None:
    consent = house.informed()
    scan = found_right(house, received(house, consent))
    hold = raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="",
        by=house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    with pytest.raises(NotReadyError) as missing:
        enter(scan, house.midwife.account)
    assert [one.requirement_id for one in missing.value.verdict.unmet] == ["no-hold"]
    assert now(consent).state == ConsentState.INFORMED and papers_of(consent)[0].can_be_entered
    lift_hold(hold_id=hold.pk, note="Spoke with her alone.", by=house.advocate)
    assert enter(scan, house.midwife.account).state == ConsentState.GIVEN


def test_after_a_power_cut_the_talk_is_recorded_first(house: House) -> None:
    consent = house.proposed()
    scan = found_right(house, received(house, consent, square=blank_square(consent)))
    with pytest.raises(AlreadyDecidedError, match="Record the conversation first"):
        enter(scan, house.midwife.account)
    record_conversation(consent_id=consent.pk, talk=full_talk(consent), by=house.midwife.account, form_key=uuid.uuid4())
    assert enter(scan, house.midwife.account).state == ConsentState.GIVEN


def test_a_no_that_came_in_between_wins(house: House) -> None:
    consent = house.informed()
    scan = found_right(house, received(house, consent))
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    with pytest.raises(AlreadyDecidedError):
        enter(scan, house.midwife.account)
    assert now(consent).state == ConsentState.REFUSED


def test_only_a_yes_is_entered_and_only_once(house: House) -> None:
    no = found_right(house, received(house, house.informed(), PaperAnswer.NO))
    with pytest.raises(WrongStateError, match="no yes"):
        enter(no, house.midwife.account)
    given = house.given()
    with pytest.raises(AlreadyDecidedError):
        enter(found_right(house, received(house, given)), house.midwife.account)
    assert given.signatures.get().method == SignatureMethod.DRAWN


def test_a_form_of_a_replaced_consent_does_not_carry_over(house: House) -> None:
    consent = house.informed()
    scan = found_right(house, received(house, consent))
    newer = house.superseded(consent)
    with pytest.raises(AlreadyDecidedError):
        enter(scan, house.midwife.account)
    with pytest.raises(InvalidInputError, match="belongs to another record"):
        receive_paper(
            consent_id=newer.pk,
            content=scanned.scan(square_of(scan.form)),
            typed_code="",
            answer=PaperAnswer.YES,
            happened_at=clock.now(),
            by=house.midwife.account,
            form_key=uuid.uuid4(),
        )


# ---- what she reads


def lines_of(consent: Consent) -> dict[str, str]:
    frozen = FrozenRecord.objects.filter(consent=consent).order_by("-made_at")[0]
    return dict(record_of(bytes(frozen.document)).conversation)


def test_her_record_says_both_times_and_who_looked(house: House, movable_clock: MovableClock) -> None:
    consent = house.informed()
    form = printed(house, consent)
    written_at = clock.now()
    movable_clock.forward(hours=2)
    scan = received(house, consent, square=square_of(form), happened_at=written_at)
    assert "looked at it" not in lines_of(consent)["You said yes on paper"]
    enter(found_right(house, scan), house.midwife.account)
    said = lines_of(consent)["You said yes on paper"]
    assert "Written on 15 January 2027, 10:00 (UTC+08:00), as stated" in said
    assert "Brought in on 15 January 2027, 12:00 (UTC+08:00) by Test Midwife" in said
    assert "Test Midwife looked at it: it is right. Test Colleague looked at it: it is right." in said
    assert scan.content_digest in said
    received(house, consent, PaperAnswer.TAKE_BACK)
    assert "Written on" in lines_of(consent)["You took your yes back on paper"]


def test_her_record_says_that_a_paper_was_not_right(house: House) -> None:
    consent = house.informed()
    looked_at(received(house, consent), house.colleague.account, PaperFault.NOT_SIGNED)
    said = lines_of(consent)["You said yes on paper"]
    assert "Test Colleague looked at it: it is not right. It is not signed" in said


@pytest.mark.parametrize("language", ["en", "ar", "hi", "zh-Hans"])
def test_her_paper_is_printed_and_checked_with_it(house: House, language: str) -> None:
    consent = given_on_paper(house)
    paper: Any = issue_record(consent_id=consent.pk, language=language, by=consent.patient.account, via=Via.OWN_CARD)
    assert paper


def test_a_printed_form_freezes_no_record(house: House) -> None:
    consent = house.informed()
    count = FrozenRecord.objects.count()
    printed(house, consent)
    assert FrozenRecord.objects.count() == count


def test_her_slip_tells_which_file_is_meant_and_nobodys_name(house: House) -> None:
    consent = house.given()
    scan = received(house, consent, PaperAnswer.TAKE_BACK)
    [opening] = [
        one
        for one in openings_of(LedgerEntry.objects.get(kind=EntryKind.CONSENT_WITHDRAWN))
        if one.model == "consent.paperscan"
    ]
    assert opening.opened["content_digest"] == scan.content_digest
    assert opening.opened["happened_at"] == time_text(scan.happened_at)
    assert set(opening.veiled) == {"content", "received_by"}
    assert all(isinstance(hidden, str) for hidden in opening.veiled.values())


def test_an_erasure_empties_the_scan_and_every_proof_stands(house: House) -> None:
    consent = given_on_paper(house)
    scan = PaperScan.objects.get()
    erased(house, consent.patient)
    now_empty = PaperScan.objects.get()
    assert bytes(now_empty.content) == b"" and now_empty.content_digest == scan.content_digest
    assert consent.signatures.get().paper_id == scan.pk
    assert [finding.sentence for finding in verify().findings] == []


def test_a_yes_without_its_pages_is_no_yes(house: House) -> None:
    consent = house.informed()
    scan = found_right(house, received(house, consent))
    erased(house, consent.patient)
    third = house.practitioner("Test Third").account
    assert may_check(third, scan) == "The pages of this paper were erased."
    with pytest.raises(WrongStateError, match="erased"):
        enter(scan, house.midwife.account)
    assert now(consent).state == ConsentState.INFORMED
