"""The head of a log: where the next leaf goes, and the signed checkpoint after a batch."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from clinic import clock
from consent.exceptions import KeyStoreError
from consent.keys.log_keys import (
    LogSigner,
    has_signer,
    make_next_signer,
    make_signer,
    next_key_path,
    signer_for,
    take_over,
)
from consent.ledger.checkpoints import sign_checkpoint, with_lines
from consent.ledger.cosignatures import mldsa_verifier
from consent.ledger.notes import ed25519_verifier
from consent.ledger.tree import Frontier
from consent.ledger_store.by_hand import Statement, insert, readers
from consent.models import Ledger, LedgerCheckpoint, LedgerKey

_LAST = Statement(
    "last_head",
    f"SELECT size, frontier, root_hash, made_at FROM {LedgerCheckpoint._meta.db_table}"  # noqa: S608  our own table
    " WHERE ledger_id = %(ledger)s ORDER BY size DESC LIMIT 1",
    ledger="uuid",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last checkpoint, or nothing yet."""

    frontier: Frontier
    made_at: datetime.datetime | None


def last_head(ledger: Ledger) -> Head:
    """Where a log stands. **Raises** KeyStoreError when its last checkpoint is damaged: nothing may follow it."""
    found = _LAST.first(ledger=ledger.pk)
    if found is None:
        return Head(Frontier(), None)
    read = readers(LedgerCheckpoint, "size", "frontier", "root_hash", "made_at")
    size, hashes, root, made_at = (one(value) for one, value in zip(read, found, strict=True))
    try:
        frontier = Frontier.from_hex(size, hashes)
    except (TypeError, ValueError) as error:
        raise KeyStoreError(f"the checkpoint of size {size} is damaged; run manage.py verify_ledger.") from error
    if frontier.root().hex() != root:
        raise KeyStoreError(f"the checkpoint of size {size} is damaged; run manage.py verify_ledger.")
    return Head(frontier, made_at)


def write_checkpoint(ledger: Ledger, frontier: Frontier, *, last: uuid.UUID, is_first: bool) -> LedgerCheckpoint:
    """Sign the head after a batch.

    **Raises** KeyStoreError when the log key cannot be used.
    **Writes** LedgerCheckpoint; with the first one, LedgerKey.
    """
    at = clock.now().replace(microsecond=0)  # the signature carries whole seconds
    signer = _signer(ledger, is_first=is_first)
    if is_first:
        publish_keys(ledger, signer, from_size=1, at=at)
    return keep_checkpoint(ledger, frontier, last=last, at=at, signers=[signer])


def keep_checkpoint(
    ledger: Ledger,
    frontier: Frontier,
    *,
    last: uuid.UUID,
    at: datetime.datetime,
    signers: Sequence[LogSigner],
) -> LedgerCheckpoint:
    """Keep a head with the signatures of these keys. **Writes** LedgerCheckpoint."""
    root, notes = frontier.root(), [_note(ledger, frontier, signer, at) for signer in signers]
    added = [line for note in notes[1:] for line in note.split("\n\n", 1)[1].splitlines()]
    checkpoint = LedgerCheckpoint(
        id=last,
        ledger=ledger,
        size=frontier.size,
        root_hash=root.hex(),
        frontier=frontier.to_hex(),
        note=with_lines(notes[0], added) if added else notes[0],
        made_at=at,
    )
    insert(checkpoint)
    return checkpoint


def _note(ledger: Ledger, frontier: Frontier, signer: LogSigner, at: datetime.datetime) -> str:
    return sign_checkpoint(
        origin=ledger.origin,
        size=frontier.size,
        root=frontier.root(),
        ed25519=signer.ed25519,
        mldsa=signer.mldsa44,
        at_seconds=int(at.timestamp()),
    )


def _signer(ledger: Ledger, *, is_first: bool) -> LogSigner:
    if is_first and not has_signer(ledger.pk):
        return make_signer(ledger.pk)
    if next_key_path(ledger.pk).exists() and _is_next_in_force(ledger):
        take_over(ledger.pk)  # a crash came between the commit of a rotation and this
    return signer_for(ledger.pk)


def _is_next_in_force(ledger: Ledger) -> bool:
    vkey = ed25519_verifier(ledger.origin, make_next_signer(ledger.pk).ed25519).to_text()
    return LedgerKey.objects.filter(ledger=ledger, vkey=vkey).exists()


def publish_keys(ledger: Ledger, signer: LogSigner, *, from_size: int, at: datetime.datetime) -> None:
    """Put the public halves of a log's keys on record. **Writes** LedgerKey."""
    origin = ledger.origin
    for key in (ed25519_verifier(origin, signer.ed25519), mldsa_verifier(origin, signer.mldsa44)):
        row = LedgerKey(ledger=ledger, vkey=key.to_text(), from_size=from_size, added_at=at)
        row.id = row.computed_id()
        row.save(force_insert=True)
