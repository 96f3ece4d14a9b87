"""Dates and times as a reader of the record's language writes them, in the clinic's zone.

>>> import datetime
>>> from consent.record.labels import LABELS
>>> shown_date(datetime.date(2026, 3, 4), LABELS)
'4 March 2026'
"""

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from consent.record.exceptions import InvalidTimeError
from consent.record.labels import joined


def shown_date(day: datetime.date, labels: Mapping[str, str]) -> str:
    """Write a date with the month in words."""
    return joined(labels["date"], day=str(day.day), month=labels[f"month_{day.month}"], year=str(day.year))


def shown_time(at: datetime.datetime, *, zone: ZoneInfo, labels: Mapping[str, str], field: str) -> str:
    """Write an instant in a zone, with its distance from UTC so that an hour repeated in autumn stays clear.

    **Raises** InvalidTimeError when the time has no zone.
    """
    if at.utcoffset() is None:
        raise InvalidTimeError(f"{field}: the time has no zone.", field=field)
    local = at.astimezone(zone)
    name = local.strftime("%z")
    return joined(
        labels["time"],
        date=shown_date(local.date(), labels),
        clock=local.strftime("%H:%M"),
        offset=f"UTC{name[:3]}:{name[3:5]}",
    )


def known_zone(name: str) -> ZoneInfo:
    """Find an IANA zone by name.

    **Raises** InvalidTimeError when there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as cause:
        raise InvalidTimeError("time_zone: not a known time zone.", field="time_zone") from cause
