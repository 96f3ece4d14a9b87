"""Stretches of time in a room, added up without counting any minute twice.

>>> import datetime
>>> noon = datetime.datetime(2027, 3, 2, 12, 0, tzinfo=datetime.UTC)
>>> minute = datetime.timedelta(minutes=1)
>>> alone = (Span(begins_at=noon, ends_at=noon + 10 * minute), Span(begins_at=noon + 5 * minute, ends_at=None))
>>> total(alone, until=noon + 12 * minute, without=(Span(begins_at=noon, ends_at=noon + 2 * minute),)) // minute
10
"""

import datetime
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from consent.rules.days import aware, days_between, zone_named

Pair = tuple[datetime.datetime, datetime.datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A stretch of time. An end that is not recorded has not come."""

    begins_at: datetime.datetime
    ends_at: datetime.datetime | None

    def holds(self, instant: datetime.datetime) -> bool:
        """Whether the instant lies within, first and last moment included."""
        return self.begins_at <= instant and (self.ends_at is None or instant <= self.ends_at)


def days_apart(earlier: datetime.datetime, later: datetime.datetime, time_zone: str) -> int:
    """Days on the clinic's calendar; where its zone is not known, in UTC."""
    return days_between(earlier, later, zone_named(time_zone) or zoneinfo.ZoneInfo("UTC"))


def total(spans: Iterable[Span], *, until: datetime.datetime, without: Iterable[Span] = ()) -> datetime.timedelta:
    """The time up to an instant that at least one span covers and none of the others does."""
    covered = _merged(_clipped(spans, until))
    taken = _merged(_clipped(without, until))
    length = sum((end - begin for begin, end in covered), datetime.timedelta())
    for begin, end in covered:
        for other_begin, other_end in taken:
            length -= max(datetime.timedelta(), min(end, other_end) - max(begin, other_begin))
    return length


def _clipped(spans: Iterable[Span], until: datetime.datetime) -> list[Pair]:
    pairs = ((span.begins_at, min(span.ends_at or until, until)) for span in spans)
    return [(aware(begin), aware(end)) for begin, end in pairs if begin < end]


def _merged(pairs: list[Pair]) -> list[Pair]:
    """The same time as stretches that do not touch."""
    merged: list[Pair] = []
    for begin, end in sorted(pairs):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return merged
