"""The kinds of value a parameter can have: how each is read, which of two is stricter, and how it is printed.

The list is closed. `join` gives the stricter of two values; with waits and sets that may be a third one, which is at
least as strict as both. One value is as strict as another when joining the two gives it back.

>>> join("number", "up", 10, 15)
15
>>> join("number", "down", 7, 3)  # a right of the patient: sooner is stricter
3
>>> join("wait", "up", Wait(1, 14, 0), Wait(2, 2, 48))
Wait(days=2, days_with_birth=14, hours=48)
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, astuple, dataclass
from typing import Any

from consent.rules.rule_table import PrematureWait, Value, Wait
from consent.vocabulary import PersonRole, RequestSource, SigningState

ABSENT, PRESENT, UNTIL_ASKED = "absent", "present", "until-asked"

VOCABULARIES: dict[str, tuple[str, ...]] = {
    vocabulary.__name__: tuple(member.value for member in vocabulary)
    for vocabulary in (PersonRole, RequestSource, SigningState)
}

Codes = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """One kind of value; `read` raises ValueError saying what it wants."""

    read: Callable[[object, Codes], Value]
    joins: Mapping[str, Callable[[Any, Any, Codes], Value]]  # by direction: the stricter of two values that were read
    shown: Callable[[Any], str] = str
    has_codes: bool = False
    shipped_as: Value = None  # where there is one, a preset holds nothing else


def _whole_number(raw: object, _codes: Codes) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ValueError("a whole number, zero or more")
    return raw


def _number_or_absent(raw: object, codes: Codes) -> int | None:
    if raw == ABSENT:
        return None
    try:
        return _whole_number(raw, codes)
    except ValueError as error:
        raise ValueError(f"{error}, or {ABSENT!r}") from error


def _days_or_until_asked(raw: object, codes: Codes) -> int | str:
    if raw == UNTIL_ASKED:
        return UNTIL_ASKED
    try:
        return _whole_number(raw, codes)
    except ValueError as error:
        raise ValueError(f"{error}, or {UNTIL_ASKED!r}") from error


def _on_or_off(raw: object, _codes: Codes) -> bool:
    if not isinstance(raw, bool):
        raise ValueError("true or false")
    return raw


def _absent_or_present(raw: object, _codes: Codes) -> str:
    if raw not in {ABSENT, PRESENT} or not isinstance(raw, str):
        raise ValueError(f"{ABSENT!r} or {PRESENT!r}")
    return raw


def _wait(raw: object, codes: Codes) -> Wait:
    names = ("days", "days_with_birth", "hours")
    return Wait(*_numbers(raw, names, codes, "a table of days, days_with_birth and hours"))


def _premature_wait(raw: object, codes: Codes) -> PrematureWait:
    return PrematureWait(*_numbers(raw, ("hours", "days_before_due"), codes, "a table of hours and days_before_due"))


def _numbers(raw: object, names: tuple[str, ...], codes: Codes, wanted: str) -> list[int]:
    if not isinstance(raw, dict) or set(raw) != set(names):
        raise ValueError(wanted)
    return [_whole_number(raw[name], codes) for name in names]


def _set_of_codes(raw: object, codes: Codes) -> frozenset[str]:
    named = [code for code in raw if isinstance(code, str)] if isinstance(raw, list) else []
    if not named or named != raw or len(set(named)) != len(named) or not set(codes).issuperset(named):
        raise ValueError(f"a list of different codes out of {sorted(codes)}")
    return frozenset(named)


def _one_code(raw: object, codes: Codes) -> str:
    if not isinstance(raw, str) or raw not in codes:
        raise ValueError(f"one of {list(codes)}")
    return raw


def _higher(one: int, other: int, _codes: Codes) -> int:
    return max(one, other)


def _lower(one: int, other: int, _codes: Codes) -> int:
    return min(one, other)


def _either(one: bool, other: bool, _codes: Codes) -> bool:
    return one or other


def _absent_wins(one: str, other: str, _codes: Codes) -> str:
    return ABSENT if ABSENT in {one, other} else PRESENT


def _never_wins(one: int | None, other: int | None, _codes: Codes) -> int | None:
    return None if one is None or other is None else max(one, other)


def _until_asked_wins(one: int | str, other: int | str, _codes: Codes) -> int | str:
    if isinstance(one, str) or isinstance(other, str):
        return UNTIL_ASKED
    return max(one, other)


def _each_part(one: Wait | PrematureWait, other: Wait | PrematureWait, _codes: Codes) -> Wait | PrematureWait:
    return type(one)(*map(max, astuple(one), astuple(other)))


def _all_codes(one: frozenset[str], other: frozenset[str], _codes: Codes) -> frozenset[str]:
    return one | other


def _later_code(one: str, other: str, codes: Codes) -> str:
    return max(one, other, key=codes.index)


def _show_wait(wait: Wait) -> str:
    birth = f" ({wait.days_with_birth} with a birth)" if wait.days_with_birth != wait.days else ""
    hours = f"; hours: {wait.hours}" if wait.hours else ""
    return f"days: {wait.days}{birth}{hours}"


def _show_premature(wait: PrematureWait) -> str:
    return f"hours: {wait.hours}; signed at least {wait.days_before_due} days before the due day"


def _show_switch(value: bool) -> str:
    return "on" if value else "off"


def _show_number_or_absent(value: int | None) -> str:
    return "not allowed" if value is None else str(value)


def _show_codes(value: frozenset[str]) -> str:
    return ", ".join(sorted(value))


def _show_until(value: int | str) -> str:
    return "until asked" if value == UNTIL_ASKED else str(value)


KINDS: Mapping[str, Kind] = {
    "number": Kind(read=_whole_number, joins={"up": _higher, "down": _lower}),
    "number-or-absent": Kind(read=_number_or_absent, joins={"up": _never_wins}, shown=_show_number_or_absent),
    "days-or-until-asked": Kind(read=_days_or_until_asked, joins={"up": _until_asked_wins}, shown=_show_until),
    "switch": Kind(read=_on_or_off, joins={"true": _either}, shown=_show_switch, shipped_as=True),
    "absent": Kind(read=_absent_or_present, joins={"absent": _absent_wins}, shipped_as=ABSENT),
    "wait": Kind(read=_wait, joins={"up": _each_part}, shown=_show_wait),
    "premature-wait": Kind(read=_premature_wait, joins={"up": _each_part}, shown=_show_premature),
    "codes": Kind(read=_set_of_codes, joins={"superset": _all_codes}, shown=_show_codes, has_codes=True),
    "code": Kind(read=_one_code, joins={"up": _later_code}, has_codes=True),
}


def join(kind: str, stricter: str, one: Value, other: Value, codes: Codes = ()) -> Value:
    """The stricter of two values."""
    return KINDS[kind].joins[stricter](one, other, codes)


def shown(kind: str, value: Value) -> str:
    """A value as people read it."""
    return KINDS[kind].shown(value)


def raw(value: Value) -> Any:
    """A value as TOML and JSON hold it; reading it gives the value back."""
    if isinstance(value, Wait | PrematureWait):
        return asdict(value)
    if isinstance(value, frozenset):
        return sorted(value)
    return ABSENT if value is None else value
