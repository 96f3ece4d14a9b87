"""Facts from outside: a case written down as JSON, read without trust, so that anybody can ask the gate about it.

A lawyer who doubts a rule writes the case down, and asks the same gate that stands before the procedure. The file holds
everything the gate may know (`GateFacts`) save two things that are asked with it: the moment (`at`) and the preset.
Every key must be there; what is not known is null. The types of the facts drive the reader, so a new fact is read,
written and described the day it is added.

The reader refuses what it does not understand, and says everything it refuses at once: each problem names its place in
the file, what was expected and what was found. What cannot have happened is refused as well (`facts_order`): a verdict
about an impossible case would prove nothing.

>>> at = datetime.datetime(2027, 2, 14, 2, 0, tzinfo=datetime.UTC)
>>> try:
...     read_facts(b'{"time_zone": "Mars/Base", "open_holds": NaN}', at=at, preset=Preset.ENGLAND)
... except FactsRefused as refusal:
...     print(*(each.sentence for each in refusal.problems if each.found != "no such key"), sep="\\n")
$.time_zone: expected an IANA time zone such as Asia/Shanghai; found "Mars/Base"
$.open_holds: expected a whole number from 0 to 1000000000, or null; found NaN
"""

import dataclasses
import datetime
import functools
import json
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clinic.vocabulary import Preset
from consent.facts import GateFacts
from consent.rules.facts_order import Problem, impossible_orders
from consent.rules.facts_values import leaf_for

__all__ = ["FactsRefused", "Problem", "check_facts", "facts_document", "facts_from", "read_facts"]

ASKED_BESIDE = ("at", "preset")  # fields of the facts that stand in no file
LARGEST_FILE = 1_000_000  # bytes; a case needs some thousands
LONGEST_SHOWN = 60  # characters of what was found


class FactsRefused(Exception):
    """A facts file that says something impossible, or nothing that can be understood."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(problem.sentence for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Shape:
    """What a field may hold: one thing or a list of them, and whether it may be unknown."""

    kind: type
    is_list: bool
    is_optional: bool

    @property
    def is_record(self) -> bool:
        """True where the thing has fields of its own."""
        return dataclasses.is_dataclass(self.kind)


class _NotFinite(str):
    """NaN and its kind, which JSON does not know and Python reads."""


class _Object(dict[str, Any]):
    """A JSON object that remembers which of its keys were written twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        names = [name for name, _value in pairs]
        self.twice = [name for name in self if names.count(name) > 1] if len(names) > len(self) else []


def read_facts(content: bytes, *, at: datetime.datetime, preset: Preset) -> GateFacts:
    """The facts that a file holds, asked about at this moment under this preset.

    **Raises** FactsRefused with every problem of the file: of its shape, of its values, and orders that cannot be.
    """
    reader = _Reader()
    facts = reader.facts(_parsed(content), at=at, preset=preset)
    problems = (*reader.problems, *impossible_orders(reader.leaves))
    if problems or facts is None:
        raise FactsRefused(problems)
    return facts


def facts_from(document: Mapping[str, object], *, at: datetime.datetime, preset: Preset) -> GateFacts:
    """The facts of a parsed document, in whichever order things happened. **Raises** FactsRefused."""
    reader = _Reader()
    facts = reader.facts(_Object(list(document.items())), at=at, preset=preset)
    if facts is None:
        raise FactsRefused(tuple(reader.problems))
    return facts


def facts_document(facts: GateFacts) -> dict[str, Any]:
    """The facts as they stand in a file; reading it gives the same facts again."""
    return {name: _written(shape, getattr(facts, name), name) for name, shape in keys_of(GateFacts).items()}


def check_facts(facts: GateFacts) -> tuple[Problem, ...]:
    """What in these facts cannot have happened in this order."""
    reader = _Reader()
    reader.facts(_Object(list(facts_document(facts).items())), at=facts.at, preset=facts.preset)
    return impossible_orders(reader.leaves)


@functools.cache
def keys_of(record: type) -> Mapping[str, Shape]:
    """The keys of one object of the file, in the order of the fields, and what each may hold."""
    beside = ASKED_BESIDE if record is GateFacts else ()
    return {name: shape_of(kind) for name, kind in typing.get_type_hints(record).items() if name not in beside}


def shape_of(kind: Any) -> Shape:
    """What a type annotation of a fact means for the file."""
    parts = typing.get_args(kind)
    if isinstance(kind, types.UnionType):
        (inner,) = (part for part in parts if part is not types.NoneType)
        return dataclasses.replace(shape_of(inner), is_optional=True)
    if typing.get_origin(kind) is tuple:
        return Shape(kind=parts[0], is_list=True, is_optional=False)
    return Shape(kind=kind, is_list=False, is_optional=False)


