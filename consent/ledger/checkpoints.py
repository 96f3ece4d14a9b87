"""Checkpoints: what a log signs each time it has sealed new entries (C2SP tlog-checkpoint).

Two lines by the log stand beneath: Ed25519, which a slip can carry, and ML-DSA-44 with the time of sealing. Witnesses
add theirs later, below.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from consent.ledger.checkpoint_text import checkpoint_text as checkpoint_text
from consent.ledger.checkpoint_text import parse_checkpoint_text
from consent.ledger.cosignatures import is_signature_right, mldsa_line, signed_at_seconds
from consent.ledger.notes import CheckedSignature, Note, ed25519_line, parse_note, signed_note, verify_note
from consent.ledger.policy import Policy
from consent.ledger.refusals import ForeignOriginError, QuorumError, UnknownSignerError


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How many entries a ledger had, and the root over them."""

    origin: str
    size: int
    root: bytes

    def to_text(self) -> str:
        """The three lines that are signed."""
        return checkpoint_text(self.origin, self.size, self.root)


@dataclass(frozen=True, slots=True)
class WitnessedBy:
    """A witness of the policy that has signed, under its name there, and when last; no time when it states none."""

    name: str
    at_seconds: int | None


@dataclass(frozen=True, slots=True)
class VerifiedCheckpoint:
    """A checkpoint signed by its own log and by as many witnesses as the policy asks for."""

    note: Note
    checkpoint: Checkpoint
    by_log: tuple[CheckedSignature, ...]
    witnesses: tuple[WitnessedBy, ...]

    @property
    def sealed_at_seconds(self) -> int | None:
        """When the log says it signed; None when only its line without a time is there."""
        times = [signed_at_seconds(item.key, item.signature.signature) for item in self.by_log]
        return max((time for time in times if time is not None), default=None)


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


def verify_checkpoint(note: str | bytes, policy: Policy) -> VerifiedCheckpoint:
    """The checkpoint, when everything the policy asks for holds.

    **Raises** NoteError, CheckpointError when it cannot be read; ForeignOriginError when the policy knows no such log;
    SignatureError when a known key's signature is wrong; UnknownSignerError when its log has not signed; QuorumError
    when too few witnesses have.
    """
    parsed, checkpoint = read_checkpoint(note)
    own = policy.log_keys(checkpoint.origin)
    if not own:
        raise ForeignOriginError(f"The policy knows no ledger {checkpoint.origin}.")
    checked = verify_note(parsed, policy.keys(), is_signature_right)
    by_log = tuple(item for item in checked if item.key in own)
    if not by_log:
        raise UnknownSignerError(f"The ledger {checkpoint.origin} itself has not signed.")
    witnesses = tuple(_witnessed(policy, checked))
    if not policy.is_met_by({witness.name for witness in witnesses}):
        raise QuorumError(f"Of the witnesses, {len(witnesses)} have signed; the policy asks for more.")
    return VerifiedCheckpoint(note=parsed, checkpoint=checkpoint, by_log=by_log, witnesses=witnesses)


def _witnessed(policy: Policy, checked: tuple[CheckedSignature, ...]) -> Iterator[WitnessedBy]:
    for witness in policy.witnesses:
        times = [signed_at_seconds(item.key, item.signature.signature) for item in checked if item.key == witness.key]
        if times:
            latest = max((time for time in times if time is not None), default=None)
            yield WitnessedBy(name=witness.name, at_seconds=latest)


def with_lines(note: str | bytes, lines: list[str]) -> str:
    """A signed note with more signature lines beneath, each at most once.

    **Raises** NoteError when a line is no signature line.
    """
    parsed = parse_note(note)
    present = [signature.to_line() for signature in parsed.signatures]
    return signed_note(parsed.text, list(dict.fromkeys([*present, *lines])))
