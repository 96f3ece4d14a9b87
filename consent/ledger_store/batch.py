"""One batch: waiting entries read back from storage, checked again, and the entries the sealer adds about them."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from clinic import clock
from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import DetailValue, Entry
from consent.ledger.tree import leaf_hash
from consent.ledger_store.by_hand import Statement, readers
from consent.ledger_store.heads import Head
from consent.ledger_store.system import write_system_entry
from consent.models import Ledger, LedgerEntry, LedgerWaiting
from consent.vocabulary import EntryKind

LARGEST_BATCH = 4096
CLOCK_STEP = datetime.timedelta(seconds=5)  # a clock that goes back further is put on record
LATE = datetime.timedelta(minutes=10)  # what waited longer is sealed with the reason in front of it

_ENTRY, _QUEUE = LedgerEntry._meta.db_table, LedgerWaiting._meta.db_table
_COLUMNS = ("id", "kind", "subject", "sseq", "body", "leaf_hash", "recorded_at")
_TAKEN = ", ".join(_COLUMNS)
_BEFORE = (  # the leaf of the entry before it in its stream, as far as that one is settled
    f"(SELECT p.leaf_hash FROM {_ENTRY} p WHERE p.ledger_id = %(ledger)s AND p.subject = e.subject"  # noqa: S608  our own tables only, here and below
    f" AND p.sseq = e.sseq - 1 AND NOT EXISTS (SELECT 1 FROM {_QUEUE} q WHERE q.entry_id = p.id))"
)
# Both walk along the queue, which is short, and look each entry up. Left to itself PostgreSQL reads the whole ledger.
_READ = {
    "postgresql": Statement(
        "waiting",
        f"SELECT w.number, {_BEFORE}, e.* FROM (SELECT number, entry_id FROM {_QUEUE} ORDER BY number OFFSET 0) w"  # noqa: S608
        f" CROSS JOIN LATERAL (SELECT {_TAKEN} FROM {_ENTRY}"
        " WHERE id = w.entry_id AND ledger_id = %(ledger)s LIMIT 1) e ORDER BY w.number LIMIT %(most)s",
        ledger="uuid",
        most="bigint",
    ),
    "sqlite": Statement(
        "waiting",
        f"SELECT w.number, {_BEFORE}, {', '.join(f'e.{name}' for name in _COLUMNS)}"  # noqa: S608
        f" FROM {_QUEUE} w CROSS JOIN {_ENTRY} e ON e.id = w.entry_id"
        " WHERE e.ledger_id = %(ledger)s ORDER BY w.number LIMIT %(most)s",
        ledger="uuid",
        most="bigint",
    ),
}

Ends = dict[tuple[uuid.UUID | None, int | None], str | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An entry as it stands in storage, its number in the queue, and the leaf before it in its stream."""

    number: int
    before: str | None
    id: uuid.UUID
    kind: str
    subject: uuid.UUID | None
    sseq: int | None
    body: bytes
    leaf_hash: str
    recorded_at: datetime.datetime


@dataclass(slots=True)
class Batch:
    """Entries in the order of their places behind a head, and the queue numbers that are settled with them."""

    ledger: Ledger
    head: Head
    entries: list[LedgerEntry | Waiting] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def make_batch(ledger: Ledger, head: Head, waiting: Sequence[Waiting]) -> Batch | None:
    """The next batch; None when nothing that waits can be sealed.

    **Writes** the sealer's own entries: clock.anomaly and log.delayed come first, entry.quarantined in the place of an
    entry that is not what it claims to be.
    """
    batch, ends = Batch(ledger, head), Ends()
    for row in waiting:
        reason, sprev = _what_is_wrong(row, ledger)
        before = ends.get((row.subject, (row.sseq or 0) - 1), row.before)
        if reason is None and row.sseq not in {None, 1} and before is None:
            continue  # the entry before it is not visible yet
        if reason is None and sprev != before:
            reason = "stream-link"
        batch.numbers.append(row.number)
        batch.entries.append(row if reason is None else _set_aside(ledger, row, reason))
        ends[row.subject, row.sseq] = row.leaf_hash
    if not batch.entries:
        return None
    batch.entries[:0] = _about_time(ledger, head, batch.entries)
    return batch


def read_waiting(ledger: Ledger) -> list[Waiting]:
    """What waits now, as it stands in storage, in the order of arrival; at most one batch."""
    read = readers(LedgerEntry, *_COLUMNS)
    return [
        Waiting(number, before, *(one(value) for one, value in zip(read, values, strict=True)))
        for number, before, *values in _READ[connection.vendor].all(ledger=ledger.pk, most=LARGEST_BATCH)
    ]


def is_full(entries: int) -> bool:
    """Whether so many are a whole batch, so that more may wait behind it."""
    return entries >= LARGEST_BATCH


def _what_is_wrong(row: Waiting, ledger: Ledger) -> tuple[str | None, str | None]:
    """Why a stored entry cannot be sealed, as a code; none when it is what it claims to be, and whom it follows."""
    body = bytes(row.body)
    if leaf_hash(body).hex() != row.leaf_hash:
        return "leaf-hash", None
    try:
        entry = parse_entry(body)
    except EncodingError:
        return "not-canonical", None
    if entry.log != ledger.origin:
        return "foreign-log", None
    return (None if _columns(row) == _inside(entry) else "columns"), entry.sprev


def _columns(row: Waiting) -> tuple[object, ...]:
    return row.id, row.kind, row.subject, row.sseq, row.recorded_at


def _inside(entry: Entry) -> tuple[object, ...]:
    return entry.id, entry.kind.value, entry.subject, entry.sseq, entry.recorded_at


def _set_aside(ledger: Ledger, row: Waiting, reason: str) -> LedgerEntry:
    digest = hashlib.sha256(bytes(row.body)).hexdigest()
    detail = {"entry": row.id.hex, "sha256": digest, "reason": reason}
    return write_system_entry(ledger, EntryKind.ENTRY_QUARANTINED, detail=detail)


def _about_time(ledger: Ledger, head: Head, entries: Sequence[LedgerEntry | Waiting]) -> list[LedgerEntry]:
    """What must be said in front of a batch about the clock and about entries that come late."""
    now, notes = clock.now(), []
    if head.made_at is not None and now < head.made_at - CLOCK_STEP:
        behind = int((head.made_at - now).total_seconds())
        notes.append(write_system_entry(ledger, EntryKind.CLOCK_ANOMALY, detail={"seconds_back": behind}))
    oldest = min(entry.recorded_at for entry in entries)
    is_behind = head.made_at is not None and oldest < head.made_at - CLOCK_STEP
    if not notes and (is_behind or oldest < now - LATE):
        waited = max(0, int((now - oldest).total_seconds()))
        detail: dict[str, DetailValue] = {"reason": "waited", "seconds": waited, "entries": len(entries)}
        notes.append(write_system_entry(ledger, EntryKind.LOG_DELAYED, detail=detail))
    return notes
