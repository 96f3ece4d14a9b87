"""The shape of a record's document as JSON Schema (2020-12), printed from the types that hold it.

What each key means is what stands beside the field in `consent/record_facts.py`. The schema knows shapes; that the
bytes are written in the one canonical way, only the reader knows (`document.record_of`).

>>> record_schema()["properties"]["format"]
{'const': 'freely-given/consent-record/v1'}
"""

import datetime
import json
from dataclasses import fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

from consent.record.document import FORMAT, hints_of
from consent.record_facts import ConsentRecord
from consent.rules.facts_schema import notes_beside

Schema = dict[str, Any]
PRINTED = "Printed by `manage.py generate_docs`. Change consent/record_facts.py, not this file."
SINGLE: dict[type, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    datetime.date: {"type": "string", "format": "date"},
    datetime.datetime: {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$"},
}


def record_schema_page() -> str:
    """The schema as a file."""
    return json.dumps(record_schema(), indent=2, ensure_ascii=False) + "\n"


def record_schema() -> Schema:
    """The schema of a whole document."""
    definitions: dict[str, Schema] = {}
    root = _part(ConsentRecord, definitions)
    root["properties"] = {"format": {"const": FORMAT}, **root["properties"]}
    root["required"] = ["format", *root["required"]]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "$comment": PRINTED,
        "title": "Record of a consent",
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _part(kind: type, definitions: dict[str, Schema]) -> Schema:
    """The schema of one part of the record. What is not known is left out; every other key stands."""
    hints, notes = hints_of(kind), notes_beside(kind)
    properties: dict[str, Schema] = {}
    for field in fields(kind):
        shape = _shape(hints[field.name], definitions)
        note = notes.get(field.name)
        properties[field.name] = shape | {"description": note} if note else shape
    return {
        "description": (kind.__doc__ or "").splitlines()[0],
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if NoneType not in get_args(hints[name])],
        "additionalProperties": False,
    }


def _shape(hint: Any, definitions: dict[str, Schema]) -> Schema:
    if isinstance(hint, UnionType):
        return _shape(next(one for one in get_args(hint) if one is not NoneType), definitions)
    if is_dataclass(hint) and isinstance(hint, type):
        if hint.__name__ not in definitions:
            definitions[hint.__name__] = {}
            definitions[hint.__name__] = _part(hint, definitions)
        return {"$ref": f"#/$defs/{hint.__name__}"}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    return _list(get_args(hint), definitions) if get_origin(hint) is tuple else dict(SINGLE[hint])


def _list(kinds: tuple[Any, ...], definitions: dict[str, Schema]) -> Schema:
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return {"type": "array", "items": _shape(kinds[0], definitions)}
    pair = [_shape(kind, definitions) for kind in kinds]
    return {"type": "array", "prefixItems": pair, "items": False, "minItems": len(pair), "maxItems": len(pair)}
