"""Overlap and clock times, without a database."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.scheduling.local_times import day_bounds, instants_of, offset_words
from clinic.scheduling.overlap import first_overlap, overlaps

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
minutes = st.integers(min_value=0, max_value=3000)
lengths = st.integers(min_value=1, max_value=1440)


def span(start: int, length: int) -> tuple[datetime.datetime, datetime.datetime]:
    begins = START + datetime.timedelta(minutes=start)
    return begins, begins + datetime.timedelta(minutes=length)


@given(minutes, lengths, minutes, lengths)
def test_overlapping_is_sharing_a_minute(one: int, long: int, other: int, longer: int) -> None:
    shared = set(range(one, one + long)) & set(range(other, other + longer))
    assert overlaps(span(one, long), span(other, longer)) is bool(shared)
    assert overlaps(span(other, longer), span(one, long)) is bool(shared)


def test_the_earliest_overlap_is_named() -> None:
    taken = [span(90, 30), span(30, 30), span(0, 10)]
    assert first_overlap(span(20, 100), taken) == span(30, 30)
    assert first_overlap(span(10, 20), taken) is None
    assert first_overlap(span(10, 20), []) is None


@pytest.mark.parametrize(
    ("zone", "day", "clock_time", "instants"),
    [
        ("Asia/Shanghai", "2026-03-29", "02:30", ["2026-03-28T18:30"]),
        ("Europe/Berlin", "2026-03-29", "02:30", []),
        ("Europe/Berlin", "2026-03-29", "02:00", []),
        ("Europe/Berlin", "2026-03-29", "03:00", ["2026-03-29T01:00"]),
        ("Europe/Berlin", "2026-10-25", "02:30", ["2026-10-25T00:30", "2026-10-25T01:30"]),
        ("Europe/Berlin", "2026-10-25", "03:00", ["2026-10-25T02:00"]),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", ["2026-04-04T14:45", "2026-04-04T15:15"]),
        ("Pacific/Apia", "2011-12-30", "12:00", []),
    ],
)
def test_clock_times_that_are_once_twice_or_never(zone: str, day: str, clock_time: str, instants: list[str]) -> None:
    found = instants_of(datetime.date.fromisoformat(day), datetime.time.fromisoformat(clock_time), time_zone=zone)
    assert [f"{instant:%Y-%m-%dT%H:%M}" for instant in found] == instants


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Asia/Shanghai", "2026-03-29", 24),
        ("Europe/Berlin", "2026-03-29", 23),
        ("Europe/Berlin", "2026-10-25", 25),
        ("America/Santiago", "2026-09-06", 23),  # midnight itself is skipped there
    ],
)
def test_a_day_is_as_long_as_its_clocks_say(zone: str, day: str, hours: int) -> None:
    start, end = day_bounds(datetime.date.fromisoformat(day), time_zone=zone)
    assert end - start == datetime.timedelta(hours=hours)
    assert day_bounds(datetime.date.fromisoformat(day) + datetime.timedelta(days=1), time_zone=zone)[0] == end


def test_offsets_in_words() -> None:
    summer = datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC)
    assert offset_words(summer, time_zone="Europe/Berlin") == "UTC+02:00"
    assert offset_words(summer, time_zone="America/St_Johns") == "UTC-02:30"
