"""The one place that asks what time it is. Tests replace `_read`; nothing else in the house reads a clock."""

import datetime
import zoneinfo


def _read() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def now() -> datetime.datetime:
    """The present instant: aware, UTC, microseconds."""
    return _read()


def local_date(instant: datetime.datetime, *, time_zone: str) -> datetime.date:
    """The civil day of an instant in a site's zone (IANA name)."""
    return instant.astimezone(zoneinfo.ZoneInfo(time_zone)).date()
