"""The small parts every resource is made of. Empty ones are left out: FHIR knows no empty text, list or object."""

import datetime
import re
import uuid
import zoneinfo
from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]

NOT_FHIR_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
OTHER_BLANKS = re.compile(r"[^\S \r\n\t]")
EMPTY: tuple[Any, ...] = (None, "", [], {})


def filled(parts: Mapping[str, Any]) -> Json:
    """An object without what is empty. `False` and zero are values.

    >>> filled({"a": "", "b": False, "c": None})
    {'b': False}
    """
    return {key: value for key, value in parts.items() if not any(value is one or value == one for one in EMPTY)}


def words(text: str) -> str:
    """A text as FHIR may hold it: without its outer blanks, other scripts' blanks as plain ones, controls marked.

    >>> words(" Zhang\\u3000San\\x07 ")
    'Zhang San\\ufffd'
    """
    return NOT_FHIR_TEXT.sub("\N{REPLACEMENT CHARACTER}", OTHER_BLANKS.sub(" ", text)).strip()


def instant(at: datetime.datetime, zone: str) -> str:
    """A moment in the clinic's own time, with its offset.

    >>> instant(datetime.datetime(2027, 1, 15, 2, tzinfo=datetime.UTC), "Asia/Shanghai")
    '2027-01-15T10:00:00.000+08:00'
    """
    return at.astimezone(zoneinfo.ZoneInfo(zone)).isoformat(timespec="milliseconds")


def day_of(at: datetime.datetime, zone: str) -> datetime.date:
    """The day it was at the clinic."""
    return at.astimezone(zoneinfo.ZoneInfo(zone)).date()


def whole_day(at: datetime.datetime, zone: str) -> Json:
    """The clinic's day around a moment, as a period; where the clocks change, each end has its own offset.

    >>> whole_day(datetime.datetime(2027, 1, 15, 2, tzinfo=datetime.UTC), "Asia/Shanghai")["end"]
    '2027-01-15T23:59:59.999+08:00'
    """
    day = day_of(at, zone)
    here = zoneinfo.ZoneInfo(zone)
    start = datetime.datetime.combine(day, datetime.time.min, tzinfo=here)
    end = datetime.datetime.combine(day, datetime.time(23, 59, 59, 999000), tzinfo=here)
    return {"start": start.isoformat(timespec="milliseconds"), "end": end.isoformat(timespec="milliseconds")}


def period(start: datetime.datetime | None, end: datetime.datetime | None, zone: str) -> Json:
    """From and until; one may be missing."""
    return filled({"start": start and instant(start, zone), "end": end and instant(end, zone)})


def address(key: uuid.UUID) -> str:
    """How one resource names another in the same file."""
    return f"urn:uuid:{key}"


def reference(key: uuid.UUID, display: str = "") -> Json:
    """A reference that is resolved in the same file."""
    return filled({"reference": address(key), "display": words(display)})


def made_id(key: uuid.UUID, what: str) -> uuid.UUID:
    """The id of something that is no row of its own: always the same for the same row."""
    return uuid.uuid5(key, what)


def coding(system: str, code: str) -> Json:
    """A code and the list it is from."""
    return {"system": system, "code": code}


def concept(*codings: Json, text: str = "") -> Json:
    """Codes for one thing, and its plain words."""
    return filled({"coding": list(codings), "text": words(text)})


def identifier(system: str, value: str) -> Json:
    """A name given by somebody."""
    return {"system": system, "value": value}
