"""Days, hours and ages, counted the one way every rule counts them.

The law speaks of days, and means days on the clinic's wall calendar. Some sites also ask for elapsed hours, and those
are hours between two instants, whatever the clocks did meanwhile. The two are not the same, so both live here.

>>> import datetime, zoneinfo
>>> new_york = zoneinfo.ZoneInfo("America/New_York")
>>> friday = datetime.datetime(2027, 3, 12, 14, 0, tzinfo=datetime.UTC)  # 09:00 on the wall
>>> monday = datetime.datetime(2027, 3, 15, 13, 0, tzinfo=datetime.UTC)  # 09:00, the clocks went forward
>>> days_between(friday, monday, new_york)
3
>>> elapsed(friday, monday) // datetime.timedelta(hours=1)
71
"""

import datetime
import zoneinfo

UTC = datetime.UTC


def zone_named(name: str) -> zoneinfo.ZoneInfo | None:
    """The IANA zone of this name; None where there is none, and then no day can be counted."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return None


def civil_day(instant: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """The date on the clinic's wall at this instant."""
    return aware(instant).astimezone(zone).date()


def days_between(earlier: datetime.datetime, later: datetime.datetime, zone: zoneinfo.ZoneInfo) -> int:
    """Calendar days from one instant to another: 23:59 to 00:01 is one day, 00:01 to 23:59 is none."""
    return (civil_day(later, zone) - civil_day(earlier, zone)).days


def elapsed(earlier: datetime.datetime, later: datetime.datetime) -> datetime.timedelta:
    """Time that really passed between two instants, in whichever zone each is written."""
    return aware(later).astimezone(UTC) - aware(earlier).astimezone(UTC)


def hours_long(number: int) -> datetime.timedelta:
    """So many hours of time that really passes."""
    return datetime.timedelta(hours=number)


def minutes_long(number: int) -> datetime.timedelta:
    """So many minutes of time that really passes."""
    return datetime.timedelta(minutes=number)


def seconds_long(number: int) -> datetime.timedelta:
    """So many seconds of time that really passes."""
    return datetime.timedelta(seconds=number)


def first_instant_of(day: datetime.date, zone: zoneinfo.ZoneInfo) -> datetime.datetime:
    """When this date begins at the clinic, as a UTC instant.

    Where the clocks jump over midnight the date begins at the jump; where midnight comes twice, at the first.
    """
    return datetime.datetime.combine(day, datetime.time(0), tzinfo=zone).astimezone(UTC)


def age_on(day: datetime.date, *, born: datetime.date) -> int:
    """Whole years of age on a date. Born on 29 February means a year older on 1 March of a common year.

    >>> age_on(datetime.date(2025, 2, 28), born=datetime.date(2004, 2, 29))
    20
    >>> age_on(datetime.date(2025, 3, 1), born=datetime.date(2004, 2, 29))
    21
    """
    is_birthday_ahead = (day.month, day.day) < (born.month, born.day)
    return day.year - born.year - is_birthday_ahead


def aware(instant: datetime.datetime) -> datetime.datetime:
    """The instant itself, when it says which zone it is in. **Raises** ValueError where it does not."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant!r} has no time zone; rules only take aware instants")
    return instant
