"""Sealing: waiting entries get their places in the log, and the new head is signed.

One batch is one transaction. Whoever holds the lease seals for everyone who waits. A writer who wants a proof stands in
line for the lease, for a moment and after its act is on disk; nobody else ever waits for it.
Entries are read back from storage and hashed again, so that what is signed is what is stored. One that cannot be right
is set aside by name and never holds up the others. Nothing leaves the house before the commit.
"""

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError, IntegrityError, connection, transaction

from clinic.actions.acting import as_last_step
from clinic.exceptions import TryAgainError
from consent import high_water
from consent.exceptions import KeyStoreError
from consent.ledger_store.batch import Batch, is_full, make_batch, read_waiting
from consent.ledger_store.by_hand import Statement, is_session_lost, readers
from consent.ledger_store.heads import Head, last_head, write_checkpoint
from consent.ledger_store.tiles import write_tiles
from consent.models import Ledger, LedgerCheckpoint, LedgerLeaf, LedgerLease, LedgerWaiting

_LEAF, _QUEUE, _LEASE = (model._meta.db_table for model in (LedgerLeaf, LedgerWaiting, LedgerLease))
_LEDGER = ", ".join(f"l.{field.column}" for field in Ledger._meta.concrete_fields)
_HELD = f"SELECT {_LEDGER} FROM {_LEASE} s JOIN {Ledger._meta.db_table} l ON l.id = s.ledger_id"  # noqa: S608  names of our own tables only, here and below
_MORE = Statement("more", f"SELECT 1 FROM {_QUEUE} LIMIT 1")  # noqa: S608
_HOLD = {
    "postgresql": Statement(
        "lease", f"{_HELD} WHERE s.ledger_id = %(ledger)s FOR UPDATE OF s SKIP LOCKED", ledger="uuid"
    ),
    "sqlite": Statement("lease", f"{_HELD} WHERE s.ledger_id = %(ledger)s", ledger="uuid"),
}
_WAIT = {  # the longest wait is set by the statement that waits, for this transaction only
    "postgresql": Statement(
        "lease_in_turn",
        f"{_HELD} CROSS JOIN (SELECT set_config('lock_timeout', %(longest)s, true)) AS w"
        " WHERE s.ledger_id = %(ledger)s FOR UPDATE OF s",
        longest="text",
        ledger="uuid",
    ),
    "sqlite": Statement("lease_in_turn", f"{_HELD} WHERE s.ledger_id = %(ledger)s", ledger="uuid"),
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

LONGEST_WAIT = "2s"  # for the lease; after that a slip is a promise

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What one batch gave: the new head, and how many entries got a place."""

    size: int
    root_hash: str
    note: str
    entries: int


def seal_soon(ledger_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """Try to seal as soon as may be; what is not sealed then waits for the next act.

    Once the act is on disk, so that other writers do not wait for a signature. SQLite has one writer at a time, who
    would only wait for the disk twice: there it is the last step of the act itself.
    """
    if connection.vendor != "sqlite" or not as_last_step(partial(_seal_inside, ledger_id, entry_id)):
        transaction.on_commit(partial(_seal_quietly, ledger_id, entry_id))


def _seal_inside(ledger_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """Behind a savepoint: a sealing that fails is taken back alone. **Raises** TryAgainError where that is too late."""
    _seal_quietly(ledger_id, entry_id)
    if connection.needs_rollback or not connection.connection.in_transaction:
        raise TryAgainError  # all of it, without this step


def _seal_quietly(ledger_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    try:
        seal_in_turn(ledger_id, entry_id)
    except (DatabaseError, KeyStoreError) as error:  # the act is written; only its proof is late
        is_session_lost(error)
        logger.warning("Entries wait to be sealed: %s", type(error).__name__)


def seal_in_turn(ledger_id: uuid.UUID, entry_id: uuid.UUID) -> None:
    """Seal an entry and all that wait with it, or wait until whoever is sealing has sealed it; then it has its place.

    While one batch is signed, the writers who come meanwhile stand in line; the first of them seals for all the others.

    **Raises** DatabaseError, KeyStoreError: it could not be sealed, or the line stood still for too long.
    """
    while (sealed := seal_batch(ledger_id, entry_id=entry_id)) is not None:
        if not is_full(sealed.entries):
            break


def seal_all(ledger_id: uuid.UUID) -> Sealed | None:
    """Seal batch after batch until nothing waits or somebody else is sealing. **Gives** the last batch, if any."""
    last = None
    while (sealed := seal_batch(ledger_id)) is not None:
        last = sealed
        if _MORE.first() is None:
            break  # whoever writes from now on finds the lease free
    return last


def seal_batch(ledger_id: uuid.UUID, *, entry_id: uuid.UUID | None = None) -> Sealed | None:
    """Seal what waits now, at most one batch; None when nothing can be sealed or somebody else holds the lease.

    **Takes** the entry of a writer who stands in line for the lease; None too when somebody has sealed it meanwhile.
    **Raises** KeyStoreError when the log key cannot be used; DatabaseError. Nothing is sealed then.
    **Writes** LedgerLeaf, LedgerTile, LedgerCheckpoint; entries of its own (log.delayed, clock.anomaly,
    entry.quarantined); removes LedgerWaiting.
    """
    with transaction.atomic():
        batch = _next_batch(ledger_id, entry_id)
        if batch is None:
            transaction.set_rollback(True)  # it changed nothing, and a commit would wait for the disk all the same
            return None
        sealed = _write(batch)
        keep = high_water.keep_head if entry_id is None else _keep_quietly
        transaction.on_commit(partial(keep, ledger_id, sealed.note))
    return sealed


def _keep_quietly(ledger_id: uuid.UUID, note: str) -> None:
    try:
        high_water.keep_head(ledger_id, note)
    except KeyStoreError as error:  # the act and its seal are on disk; the next head is kept behind this one
        logger.warning("A signed head could not be kept: %s", error)


def _next_batch(ledger_id: uuid.UUID, entry_id: uuid.UUID | None) -> Batch | None:
    ledger = _lease(ledger_id, is_in_turn=entry_id is not None)
    if ledger is None:
        return None
    waiting = read_waiting(ledger)
    if entry_id is not None and not is_full(len(waiting)) and all(one.id != entry_id for one in waiting):
        return None  # the others have writers of their own in line
    head = last_head(ledger)
    _check_high_water(ledger, head)
    return make_batch(ledger, head, waiting)


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


def _lease(ledger_id: uuid.UUID, *, is_in_turn: bool) -> Ledger | None:
    """The log, once it is ours to seal; None while it is somebody else's."""
    held = _held(ledger_id, is_in_turn=is_in_turn)
    if held is not None or LedgerLease.objects.filter(pk=ledger_id).exists():
        return held
    try:
        with transaction.atomic():
            LedgerLease(ledger_id=ledger_id).save(force_insert=True)
    except IntegrityError:
        return None
    return Ledger.objects.get(pk=ledger_id)


def _held(ledger_id: uuid.UUID, *, is_in_turn: bool) -> Ledger | None:
    if is_in_turn:
        row = _WAIT[connection.vendor].first(ledger=ledger_id, longest=LONGEST_WAIT)
    else:
        row = _HOLD[connection.vendor].first(ledger=ledger_id)
    if row is None:
        return None
    names = [field.attname for field in Ledger._meta.concrete_fields]
    read = readers(Ledger, *names)
    return Ledger.from_db(connection.alias, names, [one(value) for one, value in zip(read, row, strict=True)])


def _write(batch: Batch) -> Sealed:
    ledger, first, frontier = batch.ledger, batch.head.frontier.size, batch.head.frontier
    hashes = [bytes.fromhex(entry.leaf_hash) for entry in batch.entries]
    frontier = frontier.extend(hashes)
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
