"""Checkpoints: what a log signs each time it has sealed new entries (C2SP tlog-checkpoint).

Two lines by the log stand beneath: Ed25519, which a slip can carry, and ML-DSA-44 with the time of sealing. Witnesses
add theirs later, below.
"""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from consent.ledger.checkpoint_text import checkpoint_text as checkpoint_text
from consent.ledger.checkpoint_text import parse_checkpoint_text
from consent.ledger.cosignatures import mldsa_line
from consent.ledger.notes import Note, ed25519_line, parse_note, signed_note


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a ledger had, and the root over them."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """The three lines that are signed."""
        return checkpoint_text(self.origin, self.size, self.root)


def parse_checkpoint(text: str) -> Checkpoint:
    """The checkpoint that a note's text states; raises CheckpointError."""
    return Checkpoint(*parse_checkpoint_text(text))


def read_checkpoint(note: str | bytes) -> tuple[Note, Checkpoint]:
    """A signed checkpoint, taken apart; no signature is checked here.

    **Raises** NoteError, CheckpointError.
    """
    parsed = parse_note(note)
    return parsed, parse_checkpoint(parsed.text)


def sign_checkpoint(
    *,
    origin: str,
    size: int,
    root: bytes,
    ed25519: Ed25519PrivateKey,
    mldsa: MLDSA44PrivateKey,
    at_seconds: int,
) -> str:
    """The whole signed checkpoint, with the two lines of the log, both under the name of its origin.

    **Takes** the time of sealing in seconds since 1970.
    **Raises** CheckpointError, NoteError when origin, size or root cannot be written.
    """
    text = checkpoint_text(origin, size, root)
    lines = [ed25519_line(origin, ed25519, text), mldsa_line(origin, mldsa, origin, size, root, at_seconds)]
    return signed_note(text, lines)


def with_lines(note: str | bytes, lines: list[str]) -> str:
    """A signed note with more signature lines beneath, each at most once.

    **Raises** NoteError when a line is no signature line.
    """
    parsed = parse_note(note)
    present = [signature.to_line() for signature in parsed.signatures]
    return signed_note(parsed.text, list(dict.fromkeys([*present, *lines])))