def _written(shape: Shape, value: Any, name: str) -> Any:
    if value is None:
        return None
    if shape.is_list:
        one = dataclasses.replace(shape, is_list=False)
        return [_written(one, each, name) for each in value]
    if shape.is_record:
        return {key: _written(inner, getattr(value, key), key) for key, inner in keys_of(shape.kind).items()}
    return leaf_for(shape.kind, name).write(value)


def _parsed(content: bytes) -> object:
    """The JSON of a file. **Raises** FactsRefused."""
    if len(content) > LARGEST_FILE:
        raise FactsRefused((Problem("$", f"a file of at most {LARGEST_FILE} bytes", f"{len(content)} bytes"),))
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_Object, parse_constant=_NotFinite, parse_int=_whole
        )
    except UnicodeDecodeError as error:
        found = f"a byte that is not, at {error.start}"
        raise FactsRefused((Problem("$", "text in UTF-8", found),)) from error
    except json.JSONDecodeError as error:
        found = f"at line {error.lineno}, column {error.colno}: {error.msg}"
        raise FactsRefused((Problem("$", "JSON", found),)) from error
    except RecursionError as error:
        raise FactsRefused((Problem("$", "JSON", "brackets within brackets without end"),)) from error


def _whole(digits: str) -> int | float:
    """A whole number; one with more digits than any count has is only good for being refused."""
    return int(digits) if len(digits) < 20 else float(digits)


class _Reader:
    """Walks a document along the types of the facts, and keeps every problem and every value it could read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.leaves: dict[str, object] = {}  # by place in the file

    def facts(self, document: object, *, at: datetime.datetime, preset: Preset) -> GateFacts | None:
        """The whole document; None where there is a problem."""
        self.leaves["--at"] = at
        values = self._fields(GateFacts, document, "$", "an object")
        return GateFacts(at=at, preset=preset, **values) if values is not None and not self.problems else None

    def _value(self, shape: Shape, raw: object, path: str, name: str) -> object:
        """One value, one list or one object. Where it is refused the answer is None, and is never used."""
        if raw is None and shape.is_optional:
            return None
        or_null = ", or null" if shape.is_optional else ""
        if shape.is_list:
            return self._list(shape, raw, path, name, or_null)
        if shape.is_record:
            values = self._fields(shape.kind, raw, path, f"an object{or_null}")
            return None if values is None or self.problems else shape.kind(**values)
        leaf = leaf_for(shape.kind, name)
        try:
            self.leaves[path] = value = leaf.read(None if isinstance(raw, _NotFinite) else raw)
        except (ValueError, OverflowError):
            self.problems.append(Problem(path, leaf.expected + or_null, _shown(raw)))
            return None
        return value

    def _list(self, shape: Shape, raw: object, path: str, name: str, or_null: str) -> object:
        if not isinstance(raw, list):
            self.problems.append(Problem(path, f"a list{or_null}", _shown(raw)))
            return None
        one = Shape(kind=shape.kind, is_list=False, is_optional=False)
        return tuple(self._value(one, each, f"{path}[{index}]", name) for index, each in enumerate(raw))

    def _fields(self, record: type, raw: object, path: str, expected: str) -> dict[str, Any] | None:
        """The fields of one object."""
        if not isinstance(raw, dict):
            self.problems.append(Problem(path, expected, _shown(raw)))
            return None
        keys = keys_of(record)
        values: dict[str, Any] = {}
        for name, shape in keys.items():
            if name in raw:
                values[name] = self._value(shape, raw[name], f"{path}.{name}", name)
            else:
                unknown = "; null where it is not known" if shape.is_optional else ""
                self.problems.append(Problem(f"{path}.{name}", f"this key{unknown}", "no such key"))
        for name in getattr(raw, "twice", ()):
            self.problems.append(Problem(_place(path, name), "this key once", "it more than once"))
        for name in (name for name in raw if name not in keys):
            self.problems.append(Problem(_place(path, name), _instead_of(record, name), _shown(raw[name])))
        return values


def _instead_of(record: type, name: str) -> str:
    if record is GateFacts and name in ASKED_BESIDE:
        return f"no such key: it is asked with --{name}"
    return f"no such key, only {', '.join(keys_of(record))}"


def _place(path: str, name: str) -> str:
    """The place of a key that may be any text."""
    return f"{path}.{name}" if name.isascii() and name.isidentifier() else f"{path}[{_shown(name)}]"


def _shown(raw: object) -> str:
    """What was found, in one short line that does nothing to a terminal."""
    if isinstance(raw, dict | list):
        return "an object" if isinstance(raw, dict) else "a list"
    text = str(raw) if isinstance(raw, _NotFinite) else json.dumps(raw)
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
