"""The consent light: the right word for each case, and no more questions for a long list than for a short one."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clinic import clock
from clinic.actions.cancel_procedure import cancel_procedure
from consent.actions.ask_for_time import ask_for_time
from consent.actions.ask_to_talk import ask_to_talk
from consent.actions.finish_procedure import finish_procedure
from consent.actions.mark_in_error import mark_in_error
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent
from consent.queries.status import WORDS, status_light
from consent.queries.verdicts import start_verdict
from consent.vocabulary import StopReason, Via
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent_pages.people import held


def light(procedure_id: uuid.UUID) -> str:
    return status_light([procedure_id], clock.now())[procedure_id].code


def started(house: House) -> Consent:
    consent = house.ready()
    assert start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account).start
    return consent


def own(consent: Consent) -> dict[str, object]:
    return {"consent_id": consent.pk, "by": consent.patient.account, "via": Via.OWN_CARD}


def test_before_and_after_the_answer(house: House) -> None:
    procedure = house.procedure()
    assert light(procedure.pk) == "none"
    assert light(house.proposed(procedure).procedure_id) == "draft"
    informed = house.informed()
    assert light(informed.procedure_id) == "informed"
    ask_for_time(**own(informed))
    assert light(informed.procedure_id) == "thinking"
    refuse_consent(**own(informed))
    assert light(informed.procedure_id) == "refused"
    given = house.given()
    assert light(given.procedure_id) == "given"
    withdraw_consent(**own(given))
    assert light(given.procedure_id) == "withdrawn"


def test_ready_on_hold_and_too_old(house: House, movable_clock: MovableClock) -> None:
    consent = house.ready()
    assert light(consent.procedure_id) == "ready"
    assert status_light([consent.procedure_id], clock.now())[consent.procedure_id].may_start
    held(consent, house.colleague.account)
    shown = status_light([consent.procedure_id], clock.now())[consent.procedure_id]
    assert (shown.code, shown.may_start) == ("hold", False)
    other = house.ready()
    movable_clock.forward(hours=5)
    assert light(other.procedure_id) == "given"  # the confirmation has run out
    movable_clock.forward(days=31)
    assert light(other.procedure_id) == "expired"


def test_while_and_after_it_is_done(house: House) -> None:
    running, stopped, finished = started(house), started(house), started(house)
    assert light(running.procedure_id) == "in-progress"
    withdraw_consent(**own(running))
    assert light(running.procedure_id) == "withdrawn"  # the operator has to see that first
    stop_procedure(procedure_id=stopped.procedure_id, reason=StopReason.CLINICAL, note="", by=house.midwife.account)
    assert light(stopped.procedure_id) == "stopped"
    finish_procedure(procedure_id=finished.procedure_id, note="", by=house.midwife.account)
    assert light(finished.procedure_id) == "completed"


def test_what_counts_for_nothing_shows_nothing(house: House) -> None:
    consent = house.given()
    report_error(consent_id=consent.pk, explanation="Wrong patient", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=consent.pk, by=house.colleague.account)
    assert light(consent.procedure_id) == "none"
    procedure = house.procedure()
    cancel_procedure(procedure_id=procedure.pk, by=house.midwife.account)
    assert light(procedure.pk) == "none"


def test_an_open_consent_comes_before_an_ended_one(house: House) -> None:
    consent = house.informed()
    refuse_consent(**own(consent))
    ask_to_talk(**own(consent))
    assert light(house.proposed(consent.procedure).procedure_id) == "draft"


def test_unknown_procedures_have_no_light(db: None) -> None:
    assert status_light([uuid.uuid4()], clock.now()) == {}
    assert status_light([], clock.now()) == {}


def test_every_light_was_lit() -> None:
    lit = {"none", "draft", "informed", "thinking", "refused", "given", "withdrawn", "ready", "hold", "expired"}
    assert lit | {"second", "in-progress", "stopped", "completed"} == set(WORDS)  # "second": test_emergency


def test_the_light_says_what_the_gate_says(house: House) -> None:
    for consent in (house.informed(), house.given(), house.ready()):
        verdict = start_verdict(consent.procedure_id, at=clock.now(), operator_id=consent.procedure.operator_id)
        shown = status_light([consent.procedure_id], clock.now())[consent.procedure_id]
        assert shown.may_start is verdict.is_allowed


@pytest.mark.parametrize("length", [3, 9])
def test_a_long_list_asks_no_more_than_a_short_one(house: House, length: int) -> None:
    makers = (house.proposed, house.informed, house.ready)
    procedures = [makers[number % 3]().procedure_id for number in range(length)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(status_light(procedures, clock.now())) == length
    assert len(asked) == 20
