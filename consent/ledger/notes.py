"""Signed notes: text anyone can read, with signatures beneath (C2SP signed-note).

A signature by a key we do not know says nothing and is passed over. A signature by a key we do know must be right,
or the whole note is refused. One note has one reading: writing what was read gives the same bytes again.

>>> key = VerifierKey.from_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
>>> key.name, key.kind.name, key.key_id.hex()
('PeterNeumann', 'ED25519', 'c74f20a3')
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from consent.ledger.refusals import NoteError, SignatureError, UnknownSignerError
from consent.ledger.strict_text import from_base64, text_from_utf8, to_base64

LARGEST_NOTE = 1_000_000  # bytes
MOST_SIGNATURES = 64
KEY_ID_BYTES = 4
DASH = "\N{EM DASH} "

_CONTROL = bytes({*range(0x20)} - {0x0A})
_NOT_IN_A_NAME = re.compile(r"[+\s\x00-\x1f]")
_KEY_ID = re.compile(r"[0-9a-f]{8}")


class KeyKind(IntEnum):
    """The signature type byte of a key."""

    ED25519 = 0x01
    ED25519_COSIGNATURE = 0x04
    MLDSA44_COSIGNATURE = 0x06


KEY_BYTES = {KeyKind.ED25519: 32, KeyKind.ED25519_COSIGNATURE: 32, KeyKind.MLDSA44_COSIGNATURE: 1312}


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name it signs under."""

    name: str
    kind: KeyKind
    public_key: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.public_key) != KEY_BYTES[self.kind]:
            raise NoteError(f"The key {self.name} has {len(self.public_key)} bytes, not {KEY_BYTES[self.kind]}.")

    @property
    def key_id(self) -> bytes:
        """Four bytes that, with the name, say which key signed."""
        return _key_id(self.name, self.kind, self.public_key)

    def to_text(self) -> str:
        """The key as a policy writes it (vkey)."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.kind]) + self.public_key)}"

    @classmethod
    def from_text(cls, text: str) -> "VerifierKey":
        """The key that `to_text` wrote.

        **Raises** NoteError when it is malformed, of a kind unknown here, or its id is not that of the key.
        """
        parts = text.split("+", 2)
        if len(parts) != 3 or not _KEY_ID.fullmatch(parts[1]):
            raise NoteError("A verifier key is written name+8 hexadecimal digits+base64.")
        check_key_name(parts[0])
        material = from_base64(parts[2], NoteError, "The verifier key")
        try:
            kind = KeyKind(material[0]) if material else None
        except ValueError as error:
            raise NoteError(f"The key {parts[0]} is of a kind unknown here.") from error
        if kind is None:
            raise NoteError(f"The key {parts[0]} is empty.")
        key = cls(name=parts[0], kind=kind, public_key=material[1:])
        if key.key_id.hex() != parts[1]:
            raise NoteError(f"The id of the key {key.name} is not that of its bytes.")
        return key


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line, not yet checked."""

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        check_key_name(self.name)
        if len(self.key_id) != KEY_ID_BYTES or not self.signature:
            raise NoteError(f"The signature of {self.name} is too short.")

    def to_line(self) -> str:
        """The line as it stands in the note, without its line break."""
        return f"{DASH}{self.name} {to_base64(self.key_id + self.signature)}"

    @classmethod
    def from_line(cls, line: str) -> "NoteSignature":
        """The signature of one line; raises NoteError when it is not written as `to_line` writes it."""
        name, space, blob = line.removeprefix(DASH).partition(" ")
        if not line.startswith(DASH) or not space:
            raise NoteError("A signature line is written: dash, space, name, space, base64.")
        data = from_base64(blob, NoteError, "A signature")
        return cls(name=name, key_id=data[:KEY_ID_BYTES], signature=data[KEY_ID_BYTES:])

    def is_named_for(self, key: VerifierKey) -> bool:
        """Whether the line claims to be by this key."""
        return self.name == key.name and self.key_id == key.key_id


