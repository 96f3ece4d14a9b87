"""One ledger entry, format v1, as a value and as bytes (docs/ledger-format.md).

An entry says what happened, who did it, which rows it left behind and in which state. It carries codes,
times, opaque ids and digests; never a name, never a word that somebody said. A reader hashes the stored bytes
and never re-encodes to obtain the hash; it then parses, and refuses bytes it would have written differently.

>>> parse_entry(b'{"v":2}')
Traceback (most recent call last):
    ...
consent.ledger.canonical.EncodingError: $.v: version 2 is unknown here
"""

import datetime
import re
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from clinic.vocabulary import Role
from consent.ledger.canonical import EncodingError, canonical, read, time_from_text, time_text
from consent.ledger.entry import Actor, BoundRow, DetailValue, Entry, Seen, SheetText
from consent.vocabulary import KINDS_WITHOUT_SUBJECT, EntryKind, Via

VERSION = 1

_ID = re.compile(r"[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9./-]{0,126}")
_MODEL = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,127}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")

_REQUIRED = frozenset({"v", "id", "log", "type", "occurred_at", "recorded_at", "actor", "object", "history"})
_OPTIONAL = frozenset({"subject", "sseq", "sprev", "text", "veil", "detail", "seen"})

_Closed = TypeVar("_Closed", bound=StrEnum)


def encode_entry(entry: Entry) -> bytes:
    """The exact bytes that are hashed and stored.

    **Raises** EncodingError naming the path of whatever has no place in format v1.
    """
    document = _document(entry)
    _entry_from(document)
    return canonical(document)


def parse_entry(body: bytes) -> Entry:
    """The entry that stored bytes stand for.

    **Raises** EncodingError for bytes this version would not have written: another version or kind, a key
    unknown or given twice, blanks, another order.
    """
    return _entry_from(read(body))


def _document(entry: Entry) -> dict[str, object]:
    document: dict[str, object | None] = {
        "v": VERSION,
        "id": entry.id.hex,
        "log": entry.log,
        "type": str(entry.kind),
        "subject": entry.subject.hex if entry.subject else None,
        "sseq": entry.sseq,
        "sprev": entry.sprev,
        "occurred_at": time_text(entry.occurred_at),
        "recorded_at": time_text(entry.recorded_at),
        "actor": _actor_document(entry.actor),
        "object": [_row_document(row) for row in entry.objects],
        "history": [_row_document(row) for row in entry.history],
        "text": _text_document(entry.text) if entry.text else None,
        "veil": list(entry.veil) or None,
        "detail": _detail_document(entry.detail) if entry.detail else None,
        "seen": {"size": entry.seen.size, "root": entry.seen.root} if entry.seen else None,
    }
    return {key: value for key, value in document.items() if value is not None}


def _actor_document(actor: Actor) -> dict[str, object]:
    document: dict[str, object] = {"kind": str(actor.kind), "via": str(actor.via)}
    if actor.ref is not None:
        document["ref"] = actor.ref.hex
    return document


def _row_document(row: BoundRow) -> dict[str, object]:
    return {"model": row.model, "key": row.key, "digest": row.digest}


def _text_document(text: SheetText) -> dict[str, object]:
    return {"sheet": text.sheet, "version": text.version, "language": text.language, "digest": text.digest}


def _detail_document(detail: Mapping[str, DetailValue]) -> dict[str, object]:
    return {key: list(value) if isinstance(value, list | tuple) else value for key, value in detail.items()}


