"""A shorter wait: certified by the operator, or asked for by the patient herself and answered from outside the team."""

import datetime
import uuid
from typing import Any

import pytest

from clinic.actions.cancel_procedure import cancel_procedure
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.vocabulary import Preset
from consent.actions.answer_shorter_wait import answer_shorter_wait
from consent.actions.ask_shorter_wait import ask_shorter_wait
from consent.actions.certify_abdominal_emergency import certify_abdominal_emergency
from consent.actions.certify_premature_birth import certify_premature_birth
from consent.actions.inform import record_conversation
from consent.actions.withdraw import withdraw_consent
from consent.exceptions import AlreadyDecidedError
from consent.models import (
    AbdominalEmergency,
    Consent,
    LedgerEntry,
    PrematureBirth,
    ShorterWaitAnswer,
    ShorterWaitRequest,
)
from consent.queries.facts import start_facts
from consent.queries.team import care_teams, is_outside_team
from consent.queries.verdicts import start_verdict
from consent.queries.waits import open_wishes_for, own_lines, own_wait, wait_page
from consent.vocabulary import Via
from tests.clock import MovableClock
from tests.factories import House, full_talk
from tests.integration.consent.acts_waits import STERILISATION, birth_days, signed, wished
from tests.integration.consent_pages.people import held
from tests.records import record_now

DAY = datetime.timedelta(days=1)


def born_early(house: House, consent: Consent, **changes: Any) -> PrematureBirth:
    values: dict[str, Any] = {"by": house.midwife.account, **birth_days(house)}
    return certify_premature_birth(consent_id=consent.pk, **(values | changes))


def in_emergency(house: House, consent: Consent, **changes: Any) -> AbdominalEmergency:
    values: dict[str, Any] = {"by": house.midwife.account, "circumstances": "A burst appendix."}
    return certify_abdominal_emergency(consent_id=consent.pk, **(values | changes))


def ask(consent: Consent, **changes: Any) -> ShorterWaitRequest:
    values: dict[str, Any] = {"by": consent.patient.account, "via": Via.OWN_CARD, "words": ""}
    return ask_shorter_wait(consent_id=consent.pk, **(values | changes))


def answer(house: House, consent: Consent, **changes: Any) -> ShorterWaitAnswer:
    values: dict[str, Any] = {
        "is_agreed": True,
        "was_private": True,
        "after_birth_or_abortion_72h": False,
        "note": "We spoke alone.",
        "by": house.colleague.account,
    }
    return answer_shorter_wait(consent_id=consent.pk, **(values | changes))


def waits_still(consent: Consent, movable: MovableClock) -> bool:
    verdict = start_verdict(consent.procedure_id, at=movable.read(), operator_id=consent.operator_id)
    return any(one.requirement_id == "waiting-time" for one in verdict.unmet)


@pytest.mark.parametrize("way", ["birth", "emergency", "wish"])
def test_each_way_shortens_the_wait_to_72_hours(house: House, movable_clock: MovableClock, way: str) -> None:
    consent = signed(house)
    if way == "birth":
        born_early(house, consent)
    elif way == "emergency":
        in_emergency(house, consent)
    else:
        ask(consent)
        answer(house, consent)
    given_at = Consent.objects.get(pk=consent.pk).given_at
    assert given_at is not None
    movable_clock.at = given_at + 3 * DAY - datetime.timedelta(seconds=1)
    assert waits_still(consent, movable_clock)
    movable_clock.at = given_at + 3 * DAY
    assert not waits_still(consent, movable_clock)


def test_what_is_on_record_reaches_the_gate(house: House, movable_clock: MovableClock) -> None:
    consent = wished(house)
    born_early(house, consent)
    in_emergency(house, consent)
    answer(house, consent)
    consent = Consent.objects.get(pk=consent.pk)
    facts = start_facts(procedure=consent.procedure, consent=consent, at=movable_clock.at, operator_id=None).waits
    assert facts is not None
    assert facts.premature_birth is not None
    assert facts.premature_birth.certified_by == house.midwife.pk
    assert facts.abdominal_emergency is not None
    assert facts.abdominal_emergency.is_described
    wish = facts.shorter_wait
    assert wish is not None
    assert (wish.was_asked_by_patient, wish.is_agreed, wish.was_private, wish.is_outside_team) == (True,) * 4
    assert wish.after_birth_or_abortion_72h is False


def test_signed_too_near_the_due_day_shortens_nothing(house: House, movable_clock: MovableClock) -> None:
    consent = signed(house)
    born_early(house, consent, **birth_days(house, early=29))
    movable_clock.forward(days=4)
    assert waits_still(consent, movable_clock)
    page = wait_page(Consent.objects.get(pk=consent.pk), account=house.midwife.account, earliest_at=None)
    assert "nothing is shortened" in str(page.ways[0].lines)