@dataclass(frozen=True, slots=True)
class Note:
    """A note as read: its text with the last line break, and all its signatures, none checked yet."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_text(self) -> str:
        """The whole note, ready to be stored or sent."""
        return signed_note(self.text, [signature.to_line() for signature in self.signatures])


@dataclass(frozen=True, slots=True)
class CheckedSignature:
    """A signature found right, and the key it was checked with."""

    key: VerifierKey
    signature: NoteSignature


SignatureCheck = Callable[[VerifierKey, str, bytes], bool]


def check_key_name(name: str) -> None:
    """Raises NoteError unless keys may be called this: not empty, no blank, no plus, nothing unprintable."""
    if not name or _NOT_IN_A_NAME.search(name):
        raise NoteError("A key has a name without blanks and without a plus sign.")
    _utf8(name)


def signed_note(text: str, lines: Sequence[str]) -> str:
    """The whole note from its text and its signature lines (without line breaks, in this order).

    **Raises** NoteError when the result could not be read again.
    """
    note = text + "\n" + "".join(f"{line}\n" for line in lines)
    if parse_note(note).text != text:
        raise NoteError("The text of a note ends with a line break.")
    return note


def parse_note(note: str | bytes) -> Note:
    """The note that a file holds.

    **Raises** NoteError for anything but text, one empty line and 1 to 64 signature lines, each ending with a line
    break: bad UTF-8, a control character, loose base64, more than a million bytes.
    """
    data = note if isinstance(note, bytes) else _utf8(note)
    if len(data) > LARGEST_NOTE:
        raise NoteError(f"A note has at most {LARGEST_NOTE} bytes.")
    content = note if isinstance(note, str) else text_from_utf8(data, NoteError, "The note")
    if len(data.translate(None, _CONTROL)) != len(data):
        raise NoteError("The note has a control character in it.")
    end = content.rfind("\n\n")
    if end < 0 or not content.endswith("\n"):
        raise NoteError("A note is a text, an empty line, and signature lines, each ending with a line break.")
    lines = content[end + 2 :].split("\n")[:-1]
    if not lines or len(lines) > MOST_SIGNATURES:
        raise NoteError(f"The note has {len(lines)} signatures; between 1 and {MOST_SIGNATURES} are read.")
    return Note(text=content[: end + 1], signatures=tuple(NoteSignature.from_line(line) for line in lines))


def ed25519_key(seed: bytes) -> Ed25519PrivateKey:
    """The signing key that grows from 32 secret bytes."""
    return Ed25519PrivateKey.from_private_bytes(seed)


def ed25519_verifier(name: str, key: Ed25519PrivateKey) -> VerifierKey:
    """The public half of a key that signs notes (type 0x01)."""
    return VerifierKey(name=name, kind=KeyKind.ED25519, public_key=key.public_key().public_bytes_raw())


def ed25519_line(name: str, key: Ed25519PrivateKey, text: str) -> str:
    """The signature line (type 0x01) over the text of a note, which ends with a line break."""
    signature = key.sign(text.encode("utf-8"))
    return NoteSignature(name=name, key_id=ed25519_verifier(name, key).key_id, signature=signature).to_line()


def is_ed25519_right(key: VerifierKey, text: str, signature: bytes) -> bool:
    """Whether a key of type 0x01 made this signature over this text; False for every other type of key."""
    return key.kind is KeyKind.ED25519 and is_signed_by(key.public_key, text.encode("utf-8"), signature)


def is_signed_by(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this Ed25519 key signed this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):  # ValueError: the key is no place on the curve
        return False
    return True


def verify_note(
    note: Note, keys: Iterable[VerifierKey], is_right: SignatureCheck = is_ed25519_right
) -> tuple[CheckedSignature, ...]:
    """The signatures by keys we know, all of them right; lines by others are passed over.

    **Raises** SignatureError when a known key's signature is wrong, UnknownSignerError when none is by a known key.
    """
    known = tuple(keys)
    checked = []
    for signature in note.signatures:
        for key in filter(signature.is_named_for, known):
            if not is_right(key, note.text, signature.signature):
                raise SignatureError(f"The signature of {key.name} (key {key.key_id.hex()}) is wrong.")
            checked.append(CheckedSignature(key=key, signature=signature))
    if not checked:
        raise UnknownSignerError("Nobody whose key is known here signed this note.")
    return tuple(checked)


@lru_cache(maxsize=64)  # few keys are asked about again and again
def _key_id(name: str, kind: KeyKind, public_key: bytes) -> bytes:
    named = name.encode("utf-8") + b"\n" + bytes([kind]) + public_key
    return hashlib.sha256(named).digest()[:KEY_ID_BYTES]


def _utf8(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise NoteError("Half a surrogate pair is not text.") from error
