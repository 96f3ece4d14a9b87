"""As much of JSON Schema as the schema of the facts uses. An unknown keyword is an error here, not a pass."""

import re
from collections.abc import Iterator
from typing import Any

SAID_ONLY = {"$schema", "$id", "$comment", "$defs", "title", "description", "format", "type"}
TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
Schema = dict[str, Any]


def breaches(value: Any, schema: Schema, root: Schema) -> Iterator[str]:
    """Every keyword of the schema that the value breaks; of a value of another type, only that."""
    if "type" in schema and type(value) is not TYPES[schema["type"]]:
        yield f"type: {schema['type']}"
        return
    for keyword, wanted in schema.items():
        if keyword in WITHIN:
            for part, inner in WITHIN[keyword](value, wanted, root):
                yield from breaches(part, inner, root)
        elif keyword == "anyOf":
            if all(any(breaches(value, option, root)) for option in wanted):
                yield "anyOf"
        elif keyword not in SAID_ONLY and not KEEPS[keyword](value, wanted, schema):
            yield f"{keyword}: {wanted}"


# What a keyword says about the parts of a value, or about the value itself in another place of the schema.
WITHIN = {
    "$ref": lambda value, wanted, root: [(value, root["$defs"][wanted.removeprefix("#/$defs/")])],
    "properties": lambda value, wanted, _root: [(value[name], wanted[name]) for name in wanted.keys() & value.keys()],
    "items": lambda value, wanted, _root: [(each, wanted) for each in value],
}
KEEPS = {
    "required": lambda value, wanted, _schema: set(wanted) <= value.keys(),
    "additionalProperties": lambda value, _wanted, schema: value.keys() <= schema["properties"].keys(),
    "enum": lambda value, wanted, _schema: value in wanted,
    "pattern": lambda value, wanted, _schema: re.search(wanted, value) is not None,
    "minimum": lambda value, wanted, _schema: value >= wanted,
    "maximum": lambda value, wanted, _schema: value <= wanted,
    "maxLength": lambda value, wanted, _schema: len(value) <= wanted,
}
