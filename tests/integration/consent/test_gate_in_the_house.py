"""The gate with real rows under it: what is refused is kept, what is allowed cannot lack its evidence."""

import datetime
import json
import uuid

import pytest

from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.cancel_procedure import cancel_procedure
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Procedure
from consent.actions.finish_procedure import finish_procedure
from consent.actions.inform import record_conversation
from consent.actions.lift_hold import lift_hold
from consent.actions.mark_in_error import mark_in_error
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.exceptions import NotReadyError
from consent.models import Consent, Hold, LedgerEntry, ProcedureStart
from consent.queries.verdicts import start_verdict
from consent.vocabulary import Capacity, ConsentState, EntryKind, HoldReason, RequestSource, StopReason, Via
from tests.clock import MovableClock
from tests.factories import House, full_talk
from tests.integration.consent.test_saying_yes import say_yes


def hold(consent: Consent, house: House, by: object = None) -> object:
    return raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        by=by or house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )


def test_start_is_refused_with_every_reason_and_the_attempt_is_kept(house: House) -> None:
    procedure = house.procedure()
    answer = start_procedure(procedure_id=procedure.pk, by=house.midwife.account)
    assert answer.start is None
    entry = LedgerEntry.objects.get(kind=EntryKind.START_REFUSED)
    kept = json.loads(bytes(entry.body))["detail"]["unmet"]
    assert kept == [unmet.requirement_id for unmet in answer.verdict.unmet]
    assert len(kept) > 5
    assert not ProcedureStart.objects.exists()


def test_start_when_everything_is_met(house: House) -> None:
    consent = house.ready()
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    assert answer.verdict.is_allowed
    assert answer.start is not None
    assert answer.start.entry.kind == EntryKind.PROCEDURE_STARTED
    assert Procedure.objects.get(pk=consent.procedure_id).status == "in-progress"
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.USED


def test_another_clinician_does_not_start_what_was_agreed_with_this_one(house: House) -> None:
    consent = house.ready()
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.colleague.account)
    assert {unmet.requirement_id for unmet in answer.verdict.unmet} >= {"right-operator"}


@pytest.mark.parametrize("who", ["receptionist", "advocate", "auditor", "administrator"])
def test_nobody_else_may_even_try(house: House, who: str) -> None:
    consent = house.ready()
    with pytest.raises(NotAllowedError):
        start_procedure(procedure_id=consent.procedure_id, by=getattr(house, who))


def test_a_confirmation_grows_old_within_the_day(house: House, movable_clock: MovableClock) -> None:
    consent = house.ready()
    movable_clock.forward(minutes=241)
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    assert {unmet.requirement_id for unmet in answer.verdict.unmet} == {"confirmed-today"}


def test_a_hold_stops_yes_and_start_until_the_advocate_lifts_it(house: House) -> None:
    informed, ready = house.informed(), house.ready()
    holds = [hold(informed, house), hold(ready, house)]
    with pytest.raises(NotReadyError) as refused:
        say_yes(informed)
    assert {unmet.requirement_id for unmet in refused.value.verdict.unmet} == {"no-hold"}
    assert not start_procedure(procedure_id=ready.procedure_id, by=house.midwife.account).verdict.is_allowed
    for row in holds:
        for account in (house.midwife.account, house.receptionist, house.administrator):
            with pytest.raises(NotAllowedError):
                lift_hold(hold_id=row.pk, note="", by=account)
        lift_hold(hold_id=row.pk, note="Spoke with her alone.", by=house.advocate)
    assert say_yes(informed).state == ConsentState.GIVEN
    assert start_procedure(procedure_id=ready.procedure_id, by=house.midwife.account).verdict.is_allowed


def test_a_hold_never_stops_a_no(house: House) -> None:
    consent = house.informed()
    hold(consent, house)
    assert refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD).state == "refused"


def test_the_advocate_who_raised_a_hold_does_not_lift_it(house: House) -> None:
    row = hold(house.informed(), house, by=house.advocate)
    with pytest.raises(NotAllowedError):
        lift_hold(hold_id=row.pk, note="", by=house.advocate)


def test_in_error_takes_two_people(house: House) -> None:
    consent = house.given()
    with pytest.raises(WrongStateError):
        mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    report_error(consent_id=consent.pk, explanation="Wrong side.", patient_agreed=False, by=house.midwife.account)
    with pytest.raises(NotAllowedError, match="second person"):
        mark_in_error(consent_id=consent.pk, by=house.midwife.account)
    assert mark_in_error(consent_id=consent.pk, by=house.colleague.account).state == ConsentState.ENTERED_IN_ERROR


@pytest.mark.parametrize("agreed", [True, False])
def test_a_no_is_never_undone_without_the_patient(house: House, agreed: bool) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    report_error(consent_id=consent.pk, explanation="Typed wrong.", patient_agreed=agreed, by=house.midwife.account)
    if agreed:
        mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    else:
        with pytest.raises(NotAllowedError, match="patient"):
            mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    assert (Consent.objects.get(pk=consent.pk).state == ConsentState.ENTERED_IN_ERROR) is agreed


