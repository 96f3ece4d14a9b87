"""Care without consent with real rows under it: two people, kept attempts, no way past a no, and nobody forgets it."""

import datetime
import json
import uuid
from typing import Any

import pytest

from clinic import clock
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Patient, Procedure
from clinic.vocabulary import Laterality, Particular, ProcedureCategory, ProcedureStatus, Role
from consent.actions.agree_to_addition import agree_to_addition
from consent.actions.agree_to_emergency import agree_to_emergency
from consent.actions.finish_procedure import finish_procedure
from consent.actions.issue_record import issue_record
from consent.actions.mark_in_error import mark_in_error
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.review_emergency import review_emergency
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.actions.tell_patient import tell_patient
from consent.actions.withdraw import withdraw_consent
from consent.models import (
    Consent,
    EmergencyCare,
    EmergencyReview,
    LedgerEntry,
    PatientTold,
    ProcedureStart,
    TheatreAddition,
)
from consent.queries.ledger import verify
from consent.queries.pages import consent_page
from consent.queries.status import status_light
from consent.record.pdf import render_record
from consent.vocabulary import EntryKind, Grounds, ReviewFinding, StopReason, Via
from tests.clock import MovableClock
from tests.factories import IUD, House
from tests.integration.consent.acts_emergency import (
    added,
    consented,
    declared,
    kind_of,
    operation,
    under_way,
)
from tests.records import record_now


def missing(answer: Any) -> set[str]:
    return {one.requirement_id for one in answer.verdict.unmet}


def kept() -> list[dict[str, Any]]:
    """What the entries of refused attempts say."""
    entries = LedgerEntry.objects.filter(kind=EntryKind.START_REFUSED).order_by("leaf__index")
    return [json.loads(bytes(entry.body))["detail"] for entry in entries]


def detail_of(kind: EntryKind) -> dict[str, Any]:
    detail: dict[str, Any] = json.loads(bytes(LedgerEntry.objects.get(kind=kind).body))["detail"]
    return detail


def light(procedure: Procedure) -> str:
    return status_light([procedure.pk], clock.now())[procedure.pk].code


def said_no(house: House, patient: Patient, code: str = IUD) -> Consent:
    consent = house.proposed(house.procedure(patient, code=code))
    return refuse_consent(consent_id=consent.pk, by=patient.account, via=Via.OWN_CARD)


def test_two_clinicians_start_it_and_everything_is_kept(house: House) -> None:
    procedure = operation(house)
    answer = declared(house, procedure)
    assert answer.verdict.is_allowed
    assert Procedure.objects.get(pk=procedure.pk).status == ProcedureStatus.PREPARATION
    assert light(procedure) == "second"
    start = agree_to_emergency(procedure_id=procedure.pk, by=house.colleague.account).row
    assert start is not None
    assert (start.consent, start.emergency, start.addition) == (None, answer.row, None)
    assert (start.entry.kind, start.policy.preset) == (EntryKind.EMERGENCY_AGREED, house.site.preset)
    assert Procedure.objects.get(pk=procedure.pk).status == ProcedureStatus.IN_PROGRESS
    assert light(procedure) == "in-progress"
    detail = detail_of(EntryKind.EMERGENCY_DECLARED)
    assert detail == {"procedure": procedure.pk.hex, "why": "unconscious", "minutes_later": 10, "is_late": False}
    assert not Consent.objects.exists()
    assert verify().count == 0


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (IUD, "emergency-kind"),
        ("tubal-ligation", "emergency-kind"),
        ("vasectomy", "emergency-kind"),
    ],
)
def test_sterilisation_and_devices_are_never_an_emergency(house: House, code: str, words: str) -> None:
    house.publish(code)
    procedure = house.procedure(code=code)
    assert missing(declared(house, procedure)) == {words}
    assert kept() == [{"procedure": procedure.pk.hex, "unmet": [words], "way": "emergency"}]
    assert not EmergencyCare.objects.exists()
    assert Procedure.objects.get(pk=procedure.pk).status == ProcedureStatus.PREPARATION


def test_life_has_to_be_at_risk(house: House) -> None:
    assert missing(declared(house, is_life_at_risk=False)) == {"emergency-life"}
    assert kept()[0]["unmet"] == ["emergency-life"]


def test_a_no_to_this_kind_of_procedure_holds_also_when_nobody_can_ask(house: House) -> None:
    house.publish("minor-excision")
    patient = house.patient()
    earlier = said_no(house, patient, "minor-excision")
    procedure = house.procedure(patient, code="minor-excision")
    assert missing(declared(house, procedure)) == {"emergency-no-refusal"}
    assert missing(declared(house, earlier.procedure)) == {"emergency-no-refusal"}
    assert declared(house, operation(house, patient)).verdict.is_allowed  # another kind
    assert declared(house, house.procedure(code="minor-excision")).verdict.is_allowed  # another patient


