"""From a wall clock to an instant, and back. Twice a year in many places a clock time happens twice, or never.

>>> import datetime
>>> when = instants_of(datetime.date(2026, 3, 29), datetime.time(2, 30), time_zone="Europe/Berlin")
>>> when
()
>>> len(instants_of(datetime.date(2026, 10, 25), datetime.time(2, 30), time_zone="Europe/Berlin"))
2
"""

import datetime
import zoneinfo

# Days a clinic's diary can show. Far from both ends of what a computer can count, in every zone.
FIRST_YEAR, LAST_YEAR = 2000, 2200


def instants_of(day: datetime.date, clock_time: datetime.time, *, time_zone: str) -> tuple[datetime.datetime, ...]:
    """Every instant at which a clock in this zone shows this day and time.

    **Gives** UTC instants in order: none (the clocks skip that time), one, or two (it happens twice).
    """
    zone = zoneinfo.ZoneInfo(time_zone)
    wall = datetime.datetime.combine(day, clock_time)
    found = set()
    for fold in (0, 1):
        instant = wall.replace(tzinfo=zone, fold=fold).astimezone(datetime.UTC)
        if instant.astimezone(zone).replace(tzinfo=None) == wall:
            found.add(instant)
    return tuple(sorted(found))


def is_in_diary(day: datetime.date) -> bool:
    """Whether a clinic's diary has this day."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def day_bounds(day: datetime.date, *, time_zone: str) -> tuple[datetime.datetime, datetime.datetime]:
    """First instant of a civil day and of the next one, in UTC; where midnight is skipped, the instant after it."""
    zone = zoneinfo.ZoneInfo(time_zone)
    midnights = (datetime.datetime.combine(each, datetime.time(), tzinfo=zone) for each in (day, _next(day)))
    start, end = (midnight.astimezone(datetime.UTC) for midnight in midnights)
    return start, end


def offset_words(instant: datetime.datetime, *, time_zone: str) -> str:
    """How a zone's clocks stand to UTC at an instant.

    >>> offset_words(datetime.datetime(2026, 7, 1, tzinfo=datetime.UTC), time_zone="Asia/Kolkata")
    'UTC+05:30'
    """
    written = instant.astimezone(zoneinfo.ZoneInfo(time_zone)).strftime("%z")
    return f"UTC{written[:3]}:{written[3:5]}"


def _next(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=1)
