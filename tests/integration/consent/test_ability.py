"""Being able to decide: presumed, looked at with help, kept with its history; and a no stays a no."""

import uuid
from typing import Any

import pytest

from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from consent.actions.assess_capacity import assess_capacity
from consent.actions.issue_record import issue_record
from consent.actions.mark_in_error import mark_in_error
from consent.actions.note_young_person import note_young_person
from consent.actions.record_guardian_word import record_guardian_word
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import AlreadyDecidedError
from consent.models import CapacityAssessment, Consent, GuardianWord, LedgerEntry, YoungPersonNote
from consent.queries.ability import ability_page, own_lines
from consent.queries.facts import start_facts
from consent.vocabulary import CapacityFinding, ConsentState, Decision, GuardianRelation, Via
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent.acts_ability import REMOVAL, answers, lacking, limbs, young_consent
from tests.records import record_now


def assess(house: House, consent: Consent, **changes: Any) -> CapacityAssessment:
    values: dict[str, Any] = {
        "limbs": limbs(),
        "impairment": "",
        "support_tried": "Pictures and time.",
        "by": house.midwife.account,
        "form_key": uuid.uuid4(),
    }
    return assess_capacity(consent_id=consent.pk, **(values | changes))


def note(house: House, consent: Consent, **changes: Any) -> YoungPersonNote:
    values: dict[str, Any] = {
        "answers": answers(),
        "note": "She told me what it is for.",
        "by": house.midwife.account,
        "form_key": uuid.uuid4(),
    }
    return note_young_person(consent_id=consent.pk, **(values | changes))


def hear(house: House, consent: Consent, **changes: Any) -> GuardianWord:
    values: dict[str, Any] = {
        "name": "Test Mother",
        "relation": GuardianRelation.PARENT,
        "decision": Decision.PERMIT,
        "words": "",
        "by": house.midwife.account,
        "form_key": uuid.uuid4(),
    }
    return record_guardian_word(consent_id=consent.pk, **(values | changes))


def facts_of(consent: Consent, at: Any) -> Any:
    return start_facts(procedure=consent.procedure, consent=consent, at=at, operator_id=None).ability


def test_a_later_finding_stands_beside_the_earlier_one(house: House, movable_clock: MovableClock) -> None:
    consent = house.proposed()
    first = assess(house, consent, limbs=lacking(), impairment="A high fever.")
    movable_clock.forward(hours=20)
    second = assess(house, consent, by=house.colleague.account)
    assert (first.finding, second.finding) == (CapacityFinding.LACKS, CapacityFinding.HAS)
    page = ability_page(consent)
    assert page.is_mixed
    assert [(found.by, found.at) for found in page.assessments] == [
        ("Test Midwife", first.assessed_at),
        ("Test Colleague", second.assessed_at),
    ]
    findings = facts_of(consent, movable_clock.at).findings
    assert [one.finding for one in findings] == [CapacityFinding.LACKS, CapacityFinding.HAS]
    assert [value.split(".")[0] for _label, value in own_lines(consent)] == [
        "At that time you could not decide this yourself, even with all the help there was",
        "You can decide this yourself",
    ]
    assert "fever" not in str(own_lines(consent))


def test_each_entry_binds_its_row(house: House) -> None:
    consent = house.proposed()
    row = assess(house, consent)
    entry = LedgerEntry.objects.get(kind="capacity.assessed")
    assert row.pk.hex.encode() in bytes(entry.body)
    assert consent.pk.hex.encode() in bytes(entry.body)
    assert b"Pictures and time" not in bytes(entry.body)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"support_tried": "  "}, "support_tried"),
        ({"support_tried": "x" * 2001}, "support_tried"),
        ({"limbs": lacking()}, "impairment"),
        ({"impairment": "Something"}, "impairment"),
        ({"limbs": limbs(is_because_of_impairment=True)}, "is_because_of_impairment"),
        (
            {"limbs": limbs(has_impairment=True, is_because_of_impairment=True), "impairment": "A stroke."},
            "is_because_of_impairment",
        ),
    ],
)
def test_an_assessment_that_does_not_hold_together_names_the_field(
    house: House, changes: dict[str, Any], field: str
) -> None:
    consent = house.proposed()
    with pytest.raises(InvalidInputError) as refused:
        assess(house, consent, **changes)
    assert refused.value.field == field
    assert not CapacityAssessment.objects.exists()


def test_only_clinicians_of_the_site_write_here(house: House) -> None:
    adult, young, other = house.proposed(), young_consent(house), House(sheets=())
    people = (house.receptionist, house.advocate, house.auditor, house.administrator, other.midwife.account)
    for by in (*people, young.patient.account, adult.patient.account):
        for act, consent in ((assess, adult), (note, young), (hear, young)):
            with pytest.raises(NotAllowedError):
                act(house, consent, by=by)
    assert not CapacityAssessment.objects.exists()
    assert not YoungPersonNote.objects.exists()
    assert not GuardianWord.objects.exists()


def test_a_form_is_sent_once(house: House) -> None:
    consent, key = young_consent(house), uuid.uuid4()
    for act in (assess, note, hear):
        assert act(house, consent, form_key=key) == act(house, consent, form_key=key)
        with pytest.raises(NotAllowedError):
            act(house, consent, form_key=key, by=house.colleague.account)
    assert LedgerEntry.objects.filter(kind__in=["capacity.assessed", "capacity.young-person-noted"]).count() == 2
    assert LedgerEntry.objects.filter(kind="guardian.spoke").count() == 1


