"""One checkpoint compared with itself: its columns, its note, its signatures and the times they carry."""

import datetime
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.cosignatures import is_signature_right, signed_at_seconds
from consent.ledger.notes import Note, VerifierKey, verify_note
from consent.ledger.refusals import RefusalError
from consent.ledger.tree import Frontier

KeysAt = Callable[[int], Sequence[VerifierKey]]  # which keys sign a checkpoint of a size


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One disagreement. `index` is the first entry it concerns; None when it concerns none."""

    index: int | None
    what: str  # short code, stable
    where: str  # the row, as "LedgerEntry <id>"
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredCheckpoint:
    """A row of the checkpoint table."""

    id: uuid.UUID
    size: int
    root_hash: str
    frontier: object  # as stored; anything can stand there
    note: str
    made_at: datetime.datetime


def no_keys(size: int) -> Sequence[VerifierKey]:
    """For readers who do not look at signatures."""
    return ()


def frontier_of(head: StoredCheckpoint) -> Frontier:
    """Where a reader goes on after a checkpoint. Raises ValueError when it is damaged."""
    if not isinstance(head.frontier, list) or not all(isinstance(item, str) for item in head.frontier):
        raise ValueError("a frontier is a list of hashes")
    frontier = Frontier.from_hex(head.size, head.frontier)
    if frontier.root().hex() != head.root_hash:
        raise ValueError("a frontier gives the root of its checkpoint")
    return frontier


def head_finding(head: StoredCheckpoint, what: str, sentence: str) -> Finding:
    """A finding about a checkpoint, at the last entry it covers."""
    where = f"LedgerCheckpoint {head.id.hex}"
    return Finding(index=head.size - 1, what=what, where=where, sentence=f"Checkpoint of size {head.size}: {sentence}.")


def check_head(
    head: StoredCheckpoint, *, origin: str, keys: Sequence[VerifierKey], last_entry: uuid.UUID
) -> Iterator[Finding]:
    """What one checkpoint says about itself.

    **Takes** the keys that must have signed it, each of them; none: signatures are not looked at.
    """
    if head.id != last_entry:
        yield head_finding(head, "root-id", "it does not carry the id of the last entry it covers")
    try:
        note, said = read_checkpoint(head.note)
    except RefusalError as error:
        yield head_finding(head, "note", f"its note cannot be read: {error.reason}")
        return
    if (said.origin, said.size, said.root.hex()) != (origin, head.size, head.root_hash):
        yield head_finding(head, "note", "its note says something else than its columns")
    if keys:
        yield from _signatures(head, note, keys)


def _signatures(head: StoredCheckpoint, note: Note, keys: Sequence[VerifierKey]) -> Iterator[Finding]:
    try:
        checked = verify_note(note, keys, is_signature_right)
    except RefusalError as error:
        yield head_finding(head, "signature", f"its signature is not right: {error.reason}")
        return
    if {one.key.to_text() for one in checked} != {key.to_text() for key in keys} or len(note.signatures) != len(keys):
        yield head_finding(head, "signature", "it is not signed by exactly the keys of this log")
    times = {signed_at_seconds(one.key, one.signature.signature) for one in checked} - {None}
    if times - {head.made_at.timestamp()}:
        yield head_finding(head, "root-time", "it was signed at another time than it says")