@pytest.mark.parametrize(
    ("early", "born_in", "field"), [(40, 1, "born_on"), (0, 0, "expected_on"), (141, 0, "expected_on")]
)
def test_days_that_are_no_early_birth_name_the_field(house: House, early: int, born_in: int, field: str) -> None:
    consent, days = signed(house), birth_days(house, early=early)
    with pytest.raises(InvalidInputError) as refused:
        born_early(house, consent, **(days | {"born_on": days["born_on"] + born_in * DAY}))
    assert refused.value.field == field
    assert not PrematureBirth.objects.exists()


@pytest.mark.parametrize("words", ["", "   ", "x" * 2001])
def test_an_emergency_has_circumstances(house: House, words: str) -> None:
    consent = signed(house)
    with pytest.raises(InvalidInputError) as refused:
        in_emergency(house, consent, circumstances=words)
    assert refused.value.field == "circumstances"


def test_only_the_operator_certifies(house: House) -> None:
    consent, other = signed(house), House(sheets=())
    people = (house.colleague.account, house.receptionist, house.advocate, other.midwife.account)
    for by in (*people, consent.patient.account):
        for act in (born_early, in_emergency):
            with pytest.raises(NotAllowedError):
                act(house, consent, by=by)


def test_a_certificate_is_written_once_and_never_another_over_it(house: House) -> None:
    consent = signed(house)
    assert born_early(house, consent) == born_early(house, consent)
    assert in_emergency(house, consent) == in_emergency(house, consent, circumstances=" A burst appendix. ")
    with pytest.raises(AlreadyDecidedError):
        born_early(house, consent, **birth_days(house, early=50))
    with pytest.raises(AlreadyDecidedError):
        in_emergency(house, consent, circumstances="Something else.")
    kinds = ["wait.premature-birth", "wait.abdominal-emergency"]
    assert LedgerEntry.objects.filter(kind__in=kinds).count() == 2


@pytest.mark.parametrize("via", [Via.OWN_CARD, Via.CLINIC_TABLET])
def test_the_patient_asks_from_her_own_hands(house: House, via: Via) -> None:
    consent = signed(house)
    wish = ask(consent, via=via, words="I go home on Friday.")
    assert wish == ask(consent, via=via)
    assert LedgerEntry.objects.filter(kind="wait.shorter-asked").count() == 1


def test_nobody_asks_for_her(house: House) -> None:
    consent, stranger = signed(house), house.patient("Test Patient Two")
    people = (house.midwife.account, house.colleague.account, house.receptionist, house.advocate, stranger.account)
    for by in people:
        with pytest.raises(NotAllowedError):
            ask(consent, by=by)
    for via in (Via.SPOKEN_TO_STAFF, Via.STAFF, Via.COMMAND):
        with pytest.raises(NotAllowedError):
            ask(consent, via=via)
    assert not ShorterWaitRequest.objects.exists()


def test_where_the_rules_know_no_such_way_nobody_can_ask(movable_clock: MovableClock, db: None) -> None:
    house = House(preset=Preset.US_FEDERAL)
    consent = signed(house)
    with pytest.raises(WrongStateError, match="cannot be made shorter"):
        ask(consent)
    wait = own_wait(consent, at=movable_clock.at)
    assert wait is not None
    assert (wait.can_ask, wait.hours) == (False, None)


def test_other_care_has_no_wait_to_shorten(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    for act in (born_early, in_emergency):
        with pytest.raises(WrongStateError, match="cannot be made shorter"):
            act(house, consent)
    with pytest.raises(WrongStateError, match="cannot be made shorter"):
        ask(consent)
    assert own_wait(consent, at=movable_clock.at) is None
    assert wait_page(consent, account=house.midwife.account, earliest_at=movable_clock.at).is_empty


def test_a_concern_stops_the_wish_in_words_that_tell_no_worry(house: House) -> None:
    consent = signed(house)
    held(consent, house.midwife.account)
    with pytest.raises(WrongStateError) as refused:
        ask(consent)
    said = refused.value.message.casefold()
    assert [word for word in ("hold", "worr", "concern", "pressure", "advocate") if word in said] == []
    assert not ShorterWaitRequest.objects.exists()


def test_before_the_signature_and_after_the_end_no_wait_runs(house: House) -> None:
    house.publish(STERILISATION)
    informed = house.informed(house.procedure(code=STERILISATION))
    ended, called_off = signed(house), signed(house)
    withdraw_consent(consent_id=ended.pk, by=ended.patient.account, via=Via.OWN_CARD)
    cancel_procedure(procedure_id=called_off.procedure_id, by=house.midwife.account)
    for consent in (informed, ended, called_off):
        for act in (born_early, in_emergency):
            with pytest.raises((WrongStateError, AlreadyDecidedError)):
                act(house, consent)
        with pytest.raises((WrongStateError, AlreadyDecidedError)):
            ask(consent)


def test_a_wish_is_answered_once(house: House) -> None:
    consent, third = wished(house), house.practitioner("Test Third")
    assert answer(house, consent) == answer(house, consent, is_agreed=False)
    with pytest.raises(AlreadyDecidedError):
        answer(house, consent, by=third.account)
    assert LedgerEntry.objects.filter(kind="wait.shorter-answered").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"was_private": False}, "was_private"),
        ({"after_birth_or_abortion_72h": True}, "after_birth_or_abortion_72h"),
        ({"note": " "}, "note"),
    ],
)
def test_nobody_agrees_without_a_talk_alone(house: House, changes: dict[str, Any], field: str) -> None:
    consent = wished(house)
    with pytest.raises(InvalidInputError) as refused:
        answer(house, consent, **changes)
    assert refused.value.field == field
    assert not ShorterWaitAnswer.objects.exists()


