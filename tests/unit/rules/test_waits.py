"""Ways to a shorter wait: which days make an early birth, and when the shorter wait is over."""

import datetime

import pytest

from consent.rules.waits import birth_dates_problem, hours_after, was_signed_in_time

TODAY = datetime.date(2027, 4, 28)
DUE = datetime.date(2027, 6, 1)


@pytest.mark.parametrize(
    ("expected_on", "born_on", "problem"),
    [
        (DUE, TODAY, ""),
        (DUE, TODAY + datetime.timedelta(days=1), "in-future"),
        (TODAY, TODAY, "not-early"),
        (TODAY - datetime.timedelta(days=1), TODAY, "not-early"),
        (TODAY + datetime.timedelta(days=1), TODAY, ""),
        (TODAY + datetime.timedelta(days=140), TODAY, ""),
        (TODAY + datetime.timedelta(days=141), TODAY, "too-early"),
    ],
)
def test_which_days_make_an_early_birth(expected_on: datetime.date, born_on: datetime.date, problem: str) -> None:
    assert birth_dates_problem(expected_on=expected_on, born_on=born_on, today=TODAY) == problem


@pytest.mark.parametrize(
    ("signed_on", "counts"),
    [
        (datetime.date(2027, 4, 20), True),  # TV-06
        (datetime.date(2027, 5, 2), True),  # thirty days before
        (datetime.date(2027, 5, 3), False),  # TV-07: twenty-nine
        (datetime.date(2027, 6, 2), False),
    ],
)
def test_signed_long_enough_before_the_due_day(signed_on: datetime.date, counts: bool) -> None:
    assert was_signed_in_time(signed_on, expected_on=DUE, days_before_due=30) is counts


def test_hours_are_hours_whatever_the_clocks_do() -> None:
    signed = datetime.datetime.fromisoformat("2027-03-12T09:00:00-05:00")  # the clocks go forward two nights later
    assert hours_after(signed, 72) == datetime.datetime.fromisoformat("2027-03-15T10:00:00-04:00")
    assert hours_after(signed, 72).tzinfo is datetime.UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        hours_after(datetime.datetime(2027, 3, 12, 9, 0), 72)  # noqa: DTZ001  the naive time is the point
