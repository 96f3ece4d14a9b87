"""What a receipt shows beside the entry: the rows it speaks of, with as much of them in plain words as its owner wants.

An entry names a row only by its digest. An opening gives the row's open values, and for each veiled field either its
commitment, which says nothing, or the value with its salt, which proves that this value was meant. It is right when
the digest made from it is the digest in the entry.

>>> shown = ShownValue.of(row_salt=bytes(32), field="reason", value="pressure")
>>> opening = Opening(model="consent.hold", key="0" * 32, opened={"state": "raised"}, veiled={"reason": shown})
>>> read_extra(write_extra(b'{"v":1}', [opening])) == (b'{"v":1}', (opening,))
True
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from consent.ledger.canonical import EncodingError, canonical_as_stored, read_as_stored
from consent.ledger.commitments import VEIL, row_digest
from consent.ledger.entry import BoundRow
from consent.ledger.refusals import OpeningError, ProofFileError
from consent.ledger.strict_text import text_from_utf8

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A veiled value laid open, with the 32 bytes that were mixed into its commitment."""

    salt: bytes
    value: object

    def commitment(self) -> str:
        """The commitment this value was hidden in; 64 lowercase hex characters."""
        return hashlib.sha256(VEIL + self.salt + canonical_as_stored(self.value)).hexdigest()

    @classmethod
    def of(cls, *, row_salt: bytes, field: str, value: object) -> "ShownValue":
        """The value of one field, out of a row whose salt is known; nothing follows from it for other fields."""
        return cls(salt=hashlib.sha256(row_salt + field.encode("ascii")).digest(), value=value)


@dataclass(frozen=True, slots=True)
class Opening:
    """One row, partly laid open; a veiled field stands as its commitment or as a shown value."""

    model: str
    key: str
    opened: Mapping[str, object]
    veiled: Mapping[str, str | ShownValue]

    def digest(self) -> str:
        """The digest of the row this opening speaks of."""
        veiled = {
            name: item.commitment() if isinstance(item, ShownValue) else item for name, item in self.veiled.items()
        }
        return row_digest(model=self.model, key=self.key, opened=self.opened, veiled=veiled)


def write_extra(entry: bytes, openings: Iterable[Opening]) -> bytes:
    """The extra part of a receipt: the exact bytes of the entry, and openings of its rows.

    **Raises** EncodingError when a value cannot be written; ProofFileError when it could not be read again.
    """
    text = text_from_utf8(entry, ProofFileError, "The entry")
    document = {"entry": text, "openings": [_document(opening) for opening in openings]}
    extra = canonical_as_stored(document)
    read_extra(extra)
    return extra


def read_extra(extra: bytes) -> tuple[bytes, tuple[Opening, ...]]:
    """The entry's bytes and the openings; nothing is compared yet.

    **Raises** ProofFileError for a key given twice, unknown or missing, and for every other way of writing.
    """
    try:
        document = read_as_stored(extra)
    except EncodingError as error:
        raise ProofFileError(f"The extra part is not written canonically ({error.reason}).") from error
    entry, openings = _object(document, "The extra part", "entry", "openings")
    if not isinstance(entry, str) or not isinstance(openings, list):
        raise ProofFileError("The extra part holds the text of an entry and a list of openings.")
    return entry.encode("utf-8"), tuple(_opening(item) for item in openings)


def check_openings(openings: Iterable[Opening], rows: Sequence[BoundRow]) -> None:
    """Raises OpeningError unless each opening gives the digest that the entry has for this row."""
    for opening in openings:
        digests = {row.digest for row in rows if (row.model, row.key) == (opening.model, opening.key)}
        if not digests:
            raise OpeningError(f"The entry does not speak of {opening.model} {opening.key}.")
        if opening.digest() not in digests:
            raise OpeningError(f"The values shown of {opening.model} {opening.key} are not those that were recorded.")


def _document(opening: Opening) -> dict[str, object]:
    veiled = {
        name: {"salt": item.salt.hex(), "value": item.value} if isinstance(item, ShownValue) else item
        for name, item in opening.veiled.items()
    }
    return {"model": opening.model, "key": opening.key, "open": dict(opening.opened), "veiled": veiled}


def _opening(document: object) -> Opening:
    model, key, opened, veiled = _object(document, "An opening", "model", "key", "open", "veiled")
    if not isinstance(model, str) or not isinstance(key, str):
        raise ProofFileError("An opening names a table and a row.")
    if not isinstance(opened, dict) or not isinstance(veiled, dict):
        raise ProofFileError("An opening has open and veiled fields.")
    return Opening(model, key, opened, {name: _veiled(item) for name, item in veiled.items()})


def _veiled(item: object) -> str | ShownValue:
    if isinstance(item, str):
        return _hash_text(item)
    salt, value = _object(item, "A value shown", "salt", "value")
    return ShownValue(salt=bytes.fromhex(_hash_text(salt)), value=value)


def _hash_text(text: object) -> str:
    if not isinstance(text, str) or not _HASH.fullmatch(text):
        raise ProofFileError("A commitment and a salt are 64 hexadecimal digits.")
    return text


def _object(document: object, what: str, *keys: str) -> list[object]:
    """The values of exactly these keys."""
    if not isinstance(document, dict) or document.keys() != set(keys):
        raise ProofFileError(f"{what} is an object with {', '.join(keys)} and nothing else.")
    return [document[key] for key in keys]
