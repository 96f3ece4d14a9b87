"""Sealing: waiting entries get their places in the log, and the new head is signed.

One batch is one transaction. Whoever finds the lease free seals for everyone who waits; nobody waits for the lease.
Entries are read back from storage and hashed again, so that what is signed is what is stored. One that cannot be right
is set aside by name and never holds up the others. Nothing leaves the house before the commit.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError, IntegrityError, connection, transaction

from consent import high_water
from consent.exceptions import KeyStoreError
from consent.ledger_store.batch import Batch, read_batch
from consent.ledger_store.by_hand import Statement, is_session_lost
from consent.ledger_store.heads import Head, last_head, write_checkpoint
from consent.ledger_store.tiles import write_tiles
from consent.models import Ledger, LedgerCheckpoint, LedgerLeaf, LedgerLease, LedgerWaiting

_LEAF, _QUEUE, _LEASE = (model._meta.db_table for model in (LedgerLeaf, LedgerWaiting, LedgerLease))
_MORE = Statement("more", f"SELECT 1 FROM {_QUEUE} LIMIT 1")  # noqa: S608  names of our own tables only, here and below
_HOLD = {
    "postgresql": Statement(
        "lease",
        f"SELECT 1 FROM {_LEASE} WHERE ledger_id = %(ledger)s FOR UPDATE SKIP LOCKED",  # noqa: S608
        ledger="uuid",
    ),
    "sqlite": Statement("lease", f"SELECT 1 FROM {_LEASE} WHERE ledger_id = %(ledger)s", ledger="uuid"),  # noqa: S608
}
_PLACES = {  # leaves come as one text: id and hash of each, in order
    "postgresql": Statement(
        "leaves",
        f"INSERT INTO {_LEAF} (id, ledger_id, index, entry_id, leaf_hash)"  # noqa: S608
        " SELECT id, %(ledger)s, %(first)s + place - 1, id, leaf_hash"
        " FROM unnest(string_to_array(%(ids)s, ',')::uuid[], string_to_array(%(hashes)s, ','))"
        " WITH ORDINALITY AS one (id, leaf_hash, place)",
        ledger="uuid",
        first="bigint",
        ids="text",
        hashes="text",
    ),
    "sqlite": Statement(
        "leaves",
        f'INSERT INTO {_LEAF} (id, ledger_id, "index", entry_id, leaf_hash)'  # noqa: S608
        " SELECT i.value, %(ledger)s, %(first)s + i.key, i.value, h.value"
        """ FROM json_each('["' || replace(%(ids)s, ',', '","') || '"]') i"""
        """ JOIN json_each('["' || replace(%(hashes)s, ',', '","') || '"]') h ON h.key = i.key ORDER BY i.key""",
        ledger="uuid",
        first="bigint",
        ids="text",
        hashes="text",
    ),
}
_LEAVE = {
    "postgresql": Statement(
        "settled",
        f"DELETE FROM {_QUEUE} WHERE number = ANY (string_to_array(%(numbers)s, ',')::bigint[])",  # noqa: S608
        numbers="text",
    ),
    "sqlite": Statement(
        "settled",
        f"DELETE FROM {_QUEUE} WHERE number IN (SELECT value FROM json_each('[' || %(numbers)s || ']'))",  # noqa: S608
        numbers="text",
    ),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one batch gave: the new head, and how many entries got a place."""

    size: int
    root_hash: str
    note: str
    entries: int


def seal_after_commit(ledger_id: uuid.UUID) -> None:
    """Try to seal once the running transaction is on disk; what is not sealed then waits for the next act."""
    transaction.on_commit(partial(_seal_quietly, ledger_id))


def _seal_quietly(ledger_id: uuid.UUID) -> None:
    try:
        seal_all(ledger_id)
    except (DatabaseError, KeyStoreError) as error:  # the act is on disk; only its proof is late
        is_session_lost(error)
        logger.warning("Entries wait to be sealed: %s", type(error).__name__)


def seal_all(ledger_id: uuid.UUID) -> Sealed | None:
    """Seal batch after batch until nothing waits or somebody else is sealing. **Gives** the last batch, if any."""
    last = None
    while (sealed := seal_batch(ledger_id)) is not None:
        last = sealed
        if _MORE.first() is None:
            break  # whoever writes from now on finds the lease free
    return last


def seal_batch(ledger_id: uuid.UUID) -> Sealed | None:
    """Seal what waits now, at most one batch; None when nothing can be sealed or somebody else holds the lease.

    **Raises** KeyStoreError when the log key cannot be used; DatabaseError. Nothing is sealed then.
    **Writes** LedgerLeaf, LedgerTile, LedgerCheckpoint; entries of its own (log.delayed, clock.anomaly,
    entry.quarantined); removes LedgerWaiting.
    """
    with transaction.atomic():
        if not _has_lease(ledger_id):
            return None
        ledger = Ledger.objects.get(pk=ledger_id)
        head = last_head(ledger)
        _check_high_water(ledger, head)
        batch = read_batch(ledger, head)
        if batch is None:
            return None
        sealed = _write(ledger, head, batch)
        transaction.on_commit(partial(high_water.keep_head, ledger_id, sealed.note))
    return sealed


def _check_high_water(ledger: Ledger, head: Head) -> None:
    """**Raises** KeyStoreError when more was signed already than the database holds."""
    kept = high_water.last_head(ledger.pk)
    if kept is None:
        return
    held = head.frontier.size
    if (kept.size, kept.root_hash) != (held, head.frontier.root().hex()):
        known = LedgerCheckpoint.objects.filter(ledger=ledger, size=kept.size, root_hash=kept.root_hash)
        if not known.exists():
            high_water.mark_behind(ledger.pk, held_size=held, known_size=kept.size, known_root=kept.root_hash)
            raise KeyStoreError(
                f"the ledger {ledger.origin} holds {held} entries, but {kept.size} were signed: the database was put"
                " back to an older state. Check on paper first, then run manage.py ledger_continue."
            )


def _has_lease(ledger_id: uuid.UUID) -> bool:
    if _HOLD[connection.vendor].first(ledger=ledger_id) is not None:
        return True
    if LedgerLease.objects.filter(pk=ledger_id).exists():
        return False
    try:
        with transaction.atomic():
            LedgerLease(ledger_id=ledger_id).save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _write(ledger: Ledger, head: Head, batch: Batch) -> Sealed:
    first, frontier = head.frontier.size, head.frontier
    hashes = [bytes.fromhex(entry.leaf_hash) for entry in batch.entries]
    for one in hashes:
        frontier = frontier.append(one)
    _give_places(ledger, first, batch)
    write_tiles(ledger, first=first, hashes=hashes)
    checkpoint = write_checkpoint(ledger, frontier, last=batch.entries[-1].id, is_first=first == 0)
    _leave_the_queue(batch.numbers)
    return Sealed(
        size=checkpoint.size, root_hash=checkpoint.root_hash, note=checkpoint.note, entries=len(batch.entries)
    )


def _give_places(ledger: Ledger, first: int, batch: Batch) -> None:
    ids, hashes = [entry.id.hex for entry in batch.entries], [entry.leaf_hash for entry in batch.entries]
    _PLACES[connection.vendor].run(ledger=ledger.pk, first=first, ids=",".join(ids), hashes=",".join(hashes))


def _leave_the_queue(numbers: Sequence[int]) -> None:
    _LEAVE[connection.vendor].run(numbers=",".join(map(str, numbers)))