def test_an_answer_of_no_needs_nothing_but_a_note(house: House, movable_clock: MovableClock) -> None:
    consent = wished(house)
    held(consent, house.midwife.account)
    answer(house, consent, is_agreed=False, was_private=False, after_birth_or_abortion_72h=True)
    movable_clock.forward(days=4)
    assert waits_still(consent, movable_clock)


def test_with_an_open_concern_nobody_agrees_and_what_was_agreed_does_not_count(
    house: House, movable_clock: MovableClock
) -> None:
    first, second = wished(house), wished(house)
    held(first, house.midwife.account)
    with pytest.raises(WrongStateError, match="concern"):
        answer(house, first)
    answer(house, second)
    held(second, house.midwife.account)
    movable_clock.forward(days=4)
    assert waits_still(second, movable_clock)  # TV-15c


def test_the_team_does_not_answer(house: House) -> None:
    consent, other = wished(house), House(sheets=())
    people = (house.midwife.account, house.receptionist, house.advocate, other.midwife.account)
    for by in (*people, consent.patient.account):
        with pytest.raises(NotAllowedError):
            answer(house, consent, by=by)
    assert not ShorterWaitAnswer.objects.exists()


def test_without_a_wish_there_is_no_answer(house: House) -> None:
    with pytest.raises(WrongStateError, match="has not asked"):
        answer(house, signed(house))


def test_an_answer_comes_too_late_after_she_took_it_back(house: House) -> None:
    consent = wished(house)
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    with pytest.raises(AlreadyDecidedError):
        answer(house, consent)


def test_the_team_is_everybody_who_had_a_part(house: House, django_assert_num_queries: Any) -> None:
    operator, holder = house.practitioner("Test Operator"), house.practitioner("Test Holder")
    consent = house.proposed(house.procedure(operator_id=operator.pk))
    record_conversation(consent_id=consent.pk, talk=full_talk(consent), by=holder.account, form_key=uuid.uuid4())
    pk = consent.procedure_id
    assert care_teams([pk]) == {pk: {operator.account_id, holder.account_id, house.midwife.account_id}}
    assert is_outside_team(house.colleague.account_id, pk)
    both = [pk, house.informed().procedure_id]
    with django_assert_num_queries(4):
        assert set(care_teams(both)) == set(both)


def test_the_second_clinician_finds_open_wishes_of_her_site(house: House) -> None:
    consent, elsewhere = wished(house), House(sheets=())
    assert [wish.consent_id for wish in open_wishes_for(house.colleague.account)] == [consent.pk]
    for account in (house.midwife.account, elsewhere.midwife.account, house.receptionist, house.advocate):
        assert open_wishes_for(account) == []
    answer(house, consent)
    assert open_wishes_for(house.colleague.account) == []
    ended = wished(house)
    withdraw_consent(consent_id=ended.pk, by=ended.patient.account, via=Via.OWN_CARD)
    assert open_wishes_for(house.colleague.account) == []


def test_she_reads_her_wish_and_its_answer(house: House, movable_clock: MovableClock) -> None:
    consent = signed(house)
    before = own_wait(consent, at=movable_clock.at)
    assert before is not None
    assert (before.can_ask, before.hours, before.wish) == (True, 72, None)
    ask(consent)
    asked = own_wait(consent, at=movable_clock.at)
    assert asked is not None
    assert (asked.can_ask, asked.answer, asked.earliest_at) == (False, None, None)
    answer(house, consent)
    consent = Consent.objects.get(pk=consent.pk)
    answered = own_wait(consent, at=movable_clock.at)
    assert answered is not None
    assert consent.given_at is not None
    assert answered.earliest_at == consent.given_at + 3 * DAY
    paper = record_now(consent)
    assert paper.conversation[-1:] == own_lines(consent)
    assert "Agreed by Test Colleague" in str(own_lines(consent))
    assert "We spoke alone" not in str(own_lines(consent))


def test_when_the_wait_is_over_there_is_nothing_to_ask(house: House, movable_clock: MovableClock) -> None:
    consent = signed(house)
    movable_clock.forward(days=31)
    wait = own_wait(consent, at=movable_clock.at)
    assert wait is not None
    assert not wait.can_ask
