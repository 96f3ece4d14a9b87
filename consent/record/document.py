"""The record as a document: the bytes that are stored once, hashed, bound by a ledger entry and never written again.

Canonical JSON, in the way the ledger writes it (`consent.ledger.canonical`): keys sorted, whole numbers, no null, text
exactly as stored. Times are UTC texts, bytes base64, what is not known is left out. Who reads a document hashes the
stored bytes and never writes them again to obtain the digest.

>>> document_digest(b"{}")[:16]
'44136fa355b3678a'
"""

import base64
import binascii
import datetime
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from consent.ledger.canonical import EncodingError, canonical_as_stored, read_as_stored, time_from_text, time_text
from consent.record.exceptions import DocumentError
from consent.record_facts import ConsentRecord

FORMAT = "freely-given/consent-record/v1"


def document_bytes(record: ConsentRecord) -> bytes:
    """The canonical bytes of a record.

    **Raises** DocumentError for a value that has no place in it, such as a time without its zone.
    """
    try:
        return canonical_as_stored({"format": FORMAT, **_written(record)})
    except EncodingError as error:
        raise DocumentError(f"This record cannot be written: {error}", field=error.path) from error


def document_digest(document: bytes) -> str:
    """SHA-256 of the stored bytes, 64 lowercase hex characters."""
    return hashlib.sha256(document).hexdigest()


def record_of(document: bytes) -> ConsentRecord:
    """The record that a document holds.

    **Raises** DocumentError for another version, a key that is missing, unknown or given twice, a value
    of another kind, and every way of writing that `document_bytes` would not choose.
    """
    try:
        value = read_as_stored(document)
    except EncodingError as error:
        raise DocumentError(f"This is not the document of a record: {error.reason}.", field=error.path) from error
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise DocumentError(f"This is not a document of the form {FORMAT}.", field="format")
    record: ConsentRecord = _read(ConsentRecord, {key: item for key, item in value.items() if key != "format"}, "$")
    if document_bytes(record) != document:
        raise DocumentError("Writing this record again gives other bytes.", field="$")
    return record


def _written(record: object) -> dict[str, object]:
    found = {field.name: getattr(record, field.name) for field in fields(record)}  # type: ignore[arg-type]
    return {name: _plain(value) for name, value in found.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, datetime.datetime):
        return time_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if is_dataclass(value):
        return _written(value)
    return value


@cache
def hints_of(kind: type) -> Mapping[str, Any]:
    """The kind of each field of a part of the record."""
    return get_type_hints(kind)


def _read(kind: Any, value: object, path: str) -> Any:
    if is_dataclass(kind):
        return _read_part(kind, value, path)
    if get_origin(kind) is tuple:
        return _read_list(get_args(kind), value, path)
    if get_origin(kind) is dict:
        return {key: _read(str, item, f"{path}.{key}") for key, item in _of_kind(dict, value, path).items()}
    if isinstance(kind, UnionType):
        return _read(next(one for one in get_args(kind) if one is not NoneType), value, path)
    return _SINGLE[kind](value, path)


def _read_part(kind: Any, value: object, path: str) -> Any:
    given, known = _of_kind(dict, value, path), hints_of(kind)
    unknown = [name for name in given if name not in known]
    if unknown:
        raise DocumentError(f"{path}: “{unknown[0]}” is not known here.", field=path)
    found = {name: _read(known[name], item, f"{path}.{name}") for name, item in given.items()}
    for field in fields(kind):
        if field.name not in found:
            if NoneType not in get_args(known[field.name]):
                raise DocumentError(f"{path}: “{field.name}” is missing.", field=f"{path}.{field.name}")
            found[field.name] = None if field.default is MISSING else field.default
    return kind(**found)


def _read_list(kinds: tuple[Any, ...], value: object, path: str) -> tuple[Any, ...]:
    items: list[object] = _of_kind(list, value, path)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        kinds = (kinds[0],) * len(items)
    if len(kinds) != len(items):
        raise DocumentError(f"{path}: holds {len(items)} values instead of {len(kinds)}.", field=path)
    return tuple(
        _read(kind, item, f"{path}[{place}]") for place, (kind, item) in enumerate(zip(kinds, items, strict=True))
    )


def _of_kind(kind: type, value: object, path: str) -> Any:
    if type(value) is not kind:
        raise DocumentError(f"{path}: is not {_KIND_WORDS[kind]}.", field=path)
    return value


def _read_time(value: object, path: str) -> datetime.datetime:
    try:
        return time_from_text(_of_kind(str, value, path))
    except EncodingError as error:
        raise DocumentError(f"{path}: {error.reason}.", field=path) from error


def _read_day(value: object, path: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_of_kind(str, value, path))
    except ValueError as error:
        raise DocumentError(f"{path}: is not a day such as 2027-01-15.", field=path) from error


def _read_bytes(value: object, path: str) -> bytes:
    try:
        return base64.b64decode(_of_kind(str, value, path), validate=True)
    except (binascii.Error, ValueError) as error:
        raise DocumentError(f"{path}: is not base64.", field=path) from error


_KIND_WORDS = {
    str: "a text", int: "a whole number", bool: "true or false", list: "a list", dict: "an object"
}  # fmt: skip
_SINGLE: dict[type, Callable[[object, str], Any]] = {
    str: lambda value, path: _of_kind(str, value, path),
    int: lambda value, path: _of_kind(int, value, path),
    bool: lambda value, path: _of_kind(bool, value, path),
    datetime.datetime: _read_time,
    datetime.date: _read_day,
    bytes: _read_bytes,
}
