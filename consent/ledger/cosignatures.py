"""Signatures that carry a time and speak of a checkpoint (C2SP tlog-cosignature), by witnesses and by the log itself.

Type 0x04 is Ed25519 over the checkpoint's text with a time in front of it. Type 0x06 is ML-DSA-44, which quantum
computers are not expected to forge, over origin, size, root, time and the signer's own name.

>>> cosigned_message(name="w", origin="o", size=1, root=bytes(32), at_seconds=7)[:24].hex(" ")
'73 75 62 74 72 65 65 2f 76 31 0a 00 01 77 00 00 00 00 00 00 00 07 01 6f'
"""

import struct

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from consent.ledger.checkpoint_text import parse_checkpoint_text
from consent.ledger.notes import KeyKind, NoteSignature, VerifierKey, is_ed25519_right, is_signed_by
from consent.ledger.refusals import CheckpointError, NoteError
from consent.ledger.strict_text import LARGEST_NUMBER

LABEL = b"subtree/v1\n\x00"
HEADER = "cosignature/v1"
LAST_TIME = 253_402_300_799  # the last second of the year 9999: what comes after cannot be written as a time
SIGNATURE_BYTES = {KeyKind.ED25519_COSIGNATURE: 64, KeyKind.MLDSA44_COSIGNATURE: 2420}

_TIME = struct.Struct(">Q")


def mldsa_key(seed: bytes) -> MLDSA44PrivateKey:
    """The signing key that grows from 32 secret bytes."""
    return MLDSA44PrivateKey.from_seed_bytes(seed)


def mldsa_verifier(name: str, key: MLDSA44PrivateKey) -> VerifierKey:
    """The public half of a key of type 0x06."""
    public_key = key.public_key().public_bytes_raw()
    return VerifierKey(name=name, kind=KeyKind.MLDSA44_COSIGNATURE, public_key=public_key)


def ed25519_cosigner(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    """The public half of a key of type 0x04; a witness never uses one key under two names."""
    public_key = key.public_key().public_bytes_raw()
    return VerifierKey(name=name, kind=KeyKind.ED25519_COSIGNATURE, public_key=public_key)


def cosigned_message(*, name: str, origin: str, size: int, root: bytes, at_seconds: int) -> bytes:
    """The bytes an ML-DSA-44 cosigner signs for a whole checkpoint.

    **Raises** NoteError when a name is longer than 255 bytes, the root is no hash, or a number does not fit.
    """
    names = [name.encode("utf-8"), origin.encode("utf-8")]
    if not all(1 <= len(item) <= 255 for item in names):
        raise NoteError("A cosigner and an origin have names of 1 to 255 bytes.")
    if len(root) != 32 or not 0 <= size <= LARGEST_NUMBER:
        raise NoteError("A cosigned checkpoint has a size and a root of 32 bytes.")
    signer, log = (bytes([len(item)]) + item for item in names)
    return LABEL + signer + _time_bytes(at_seconds) + log + struct.pack(">QQ", 0, size) + root


def mldsa_line(name: str, key: MLDSA44PrivateKey, origin: str, size: int, root: bytes, at_seconds: int) -> str:
    """The signature line of type 0x06 under a checkpoint.

    **Takes** seconds since 1970; 0 means no statement that this was the largest tree seen by then.
    """
    message = cosigned_message(name=name, origin=origin, size=size, root=root, at_seconds=at_seconds)
    return _line(mldsa_verifier(name, key), at_seconds, key.sign(message))


def ed25519_cosignature_line(name: str, key: Ed25519PrivateKey, text: str, at_seconds: int) -> str:
    """The signature line of type 0x04 under the text of a checkpoint."""
    parse_checkpoint_text(text)
    return _line(ed25519_cosigner(name, key), at_seconds, key.sign(_timed_text(text, at_seconds)))


def signed_at_seconds(key: VerifierKey, signature: bytes) -> int | None:
    """The time a cosignature carries; None when its type has none, when it says nothing of time, or is cut short."""
    if key.kind is KeyKind.ED25519 or len(signature) < _TIME.size:
        return None
    return int(_TIME.unpack_from(signature)[0]) or None


def is_signature_right(key: VerifierKey, text: str, signature: bytes) -> bool:
    """Whether a key of any of the three types made this signature under the text of a checkpoint."""
    if key.kind is KeyKind.ED25519:
        return is_ed25519_right(key, text, signature)
    if len(signature) != _TIME.size + SIGNATURE_BYTES[key.kind]:
        return False
    at_seconds, signed = int(_TIME.unpack_from(signature)[0]), signature[_TIME.size :]
    if at_seconds > LAST_TIME:
        return False
    try:
        if key.kind is KeyKind.ED25519_COSIGNATURE:
            return is_signed_by(key.public_key, _timed_text(text, at_seconds), signed)
        return _is_mldsa_right(key, text, at_seconds, signed)
    except (NoteError, CheckpointError):
        return False


def _is_mldsa_right(key: VerifierKey, text: str, at_seconds: int, signed: bytes) -> bool:
    origin, size, root = parse_checkpoint_text(text)
    message = cosigned_message(name=key.name, origin=origin, size=size, root=root, at_seconds=at_seconds)
    try:
        MLDSA44PublicKey.from_public_bytes(key.public_key).verify(signed, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _timed_text(text: str, at_seconds: int) -> bytes:
    _time_bytes(at_seconds)
    return f"{HEADER}\ntime {at_seconds}\n{text}".encode()


def _time_bytes(at_seconds: int) -> bytes:
    if not 0 <= at_seconds <= LARGEST_NUMBER:
        raise NoteError("A cosignature's time is a number of seconds since 1970.")
    return _TIME.pack(at_seconds)


def _line(verifier: VerifierKey, at_seconds: int, signed: bytes) -> str:
    signature = _time_bytes(at_seconds) + signed
    return NoteSignature(name=verifier.name, key_id=verifier.key_id, signature=signature).to_line()
