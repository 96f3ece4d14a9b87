"""Away from a procedure nothing is needed: every way out, from every place, at any time."""

import uuid
from collections.abc import Callable

import pytest

from clinic.exceptions import NotAllowedError
from clinic.models import Procedure
from consent.actions.ask_for_time import ask_for_time
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import AlreadyDecidedError
from consent.models import Consent, LedgerEntry
from consent.vocabulary import ConsentState, Decision, EndReason, HoldReason, StopReason, Via
from tests.clock import MovableClock
from tests.factories import House


def used(house: House) -> Consent:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    return consent


LIVE: dict[str, Callable[[House], Consent]] = {
    "draft": lambda house: house.proposed(),
    "informed": lambda house: house.informed(),
    "given": lambda house: house.given(),
    "ready": lambda house: house.ready(),
    "used": used,
}


@pytest.mark.parametrize("place", LIVE)
def test_withdrawing_works_from_every_live_state(house: House, place: str) -> None:
    consent = LIVE[place](house)
    before = Consent.objects.get(pk=consent.pk)
    answer = withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    now = Consent.objects.get(pk=consent.pk)
    assert now.state == ConsentState.WITHDRAWN
    assert now.ended_reason == EndReason.WITHDRAWN
    assert (now.given_at, now.given_by_id, now.decision) == (before.given_at, before.given_by_id, before.decision)
    assert answer.was_in_progress is (place == "used")


def test_withdrawing_works_when_expired_and_when_on_hold(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="",
        by=house.midwife.account,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    movable_clock.forward(days=400)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.WITHDRAWN


def test_after_withdrawal_the_gate_is_shut_in_the_same_instant(house: House) -> None:
    consent = house.ready()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    answer = start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    assert answer.start is None
    assert "consent-state" in {unmet.requirement_id for unmet in answer.verdict.unmet}
    assert Procedure.objects.get(pk=consent.procedure_id).status == "preparation"


def test_withdrawing_during_the_procedure_leaves_stopping_open(house: House) -> None:
    consent = used(house)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.CLINIC_TABLET)
    end = stop_procedure(
        procedure_id=consent.procedure_id,
        reason=StopReason.PATIENT_WITHDREW,
        note="Stopped when safe.",
        by=house.midwife.account,
    )
    assert end.outcome == "stopped"


def test_withdrawing_what_has_ended_is_never_refused(house: House) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    entries = LedgerEntry.objects.count()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.REFUSED
    assert LedgerEntry.objects.count() == entries


@pytest.mark.parametrize("act", [refuse_consent, withdraw_consent])
def test_a_no_spoken_to_staff_of_the_site_counts(house: House, act: Callable) -> None:
    consent = house.informed()
    act(consent_id=consent.pk, by=house.midwife.account, via=Via.SPOKEN_TO_STAFF, words="She said: not now.")
    now = Consent.objects.get(pk=consent.pk)
    assert now.state in {ConsentState.REFUSED, ConsentState.WITHDRAWN}
    assert now.ended_via == Via.SPOKEN_TO_STAFF


@pytest.mark.parametrize("act", [refuse_consent, withdraw_consent])
def test_a_no_cannot_be_said_by_strangers(house: House, act: Callable) -> None:
    consent = house.informed()
    elsewhere = House(sheets=())
    for account, via in (
        (house.patient("Test Patient Two").account, Via.OWN_CARD),
        (house.receptionist, Via.SPOKEN_TO_STAFF),
        (house.midwife.account, Via.STAFF),
        (elsewhere.midwife.account, Via.SPOKEN_TO_STAFF),
    ):
        with pytest.raises(NotAllowedError):
            act(consent_id=consent.pk, by=account, via=via)
    assert Consent.objects.get(pk=consent.pk).state == ConsentState.INFORMED


def test_refusing_stores_a_no_and_asks_for_no_reason(house: House) -> None:
    consent = house.informed()
    refused = refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert (refused.state, refused.decision, refused.ended_words) == (ConsentState.REFUSED, Decision.DENY, "")


def test_after_a_yes_refusing_says_how_to_take_it_back(house: House) -> None:
    consent = house.given()
    with pytest.raises(AlreadyDecidedError, match="taken back"):
        refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def test_asking_for_time_decides_nothing(house: House) -> None:
    consent = house.informed()
    asked = ask_for_time(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert (asked.state, asked.decision) == (ConsentState.INFORMED, "")
    assert asked.more_time_asked_at is not None


def test_a_withdrawn_yes_is_not_carried_into_a_new_consent(house: House) -> None:
    consent = house.given()
    draft = house.superseded(consent, "zh-Hans")
    old = Consent.objects.get(pk=consent.pk)
    assert (old.state, old.ended_reason) == (ConsentState.SUPERSEDED, EndReason.SUPERSEDED)
    assert (draft.state, draft.given_at, draft.supersedes_id) == (ConsentState.DRAFT, None, old.pk)
    assert draft.sheet_version.language == "zh-Hans"