def test_a_no_that_never_was_does_not_count(house: House) -> None:
    house.publish("minor-excision")
    patient = house.patient()
    mistaken = said_no(house, patient, "minor-excision")
    report_error(consent_id=mistaken.pk, explanation="Wrong patient.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=mistaken.pk, by=house.colleague.account)
    assert declared(house, house.procedure(patient, code="minor-excision")).verdict.is_allowed


def test_a_no_between_the_two_wins(house: House) -> None:
    house.publish("minor-excision")
    consent = house.proposed(house.procedure(code="minor-excision"))
    assert declared(house, consent.procedure).verdict.is_allowed
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    answer = agree_to_emergency(procedure_id=consent.procedure_id, by=house.colleague.account)
    assert missing(answer) == {"emergency-no-refusal"}
    assert kept()[0]["way"] == "emergency"
    assert not ProcedureStart.objects.exists()
    assert light(consent.procedure) == "refused"


@pytest.mark.parametrize("who", ["midwife", "receptionist", "advocate", "next-door"])
def test_only_a_second_clinician_of_this_clinic_agrees(house: House, who: str) -> None:
    procedure = operation(house)
    declared(house, procedure)
    if who == "midwife":
        answer = agree_to_emergency(procedure_id=procedure.pk, by=house.midwife.account)
        assert missing(answer) == {"emergency-second-clinician"}
        assert kept()[0]["unmet"] == ["emergency-second-clinician"]
    else:
        by = House().midwife.account if who == "next-door" else getattr(house, who)
        with pytest.raises(NotAllowedError):
            agree_to_emergency(procedure_id=procedure.pk, by=by)
    assert not ProcedureStart.objects.exists()


@pytest.mark.parametrize("who", ["receptionist", "advocate", "auditor", "administrator", "next-door"])
def test_nobody_else_may_even_declare(house: House, who: str) -> None:
    by = House().midwife.account if who == "next-door" else getattr(house, who)
    with pytest.raises(NotAllowedError):
        declared(house, by=by)
    assert not EmergencyCare.objects.exists() and not kept()


def test_declared_once_and_what_is_missing_is_asked_for(house: House) -> None:
    procedure, key = operation(house), uuid.uuid4()
    first = declared(house, procedure, form_key=key).row
    assert declared(house, procedure, form_key=key).row == first
    with pytest.raises(WrongStateError, match="already"):
        declared(house, procedure)
    with pytest.raises(InvalidInputError) as refused:
        declared(house, danger="   ")
    assert refused.value.field == "danger"
    with pytest.raises(InvalidInputError):
        declared(house, happened_at=datetime.datetime(2027, 1, 15, 9, 0))  # noqa: DTZ001  # the point of the test
    with pytest.raises(WrongStateError, match="Nobody"):
        agree_to_emergency(procedure_id=operation(house).pk, by=house.colleague.account)


def test_not_from_the_future_and_late_entries_stay_marked(house: House) -> None:
    later = clock.now() + datetime.timedelta(minutes=1)
    assert missing(declared(house, happened_at=later)) == {"emergency-not-in-future"}
    answer = declared(house, happened_at=clock.now() - datetime.timedelta(hours=7))
    assert [one.requirement_id for one in answer.verdict.warnings] == ["emergency-entry-in-time"]
    assert detail_of(EntryKind.EMERGENCY_DECLARED)["is_late"] is True


def test_an_ordinary_yes_comes_first_but_one_that_is_not_ready_does_not_kill(house: House) -> None:
    house.publish("minor-excision")
    ready = house.ready(house.procedure(code="minor-excision"))
    assert missing(declared(house, ready.procedure)) == {"emergency-no-yes"}
    asleep = house.given(house.procedure(code="minor-excision"))  # she cannot say yes again today
    assert declared(house, asleep.procedure).verdict.is_allowed
    agree_to_emergency(procedure_id=asleep.procedure_id, by=house.colleague.account)
    withdrawn = withdraw_consent(consent_id=asleep.pk, by=asleep.patient.account, via=Via.CLINIC_TABLET)
    assert withdrawn.was_in_progress
    page = consent_page(Consent.objects.get(pk=asleep.pk), account=house.midwife.account, at=clock.now())
    assert page.must_stop and {"stop", "finish", "addition"} <= page.doors
    assert light(asleep.procedure) == "withdrawn"


def test_the_gate_neither_starts_it_again_nor_forgets_it(house: House) -> None:
    procedure = under_way(house)
    assert start_procedure(procedure_id=procedure.pk, by=house.midwife.account).start is None
    again = start_procedure(procedure_id=procedure.pk, by=house.colleague.account)
    assert again.start is not None and again.start.consent_id is None
    again = agree_to_emergency(procedure_id=procedure.pk, by=house.midwife.account)
    assert missing(again) >= {"emergency-planned"}
    assert ProcedureStart.objects.count() == 1


@pytest.mark.parametrize("way", ["stop", "finish"])
def test_it_ends_without_a_consent(house: House, way: str) -> None:
    procedure = under_way(house)
    by = house.midwife.account
    if way == "stop":
        end = stop_procedure(procedure_id=procedure.pk, reason=StopReason.PATIENT_WITHDREW, note="She woke up.", by=by)
    else:
        end = finish_procedure(procedure_id=procedure.pk, note="", by=by)
    assert end.start.procedure_id == procedure.pk
    entry = LedgerEntry.objects.order_by("-leaf__index")[0]
    assert json.loads(bytes(entry.body))["detail"]["procedure"] == procedure.pk.hex
    assert entry.subject == procedure.patient.ledger_subject
    assert verify().count == 0


def test_the_advocate_looks_at_it_once(house: House) -> None:
    procedure = under_way(house)
    found = {"finding": ReviewFinding.QUESTIONED, "note": "An interpreter was next door.", "by": house.advocate}
    for by in (house.midwife.account, house.receptionist, House().advocate):
        with pytest.raises(NotAllowedError):
            review_emergency(procedure_id=procedure.pk, **(found | {"by": by}))
    with pytest.raises(InvalidInputError):
        review_emergency(procedure_id=procedure.pk, **(found | {"note": " "}))
    first = review_emergency(procedure_id=procedure.pk, **found)
    assert review_emergency(procedure_id=procedure.pk, **(found | {"finding": ReviewFinding.JUSTIFIED})) == first
    assert EmergencyReview.objects.get().finding == ReviewFinding.QUESTIONED
    waiting = operation(house)
    declared(house, waiting)
    for procedure_id in (waiting.pk, operation(house).pk):
        with pytest.raises(WrongStateError):
            review_emergency(procedure_id=procedure_id, **found)


def test_she_is_told_once_and_only_where_something_was_done(house: House) -> None:
    procedure = under_way(house)
    told = {"words": "We opened your belly, because you were bleeding.", "by": house.colleague.account}
    with pytest.raises(NotAllowedError):
        tell_patient(procedure_id=procedure.pk, **(told | {"by": house.advocate}))
    with pytest.raises(InvalidInputError):
        tell_patient(procedure_id=procedure.pk, **(told | {"words": ""}))
    first = tell_patient(procedure_id=procedure.pk, **told)
    assert tell_patient(procedure_id=procedure.pk, **(told | {"words": "Other words."})) == first
    assert PatientTold.objects.get().words == told["words"]
    with pytest.raises(WrongStateError):
        tell_patient(procedure_id=operation(house).pk, **told)
    with pytest.raises(WrongStateError):
        tell_patient(procedure_id=consented(house).pk, **told)


def test_an_addition_is_planned_agreed_to_and_started(house: House) -> None:
    during = consented(house)
    answer = added(house, during)
    addition = answer.row
    assert (addition.during_id, addition.procedure.status) == (during.pk, ProcedureStatus.PREPARATION)
    plan = addition.procedure
    assert (plan.patient_id, plan.operator_id, plan.appointment_id) == (
        during.patient_id,
        during.operator_id,
        during.appointment_id,
    )
    assert light(plan) == "second"
    start = agree_to_addition(procedure_id=plan.pk, by=house.colleague.account).row
    assert start is not None
    assert (start.consent, start.emergency, start.addition) == (None, None, addition)
    assert agree_to_addition(procedure_id=plan.pk, by=house.colleague.account).row == start
    finish_procedure(procedure_id=plan.pk, note="", by=house.midwife.account)
    finish_procedure(procedure_id=during.pk, note="", by=house.midwife.account)
    assert verify().count == 0


@pytest.mark.parametrize("code", [IUD, "tubal-ligation"])
@pytest.mark.parametrize("grounds", Grounds)
def test_sterilisation_and_devices_are_never_added(house: House, code: str, grounds: Grounds) -> None:
    house.publish(code)
    during = under_way(house)
    before = Procedure.objects.count()
    answer = added(house, during, kind=house.procedure(code=code).procedure_type, grounds=grounds)
    assert missing(answer) == {"addition-kind"}
    assert kept() == [{"procedure": during.pk.hex, "unmet": ["addition-kind"], "way": "addition"}]
    assert Procedure.objects.count() == before + 1  # the test's own; nothing was planned for it
    assert not TheatreAddition.objects.exists()


def test_taking_out_the_womb_is_added_only_to_save_life(house: House) -> None:
    during = under_way(house)
    womb = kind_of(ProcedureCategory.MAJOR, Particular.HYSTERECTOMY)
    assert missing(added(house, during, kind=womb)) == {"addition-to-save-life"}
    assert added(house, during, kind=womb, grounds=Grounds.LIFE).verdict.is_allowed


def test_a_no_holds_in_theatre_too(house: House) -> None:
    house.publish("minor-excision")
    patient = house.patient()
    kind = said_no(house, patient, "minor-excision").procedure.procedure_type
    during = under_way(house, operation(house, patient))
    answer = added(house, during, kind=kind, laterality=Laterality.LEFT, body_site="back")
    assert missing(answer) == {"addition-no-refusal"}
    assert kept()[0]["way"] == "addition"


def test_nothing_is_added_when_she_said_stop_or_nothing_is_under_way(house: House) -> None:
    during = consented(house)
    addition = added(house, during).row
    withdraw_consent(
        consent_id=during.start.consent_id, by=during.patient.account, via=Via.CLINIC_TABLET, words="Stop."
    )
    assert missing(added(house, during)) == {"addition-not-told-to-stop"}
    answer = agree_to_addition(procedure_id=addition.procedure_id, by=house.colleague.account)
    assert missing(answer) == {"addition-not-told-to-stop"}
    assert missing(added(house, operation(house))) == {"addition-under-way"}


def test_one_of_the_two_in_theatre_is_the_operator(house: House) -> None:
    third = house.practitioner("Test Third")
    during = under_way(house)
    plan = added(house, during, by=house.colleague.account).row.procedure
    assert missing(agree_to_addition(procedure_id=plan.pk, by=third.account)) == {"addition-operator"}
    same = agree_to_addition(procedure_id=plan.pk, by=house.colleague.account)
    assert missing(same) == {"addition-second-clinician", "addition-operator"}
    assert agree_to_addition(procedure_id=plan.pk, by=house.midwife.account).verdict.is_allowed


def test_nobody_else_adds_or_agrees(house: House) -> None:
    during = under_way(house)
    plan = added(house, during).row.procedure
    for by in (house.receptionist, house.advocate, House().midwife.account):
        with pytest.raises(NotAllowedError):
            added(house, during, by=by)
        with pytest.raises(NotAllowedError):
            agree_to_addition(procedure_id=plan.pk, by=by)
    with pytest.raises(WrongStateError):
        agree_to_addition(procedure_id=during.pk, by=house.colleague.account)
    for changes in ({"danger": ""}, {"procedure_type_id": uuid.uuid4()}, {"laterality": "left"}):
        with pytest.raises(InvalidInputError):
            added(house, during, **changes)


def test_a_clinician_who_has_left_does_not_count(house: House, movable_clock: MovableClock) -> None:
    procedure = operation(house)
    declared(house, procedure)
    gone = house.midwife.account
    gone.is_active = False
    gone.save()
    movable_clock.forward(minutes=1)
    answer = agree_to_emergency(procedure_id=procedure.pk, by=house.colleague.account)
    assert missing(answer) == {"emergency-first-clinician", "emergency-second-clinician"}
    assert gone.role == Role.PRACTITIONER


def test_her_paper_and_the_history_tell_it(house: House) -> None:
    house.publish("minor-excision")
    consent = house.given(house.procedure(code="minor-excision"))
    assert record_now(consent).without_word == ()
    during = under_way(house, consent.procedure)
    tell_patient(procedure_id=during.pk, words="You were bleeding.", by=house.midwife.account)
    plan = added(house, during).row.procedure
    agree_to_addition(procedure_id=plan.pk, by=house.colleague.account)
    printed = record_now(consent)
    told = dict(printed.without_word[:7])
    assert told["Done without your word"] and told["Why nobody asked you"] == "Unconscious"
    assert told["Who decided it"] == "Test Midwife, Test Colleague"
    assert told["What you were told"] == "You were bleeding.\nTest Midwife"
    assert told["What the independent advocate found"] == "Not looked at yet."
    assert ("Done without your word", "Test operation MINOR") in printed.without_word
    words = [event.sentence for event in printed.events]
    assert "Emergency declared" in words and "Addition during an operation declared" in words
    assert render_record(printed).startswith(b"%PDF")
    issue_record(consent_id=consent.pk, language="zh-hans", by=consent.patient.account, via=Via.OWN_CARD)
    page = consent_page(Consent.objects.get(pk=consent.pk), account=house.midwife.account, at=clock.now())
    assert "Emergency declared" in {str(event.words) for event in page.events}
