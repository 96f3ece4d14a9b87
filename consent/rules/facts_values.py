"""The single values of a facts file: how each kind is written in JSON, read back, and described.

One table for the reader, the writer and the schema, so that the three cannot part. A value is one thing: a time, a day,
an id, a code of a closed list, a count, a yes or no, a text. Nothing is guessed: `"5"` is no count, `1` is no yes, a
time without its offset is no time.

>>> leaf_for(int, "minutes_alone").read(True)
Traceback (most recent call last):
    ...
ValueError: not a whole number
>>> instant("2027-02-14T10:00:00+08:00").isoformat()
'2027-02-14T02:00:00+00:00'
"""

import datetime
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from consent.rules.days import UTC, zone_named

LARGEST = 1_000_000_000  # no count of minutes, seconds or people comes near it
LONGEST = 500  # characters of a text
# Times and days between 1900 and 2199: outside, a slip of the pen is likelier than a patient.
DAY_PATTERN = r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
SECONDS = r"(:[0-5][0-9](\.[0-9]{1,6})?)?"  # may be left out
TIME_PATTERN = DAY_PATTERN[:-1] + rf"T[0-2][0-9]:[0-5][0-9]{SECONDS}(Z|[+-][0-2][0-9]:[0-5][0-9])$"
ID_PATTERN = r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"
DIGEST_PATTERN = r"^[0-9a-f]{64}$"
# The names of IANA begin with a capital; "localtime" and "posix/..." mean something else on every machine.
ZONE_PATTERN = r"^[A-Z][A-Za-z0-9_+/-]*$"
TEXT_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f]*$"


Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One kind of value."""

    expected: str  # in words, for whoever wrote the file
    read: Callable[[object], object]  # raises ValueError
    write: Callable[[Any], object]
    schema: Mapping[str, object]


def leaf_for(kind: type, name: str) -> Leaf:
    """How a field of this type and name is written. **Raises** TypeError for a type no fact has."""
    if kind is str:
        return ZONE if name == "time_zone" else DIGEST if name.endswith("_digest") else TEXT
    if issubclass(kind, StrEnum):
        return _codes(kind)
    if kind not in LEAVES:
        raise TypeError(f"{name}: no facts file can hold a {kind!r}")
    return LEAVES[kind]


def instant(text: object) -> datetime.datetime:
    """A time with its offset, as an aware UTC instant. **Raises** ValueError."""
    return _parsed(datetime.datetime.fromisoformat, TIME_PATTERN, text).astimezone(UTC)


def written_instant(at: datetime.datetime) -> str:
    """A time as it stands in a facts file: UTC, marked Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _parsed(parse: Callable[[str], Parsed], pattern: str, text: object) -> Parsed:
    """What the parser makes of a text that has the one shape we accept; parsers accept many more."""
    if not isinstance(text, str) or not re.fullmatch(pattern, text, flags=re.ASCII):
        raise ValueError("not in this form")
    return parse(text)


def _day(text: object) -> datetime.date:
    return _parsed(datetime.date.fromisoformat, DAY_PATTERN, text)


def _text(raw: object) -> str:
    text = _parsed(str, TEXT_PATTERN, raw)
    if len(text) > LONGEST:
        raise ValueError("too long")
    text.encode("utf-8")  # half of a character (a lone surrogate) is refused by a UnicodeError, which is a ValueError
    return text


def _zone(raw: object) -> str:
    name = _parsed(str, ZONE_PATTERN, raw)
    if zone_named(name) is None:
        raise ValueError("no such zone")
    return name


def _count(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError("not a whole number")
    if not 0 <= raw <= LARGEST:
        raise ValueError("out of range")
    return raw


def _yes_or_no(raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("neither true nor false")
    return raw


def _codes(kind: type[StrEnum]) -> Leaf:
    """The codes of one closed list."""

    def read(raw: object) -> StrEnum:
        if not isinstance(raw, str):
            raise ValueError("not a code")
        return kind(raw)

    codes = [code.value for code in kind]
    named = ", ".join(code or '"" (none)' for code in codes)
    return Leaf(f"one of {named}", read, str, {"enum": codes})


def _same(value: object) -> object:
    return value


TEXT = Leaf(
    f"text of at most {LONGEST} characters, without control characters",
    _text,
    _same,
    {"type": "string", "maxLength": LONGEST, "pattern": TEXT_PATTERN},
)
DIGEST = Leaf(
    "64 lowercase hex characters",
    lambda raw: _parsed(str, DIGEST_PATTERN, raw),
    _same,
    {"type": "string", "pattern": DIGEST_PATTERN},
)
ZONE = Leaf("an IANA time zone such as Asia/Shanghai", _zone, _same, {"type": "string", "pattern": ZONE_PATTERN})
LEAVES: Mapping[type, Leaf] = {
    bool: Leaf("true or false", _yes_or_no, _same, {"type": "boolean"}),
    int: Leaf(
        f"a whole number from 0 to {LARGEST}", _count, _same, {"type": "integer", "minimum": 0, "maximum": LARGEST}
    ),
    datetime.datetime: Leaf(
        "a time with its offset, between 1900 and 2199, such as 2027-02-14T10:00:00+08:00 or 2027-02-14T02:00:00Z",
        instant,
        written_instant,
        {"type": "string", "pattern": TIME_PATTERN},
    ),
    datetime.date: Leaf(
        "a day between 1900 and 2199 such as 2027-02-14",
        _day,
        lambda day: day.isoformat(),
        {"type": "string", "format": "date", "pattern": DAY_PATTERN},
    ),
    uuid.UUID: Leaf(
        "a UUID such as 00000000-0000-0000-0000-000000000001",
        lambda raw: _parsed(uuid.UUID, ID_PATTERN, raw),
        str,
        {"type": "string", "format": "uuid", "pattern": ID_PATTERN},
    ),
}
