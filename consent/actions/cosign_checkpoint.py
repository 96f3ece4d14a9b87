"""Cosign: another clinic shows us the head of its log; we sign it if it holds everything we signed before.

The last head we signed is one row for each log. It is checked and replaced under its lock, so that of two submissions
at once the later can never take back what we said to the earlier.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from clinic import clock
from consent.actions.keep_checkpoint import keep_unless_kept
from consent.keys.witness_key import witness_signer
from consent.ledger.checkpoints import Checkpoint
from consent.ledger.refusals import UnreadableError
from consent.ledger.witnessing import Refusal, Submission, parse_submission, reason_against, signed_head
from consent.models import KnownCheckpoint, WitnessedLog
from consent.queries.known_logs import witnessed_logs


@dataclass(frozen=True, slots=True)
class WitnessAnswer:
    """What a submission gave: our signature lines, or why there are none; and the size we signed last."""

    lines: tuple[str, ...]
    refusal: Refusal | None
    held_size: int


def cosign_checkpoint(*, submission: bytes) -> WitnessAnswer:
    """Check a submitted head, keep it, and only then sign it.

    **Takes** the submission as it arrived.
    **Raises** KeyStoreError when the witness keys cannot be used; nothing is kept then.
    **Writes** WitnessedLog, KnownCheckpoint; a head that contradicts one we signed is kept as well, as evidence.
    """
    try:
        parsed = parse_submission(submission)
        head = signed_head(parsed, witnessed_logs())
    except UnreadableError:
        return WitnessAnswer((), Refusal.UNREADABLE, 0)
    if isinstance(head, Refusal):
        return WitnessAnswer((), head, 0)
    signer = witness_signer()
    refusal, held_size = _check_and_keep(parsed, head)
    if refusal is not None:
        return WitnessAnswer((), refusal, held_size)
    at_seconds = int(clock.now().timestamp())
    return WitnessAnswer(tuple(signer.lines(head.to_text(), at_seconds)), None, head.size)


@transaction.atomic(durable=True)
def _check_and_keep(submission: Submission, head: Checkpoint) -> tuple[Refusal | None, int]:
    row = _row_of(head)
    held = Checkpoint(row.origin, row.size, bytes.fromhex(row.root_hash)) if row is not None else None
    refusal = reason_against(head, old_size=submission.old_size, path=submission.path, held=held)
    if refusal is None and not _keep(row, head):
        refusal, held = Refusal.OTHER_SIZE, _first_of(head)
    if refusal is not Refusal.OTHER_SIZE:
        statement = KnownCheckpoint(
            origin=head.origin, size=head.size, root_hash=head.root.hex(), note=submission.note, source="witness"
        )
        keep_unless_kept(statement=statement, at=clock.now())
    return refusal, held.size if held else 0


def _row_of(head: Checkpoint) -> WitnessedLog | None:
    """The row of a log, locked until the transaction ends; None for a log we never signed."""
    return WitnessedLog.objects.select_for_update().filter(pk=head.origin).first()


def _keep(row: WitnessedLog | None, head: Checkpoint) -> bool:
    """Keep the head as the last we sign. **Gives** False when somebody else began with this log just now."""
    kept = WitnessedLog(origin=head.origin, size=head.size, root_hash=head.root.hex())
    if row is not None:
        kept.save(force_update=True)
        return True
    try:
        with transaction.atomic():
            kept.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _first_of(head: Checkpoint) -> Checkpoint:
    row = WitnessedLog.objects.get(pk=head.origin)
    return Checkpoint(row.origin, row.size, bytes.fromhex(row.root_hash))
