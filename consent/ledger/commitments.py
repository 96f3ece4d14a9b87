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


def commitment(*, row_salt: bytes, field: str, value: object) -> str:
    """Commitment to one value of one row.

    **Takes** the 32 random bytes of the row, the field's name, the value as `canonical_as_stored` takes it.
    **Gives** 64 lowercase hex characters.
    """
    field_salt = hashlib.sha256(row_salt + field.encode("ascii")).digest()
    return hashlib.sha256(VEIL + field_salt + canonical_as_stored(value)).hexdigest()


def row_digest(*, model: str, key: str, opened: Mapping[str, object], veiled: Mapping[str, str]) -> str:
    """Digest of one row: its model, its key, its open values and the commitments to the others."""
    document = {"model": model, "key": key, "open": dict(opened), "veiled": dict(veiled)}
    return hashlib.sha256(canonical_as_stored(document)).hexdigest()
