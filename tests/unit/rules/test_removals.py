"""A wish to have a device taken out: days on the clinic's calendar, and nothing that can say no to it."""

import datetime
import zoneinfo
from dataclasses import replace

import pytest

from consent.rules.removals import ContraindicationFacts, RemovalDays, RemovalFacts, RemovalState, Standing, standing

SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
DAYS = RemovalDays(removal_days=7, second_opinion_hours=48)
ASKED_AT = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)
DUE_ON = datetime.date(2027, 3, 8)
ALONE = ContraindicationFacts(recorded_at=ASKED_AT)
AGREED = ContraindicationFacts(
    recorded_at=ASKED_AT, is_agreed=True, was_told=True, review_on=datetime.date(2027, 3, 20)
)
ASKED = RemovalFacts(asked_at=ASKED_AT)


def stands(facts: RemovalFacts, *, days: float = 0, **delta: float) -> Standing:
    return standing(facts, days=DAYS, zone=SHANGHAI, at=ASKED_AT + datetime.timedelta(days=days, **delta))


def test_it_is_due_seven_days_after_the_day_of_asking_on_the_clinics_calendar() -> None:
    assert stands(ASKED) == Standing(RemovalState.OPEN, DUE_ON, waits_for_second_opinion=False)
    after_midnight_there = replace(ASKED, asked_at=datetime.datetime(2027, 3, 1, 16, tzinfo=datetime.UTC))
    assert stands(after_midnight_there).due_on == datetime.date(2027, 3, 9)


@pytest.mark.parametrize(
    ("at", "state"),
    [
        (datetime.datetime(2027, 3, 8, 15, 59, tzinfo=datetime.UTC), RemovalState.OPEN),
        (datetime.datetime(2027, 3, 8, 16, 0, tzinfo=datetime.UTC), RemovalState.OVERDUE),  # midnight in Shanghai
    ],
)
def test_it_is_overdue_once_its_day_is_over_there(at: datetime.datetime, state: RemovalState) -> None:
    assert standing(ASKED, days=DAYS, zone=SHANGHAI, at=at).state is state


def test_a_reason_two_clinicians_agree_on_moves_the_day_to_the_next_look() -> None:
    facts = replace(ASKED, contraindication=AGREED)
    assert stands(facts, days=15) == Standing(RemovalState.CONTRAINDICATED, datetime.date(2027, 3, 20), False)
    assert stands(facts, days=20).state is RemovalState.OVERDUE


def test_a_reason_never_brings_the_day_forward() -> None:
    soon = replace(AGREED, review_on=datetime.date(2027, 3, 3))
    assert stands(replace(ASKED, contraindication=soon)) == Standing(RemovalState.CONTRAINDICATED, DUE_ON, False)


@pytest.mark.parametrize(
    "changed", [{"is_agreed": None}, {"is_agreed": False}, {"was_told": False}, {"was_told": None}]
)
def test_a_reason_that_lacks_something_moves_nothing(changed: dict[str, bool | None]) -> None:
    facts = replace(ASKED, contraindication=replace(AGREED, **changed))
    assert (stands(facts).state, stands(facts).due_on) == (RemovalState.OPEN, DUE_ON)
    assert stands(facts, days=8).state is RemovalState.OVERDUE


def test_a_reason_without_a_day_to_look_again_moves_nothing() -> None:
    facts = replace(ASKED, contraindication=replace(AGREED, review_on=None))
    assert stands(facts) == Standing(RemovalState.OPEN, DUE_ON, waits_for_second_opinion=False)


@pytest.mark.parametrize(("minutes", "waits"), [(0, False), (48 * 60, False), (48 * 60 + 1, True)])
def test_a_second_opinion_is_late_after_its_hours(minutes: int, waits: bool) -> None:
    assert stands(replace(ASKED, contraindication=ALONE), minutes=minutes).waits_for_second_opinion is waits


@pytest.mark.parametrize("is_agreed", [True, False])
def test_a_second_opinion_that_was_given_is_not_waited_for(is_agreed: bool) -> None:
    facts = replace(ASKED, contraindication=replace(ALONE, is_agreed=is_agreed))
    assert stands(facts, days=5).waits_for_second_opinion is False


def test_what_has_ended_is_never_overdue_and_waits_for_nobody() -> None:
    facts = replace(ASKED, ended_at=ASKED_AT + datetime.timedelta(days=9), contraindication=ALONE)
    assert stands(facts, days=30) == Standing(RemovalState.ENDED, DUE_ON, waits_for_second_opinion=False)
