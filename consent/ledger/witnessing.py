"""What a log sends to a witness (C2SP tlog-witness, add-checkpoint), and whether the witness may sign it.

>>> submission = Submission(old_size=0, path=(), note="note\\n\\n\u2014 name AAAAAAA=\\n")
>>> submission.to_bytes().splitlines()[0]
b'old 0'
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from consent.ledger.checkpoints import Checkpoint, read_checkpoint
from consent.ledger.cosignatures import is_signature_right
from consent.ledger.merkle import verify_consistency
from consent.ledger.notes import verify_note
from consent.ledger.policy import Policy
from consent.ledger.refusals import NoteError, ProofError, UnprovenError
from consent.ledger.strict_text import hash_from_base64, number_from_text, text_from_utf8, to_base64

LONGEST_PATH = 63
LARGEST_SUBMISSION = 65_536  # bytes; the longest path and a dozen signatures fit well


class Refusal(StrEnum):
    """Why a witness does not sign."""

    UNREADABLE = "unreadable"
    UNKNOWN_LOG = "unknown-log"
    NOT_SIGNED = "not-signed"  # by no key of that log we know
    OTHER_SIZE = "other-size"  # the submission goes on from another head than the one we signed last
    FORKED = "forked"  # as many entries as the one we signed last, another root
    NOT_CONSISTENT = "not-consistent"


@dataclass(frozen=True, slots=True)
class Submission:
    """A head, and the path to it from the head that the witness signed last."""

    old_size: int
    path: tuple[bytes, ...]
    note: str

    def to_bytes(self) -> bytes:
        """The submission as it is sent."""
        lines = [f"old {self.old_size}", *(to_base64(item) for item in self.path), "", ""]
        return ("\n".join(lines) + self.note).encode()


def parse_submission(data: bytes) -> Submission:
    """The submission that `to_bytes` wrote.

    **Raises** NoteError when it is malformed. The note in it is not looked at.
    """
    if len(data) > LARGEST_SUBMISSION:
        raise NoteError(f"A submission has at most {LARGEST_SUBMISSION} bytes.")
    head, gap, note = text_from_utf8(data, NoteError, "The submission").partition("\n\n")
    first, *path = head.split("\n")
    if not gap or not first.startswith("old "):
        raise NoteError("A submission is: old and a size, a path, an empty line, and a signed checkpoint.")
    if len(path) > LONGEST_PATH:
        raise NoteError(f"A path has at most {LONGEST_PATH} hashes.")
    return Submission(
        old_size=number_from_text(first.removeprefix("old "), NoteError, "The old size"),
        path=tuple(hash_from_base64(line, NoteError, "A hash of the path") for line in path),
        note=note,
    )


def signed_head(submission: Submission, policy: Policy) -> Checkpoint | Refusal:
    """The head that is submitted, once it is sure that its own log has signed it.

    **Raises** NoteError, CheckpointError when the note cannot be read.
    """
    note, head = read_checkpoint(submission.note)
    keys = policy.log_keys(head.origin)
    if not keys:
        return Refusal.UNKNOWN_LOG
    try:
        verify_note(note, keys, is_signature_right)
    except UnprovenError:
        return Refusal.NOT_SIGNED
    return Refusal.UNREADABLE if submission.old_size > head.size else head


def reason_against(
    head: Checkpoint, *, old_size: int, path: Sequence[bytes], held: Checkpoint | None
) -> Refusal | None:
    """Why a witness who signed `held` last may not sign this head; None when it may.

    **Takes** the size that the submission goes on from, and None for a log never signed before.
    """
    if old_size != (held.size if held else 0):
        return Refusal.OTHER_SIZE
    if held is None:
        return Refusal.NOT_CONSISTENT if path or not head.size else None
    if head.size == held.size and head.root != held.root:
        return Refusal.FORKED
    try:
        verify_consistency(held.size, head.size, held.root, head.root, path)
    except ProofError:
        return Refusal.NOT_CONSISTENT
    return None