def test_called_off_and_started_never_both(house: House) -> None:
    called_off, begun = house.ready(), house.ready()
    cancel_procedure(procedure_id=called_off.procedure_id, by=house.midwife.account)
    answer = start_procedure(procedure_id=called_off.procedure_id, by=house.midwife.account)
    assert {unmet.requirement_id for unmet in answer.verdict.unmet} == {"procedure-waiting"}
    assert start_procedure(procedure_id=begun.procedure_id, by=house.midwife.account).start
    with pytest.raises(WrongStateError, match="stopped, not called off"):
        cancel_procedure(procedure_id=begun.procedure_id, by=house.midwife.account)
    with pytest.raises(WrongStateError, match="under way"):
        cancel_appointment(appointment_id=begun.procedure.appointment_id, by=house.receptionist)


def test_only_what_was_started_can_end_and_only_once(house: House) -> None:
    consent = house.ready()
    with pytest.raises(WrongStateError):
        finish_procedure(procedure_id=consent.procedure_id, note="", by=house.midwife.account)
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    stop_procedure(procedure_id=consent.procedure_id, reason=StopReason.EQUIPMENT, note="", by=house.midwife.account)
    with pytest.raises(WrongStateError):
        finish_procedure(procedure_id=consent.procedure_id, note="", by=house.midwife.account)
    assert Procedure.objects.get(pk=consent.procedure_id).status == "stopped"


def talked_again(consent: Consent, house: House, **changes: object) -> None:
    record_conversation(
        consent_id=consent.pk,
        talk=full_talk(consent, **changes),
        by=house.midwife.account,
        form_key=uuid.uuid4(),
    )


def missing_for_a_yes(consent: Consent) -> set[str]:
    with pytest.raises(NotReadyError) as refused:
        say_yes(consent)
    return {unmet.requirement_id for unmet in refused.value.verdict.unmet}


def test_the_newest_talk_counts_also_when_an_earlier_one_was_better(house: House, movable_clock: MovableClock) -> None:
    consent = house.informed()
    movable_clock.forward(minutes=1)
    talked_again(consent, house, minutes_alone=0)
    assert missing_for_a_yes(consent) == {"time-alone"}
    movable_clock.forward(minutes=1)
    talked_again(consent, house)
    assert say_yes(consent).state == ConsentState.GIVEN


def test_a_doubt_about_capacity_stays_until_it_is_looked_into(house: House, movable_clock: MovableClock) -> None:
    consent = house.proposed()
    for capacity in (Capacity.IN_DOUBT, Capacity.PRESUMED):
        movable_clock.forward(minutes=1)
        talked_again(consent, house, capacity=capacity)
        assert missing_for_a_yes(consent) == {"capacity", "no-hold"}
    assert [hold.signal for hold in Hold.objects.filter(consent=consent)] == ["CR-058"]


def test_what_an_office_asked_for_is_not_washed_clean_by_a_later_talk(house: House) -> None:
    consent = house.proposed()
    talked_again(consent, house, request_source=RequestSource.OFFICIAL_OR_EMPLOYER)
    talked_again(consent, house, request_source=RequestSource.PATIENT)
    assert "request-source" in missing_for_a_yes(consent)
    again = house.superseded(consent)
    talked_again(again, house, request_source=RequestSource.PATIENT)
    assert "request-source" in missing_for_a_yes(again)


def test_what_was_entered_in_error_counts_for_nothing_at_the_gate(house: House) -> None:
    procedure = house.procedure()
    mistaken = house.proposed(procedure)
    talked_again(mistaken, house, request_source=RequestSource.OFFICIAL_OR_EMPLOYER, capacity=Capacity.IN_DOUBT)
    report_error(consent_id=mistaken.pk, explanation="Wrong.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=mistaken.pk, by=house.colleague.account)
    assert say_yes(house.informed(procedure)).state == ConsentState.GIVEN


@pytest.mark.parametrize(("signed_under", "now"), [("strict-default", "england"), ("england", "strict-default")])
def test_a_consent_is_judged_by_the_stricter_of_the_rules_at_signing_and_now(
    house: House, signed_under: str, now: str
) -> None:
    """England asks for one day, the strict table for thirty; whichever came first, thirty hold."""
    site = house.site
    site.preset = signed_under
    site.save()
    house.publish("tubal-ligation")
    consent = house.given(house.procedure(code="tubal-ligation"))
    site.preset = now
    site.save()
    verdict = start_verdict(consent.procedure_id, at=consent.given_at + datetime.timedelta(days=20), operator_id=None)
    missing = {one.requirement_id: one for one in verdict.unmet}
    assert missing["waiting-time"].detail_params["days"] == 30