@pytest.mark.parametrize("ending", ["refused", "withdrawn"])
def test_nothing_moves_a_no(house: House, ending: str) -> None:
    consent = young_consent(house)
    end = refuse_consent if ending == "refused" else withdraw_consent
    end(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    for act in (assess, note, hear):
        with pytest.raises(AlreadyDecidedError):
            act(house, consent)
    assert Consent.objects.get(pk=consent.pk).state == ending


def test_her_no_wins_over_every_guardian(house: House) -> None:
    consent = young_consent(house)
    hear(house, consent)
    hear(house, consent, name="Test Father")
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.DRAFT  # a guardian's yes moves nothing
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.REFUSED


def test_nothing_is_added_once_it_was_started(house: House) -> None:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    with pytest.raises(AlreadyDecidedError):
        assess(house, consent)


def test_an_adult_speaks_alone(house: House) -> None:
    consent = house.proposed()
    for act in (note, hear):
        with pytest.raises(WrongStateError, match="adult age"):
            act(house, consent)


@pytest.mark.parametrize("code", ["tubal-ligation", "copper-iud-insertion"])
@pytest.mark.parametrize("decision", Decision)
def test_a_guardian_is_not_heard_about_her_fertility(house: House, code: str, decision: Decision) -> None:
    consent = young_consent(house, code="hiv-test")
    house.publish(code)
    kind = house.procedure(consent.patient, code=code).procedure_type
    consent.procedure.procedure_type = kind  # an offer itself is refused at her age; the act has to refuse as well
    consent.procedure.save()
    with pytest.raises(WrongStateError, match="Nobody but the patient"):
        hear(house, consent, decision=decision)
    assert not GuardianWord.objects.exists()


def test_guardians_who_differ_are_shown_as_a_conflict(house: House, movable_clock: MovableClock) -> None:
    consent = young_consent(house)
    hear(house, consent)
    hear(house, consent, name="Test Father", decision=Decision.DENY, words="Not my daughter.")
    assert ability_page(consent).is_conflict
    movable_clock.forward(hours=1)
    hear(house, consent, name="test  father")
    page = ability_page(consent)
    assert not page.is_conflict  # the newest word of each
    assert [said.is_newest for said in page.guardians] == [True, False, True]
    assert {one.decision for one in facts_of(consent, movable_clock.at).guardians} == {Decision.PERMIT}
    assert "Not my daughter" not in str(own_lines(consent))


def test_her_paper_says_what_was_found(house: House) -> None:
    consent = young_consent(house)
    assess(house, consent, limbs=lacking(), impairment="A high fever.")
    note(house, consent)
    hear(house, consent, words="If she wants it.")
    paper = record_now(consent)
    assert paper.conversation[-3:] == (
        (
            "Whether you can decide this: looked at on 15 January 2027 by Test Midwife",
            "At that time you could not decide this yourself, even with all the help there was. "
            "Help that was tried: Pictures and time.",
        ),
        (
            "Whether you can decide this: looked at on 15 January 2027 by Test Midwife",
            "You understand enough to decide this yourself.",
        ),
        ("What Test Mother (Parent) said on 15 January 2027", "Agrees"),
    )
    issued = issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)
    assert issued.pdf.startswith(b"%PDF-")


def test_a_note_says_what_follows_from_its_answers(house: House, movable_clock: MovableClock) -> None:
    consent = young_consent(house)
    assert note(house, consent).is_able
    movable_clock.forward(hours=1)
    assert not note(house, consent, answers=answers(understands_advice=False)).is_able
    assert facts_of(consent, movable_clock.at).is_able_young_person is False
    assert len(ability_page(consent).notes) == 2


def test_what_is_asked_about_contraception_belongs_to_contraception(house: House) -> None:
    elsewhere, removal = young_consent(house), young_consent(house, code=REMOVAL)
    asked = answers(likely_to_go_on_without=True, health_would_suffer=True)
    with pytest.raises(InvalidInputError) as refused:
        note(house, elsewhere, answers=asked)
    assert refused.value.field == "likely_to_go_on_without"
    with pytest.raises(InvalidInputError) as refused:
        note(house, removal, answers=answers(likely_to_go_on_without=True))
    assert refused.value.field == "health_would_suffer"
    assert note(house, removal, answers=asked).is_able


def test_what_was_entered_in_error_counts_for_nothing(house: House) -> None:
    wrong = house.proposed()
    assess(house, wrong, limbs=lacking(), impairment="A high fever.")
    report_error(consent_id=wrong.pk, explanation="Wrong patient.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=wrong.pk, by=house.colleague.account)
    again = house.proposed(wrong.procedure)
    assert ability_page(again).is_empty
    assert not ability_page(again, account=house.midwife.account).is_mixed


def test_doors_open_only_for_whom_they_are(house: House) -> None:
    young, adult = young_consent(house), house.proposed()
    assert ability_page(young, account=house.midwife.account).doors == {"assess", "note", "guardian"}
    assert ability_page(adult, account=house.midwife.account).doors == {"assess"}
    assert ability_page(young, account=house.receptionist).doors == frozenset()
    withdraw_consent(consent_id=young.pk, by=young.patient.account, via=Via.OWN_CARD)
    young.refresh_from_db()
    assert ability_page(young, account=house.midwife.account).doors == frozenset()
