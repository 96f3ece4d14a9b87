"""The shape of a facts file as JSON Schema (2020-12), printed from the types, so that an editor can help to write one.

What each key means is what stands beside the field in `consent/facts.py`. The schema knows shapes; that a patient
cannot sign before she was told, only the reader knows (`facts_order`).

>>> facts_schema()["$defs"]["PersonPresentFacts"]["properties"]["role"]
{'$ref': '#/$defs/PersonRole'}
>>> from consent.facts import ProcedureFacts
>>> notes_beside(ProcedureFacts)["accompanies_birth"]
'planned with a birth, caesarean or abortion; None = not recorded'
"""

import dataclasses
import inspect
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from consent.facts import GateFacts
from consent.rules.facts_file import Shape, keys_of
from consent.rules.facts_values import leaf_for

PRINTED = "Printed by `manage.py generate_docs`. Change consent/facts.py, not this file."
FIELD = re.compile(r"^    (\w+): [^#]*(?:# (.+))?$")
NOTE = re.compile(r"^    # (.+)$")
Schema = dict[str, Any]


def facts_schema_page() -> str:
    """The schema as a file."""
    return json.dumps(facts_schema(), indent=2, ensure_ascii=False) + "\n"


def facts_schema() -> Schema:
    """The schema of a whole file."""
    definitions: dict[str, Schema] = {}
    root = _record(GateFacts, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:freely-given:facts",
        "$comment": PRINTED,
        "title": "Facts for the gate",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def notes_beside(record: type) -> Mapping[str, str]:
    """What stands beside each field in the source: at the end of its line, or in the line above a group of fields."""
    notes: dict[str, str] = {}
    above = ""
    for line in inspect.getsource(record).splitlines():
        if note := NOTE.match(line):
            above = note[1]
        elif field := FIELD.match(line):
            notes[field[1]] = field[2] or above
    return {name: note for name, note in notes.items() if note}


def _record(record: type, definitions: dict[str, Schema]) -> Schema:
    """One object: every key, all of them required, and no other."""
    notes, properties = notes_beside(record), {}
    for name, shape in keys_of(record).items():
        value = _value(shape, name, definitions)
        properties[name] = {"description": _for_json(notes[name]), **value} if name in notes else value
    return {
        "description": _paragraph(record),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _value(shape: Shape, name: str, definitions: dict[str, Schema]) -> Schema:
    one = _one(shape.kind, name, definitions)
    value: Schema = {"type": "array", "items": one} if shape.is_list else one
    return {"anyOf": [value, {"type": "null"}]} if shape.is_optional else value


def _one(kind: type, name: str, definitions: dict[str, Schema]) -> Schema:
    is_record = dataclasses.is_dataclass(kind)
    if not is_record and not issubclass(kind, StrEnum):
        return dict(leaf_for(kind, name).schema)
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}  # its place, before its own parts are looked at
        codes = {"description": _paragraph(kind), **({} if is_record else leaf_for(kind, name).schema)}
        definitions[kind.__name__] = _record(kind, definitions) if is_record else codes
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _paragraph(kind: type) -> str:
    """The docstring in one line."""
    return " ".join((inspect.getdoc(kind) or "").split())


def _for_json(note: str) -> str:
    """A note for readers of Python, for readers of JSON."""
    return note.replace("None", "null").replace("()", "[]").replace("True", "true").replace("False", "false")
