"""Digest of a row: open values readable inside it, all others only as salted commitments.

Whoever holds the row and its salt can compute the digest again. Whoever holds only the digest, or the
commitments, can guess nothing: the salt has 256 bits. Once the salt is erased nobody can.

>>> digest = row_digest(model="consent.hold", key="0" * 32, opened={"reason": "pressure"}, veiled={})
>>> digest[:16]
'60bb2131f83bb7bd'
"""

import hashlib
from collections.abc import Mapping

from consent.ledger.canonical import canonical_as_stored

VEIL = b"freely-given/veil/v1\x00"
ROW_SALT = b"freely-given/row-salt/v1\x00"
SECRET_BYTES = 32


def row_salt(*, secret: bytes, model: str, key: str) -> bytes:
    """The salt of one row in one entry, made from the 32 random bytes of the entry."""
    return hashlib.sha256(ROW_SALT + secret + b"\x00" + model.encode("ascii") + b"\x00" + key.encode("ascii")).digest()


def commitment(*, row_salt: bytes, field: str, value: object) -> str:
    """Commitment to one value of one row.

    **Takes** the 32 random bytes of the row, the field's name, the value as `canonical_as_stored` takes it.
    **Gives** 64 lowercase hex characters.
    """
    return commitment_under(field_salt=field_salt(row_salt=row_salt, field=field), value=value)


def field_salt(*, row_salt: bytes, field: str) -> bytes:
    """The salt of one value: with it this value can be checked, and no other of the row."""
    return hashlib.sha256(row_salt + field.encode("ascii")).digest()


def commitment_under(*, field_salt: bytes, value: object) -> str:
    """Commitment to a value, from the 32 bytes of its own salt."""
    return hashlib.sha256(VEIL + field_salt + canonical_as_stored(value)).hexdigest()


def row_digest(*, model: str, key: str, opened: Mapping[str, object], veiled: Mapping[str, str]) -> str:
    """Digest of one row: its model, its key, its open values and the commitments to the others."""
    document = {"model": model, "key": key, "open": dict(opened), "veiled": dict(veiled)}
    return hashlib.sha256(canonical_as_stored(document)).hexdigest()