class _Part:
    """One object of a document, read key by key; every refusal names the path."""

    def __init__(self, value: object, path: str, required: frozenset[str], optional: frozenset[str]) -> None:
        if not isinstance(value, dict):
            raise EncodingError(path, "not an object")
        for key in sorted(required - value.keys()):
            raise EncodingError(f"{path}.{key}", "missing")
        for key in sorted(value.keys() - required - optional):
            raise EncodingError(f"{path}.{key}", "unknown key")
        self._value = value
        self._path = path

    def refuse(self, key: str, reason: str) -> EncodingError:
        return EncodingError(f"{self._path}.{key}", reason)

    def has(self, key: str) -> bool:
        return key in self._value

    def text(self, key: str, pattern: re.Pattern[str]) -> str:
        return _matching(self._value[key], f"{self._path}.{key}", pattern)

    def maybe_text(self, key: str, pattern: re.Pattern[str]) -> str | None:
        return self.text(key, pattern) if key in self._value else None

    def maybe_id(self, key: str) -> uuid.UUID | None:
        text = self.maybe_text(key, _ID)
        return None if text is None else uuid.UUID(hex=text)

    def closed(self, key: str, choices: type[_Closed]) -> _Closed:
        try:
            return choices(self._value[key])
        except ValueError as error:
            raise self.refuse(key, f"not one of the {choices.__name__} values") from error

    def time(self, key: str) -> datetime.datetime:
        value = self._value[key]
        if not isinstance(value, str):
            raise self.refuse(key, "not a time")
        try:
            return time_from_text(value)
        except EncodingError as error:
            raise self.refuse(key, error.reason) from error

    def counting(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is not None and (type(value) is not int or value < 1):
            raise self.refuse(key, "not a number from 1 up")
        return value

    def items(self, key: str) -> list[tuple[str, object]]:
        value = self._value.get(key, [])
        if not isinstance(value, list):
            raise self.refuse(key, "not a list")
        return [(f"{self._path}.{key}[{position}]", item) for position, item in enumerate(value)]

    def raw(self, key: str) -> object:
        return self._value[key]


def _matching(value: object, path: str, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise EncodingError(path, f"does not look like {pattern.pattern}")
    return value


def _entry_from(value: object) -> Entry:
    version = value.get("v", VERSION) if isinstance(value, dict) else VERSION
    if type(version) is not int or version != VERSION:
        raise EncodingError("$.v", f"version {version!r} is unknown here")
    part = _Part(value, "$", _REQUIRED, _OPTIONAL)
    entry = Entry(
        id=uuid.UUID(hex=part.text("id", _ID)),
        log=part.text("log", _ORIGIN),
        kind=part.closed("type", EntryKind),
        subject=part.maybe_id("subject"),
        sseq=part.counting("sseq"),
        sprev=part.maybe_text("sprev", _DIGEST),
        occurred_at=part.time("occurred_at"),
        recorded_at=part.time("recorded_at"),
        actor=_actor_from(part.raw("actor")),
        objects=_rows_from(part, "object"),
        history=_rows_from(part, "history"),
        text=_text_from(part.raw("text")) if part.has("text") else None,
        veil=tuple(_matching(item, path, _DIGEST) for path, item in part.items("veil")),
        detail=_detail_from(part.raw("detail")) if part.has("detail") else None,
        seen=_seen_from(part.raw("seen")) if part.has("seen") else None,
    )
    _check_stream(entry, part)
    _check_lists(entry, part)
    return entry


def _check_stream(entry: Entry, part: _Part) -> None:
    if (entry.subject is None) != (entry.kind in KINDS_WITHOUT_SUBJECT):
        raise part.refuse("subject", "every entry about a patient has a subject, and no other entry has one")
    if (entry.subject is None) != (entry.sseq is None):
        raise part.refuse("sseq", "numbers the subject's entries; it stands exactly where a subject stands")
    if (entry.sprev is None) != (entry.sseq is None or entry.sseq == 1):
        raise part.refuse("sprev", "names the previous entry of the subject, so it stands from the second on")


def _check_lists(entry: Entry, part: _Part) -> None:
    named = [(row.model, row.key) for row in (*entry.objects, *entry.history)]
    if len(set(named)) != len(named):
        raise part.refuse("object", "the same row is named twice")
    if part.has("veil") and not entry.veil:
        raise part.refuse("veil", "empty; leave it out")
    if part.has("detail") and not entry.detail:
        raise part.refuse("detail", "empty; leave it out")


def _actor_from(value: object) -> Actor:
    part = _Part(value, "$.actor", frozenset({"kind", "via"}), frozenset({"ref"}))
    actor = Actor(kind=part.closed("kind", Role), ref=part.maybe_id("ref"), via=part.closed("via", Via))
    if actor.ref is None and actor.via not in {Via.COMMAND, Via.SYSTEM}:
        raise part.refuse("ref", "missing; only a command and the software itself have no one to name")
    return actor


def _rows_from(parent: _Part, key: str) -> tuple[BoundRow, ...]:
    rows = []
    for path, value in parent.items(key):
        part = _Part(value, path, frozenset({"model", "key", "digest"}), frozenset())
        model, row_key = part.text("model", _MODEL), part.text("key", _ID)
        rows.append(BoundRow(model=model, key=row_key, digest=part.text("digest", _DIGEST)))
    return tuple(rows)


def _text_from(value: object) -> SheetText:
    part = _Part(value, "$.text", frozenset({"sheet", "version", "language", "digest"}), frozenset())
    return SheetText(
        sheet=part.text("sheet", _CODE),
        version=part.text("version", _CODE),
        language=part.text("language", _CODE),
        digest=part.text("digest", _DIGEST),
    )


def _seen_from(value: object) -> Seen:
    part = _Part(value, "$.seen", frozenset({"size", "root"}), frozenset())
    return Seen(size=part.counting("size") or 0, root=part.text("root", _DIGEST))


def _detail_from(value: object) -> dict[str, DetailValue]:
    if not isinstance(value, dict):
        raise EncodingError("$.detail", "not an object")
    detail: dict[str, DetailValue] = {}
    for key, item in value.items():
        path = f"$.detail.{_matching(key, '$.detail', _NAME)}"
        if isinstance(item, list):
            detail[key] = tuple(_code(part, f"{path}[{position}]") for position, part in enumerate(item))
        else:
            detail[key] = _code(item, path)
    return detail


def _code(value: object, path: str) -> str | int | bool:
    if isinstance(value, int):
        return value
    return _matching(value, path, _CODE)
