"""One batch: waiting entries read back from storage, checked again, and the entries the sealer adds about them."""

import datetime
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from clinic import clock
from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import DetailValue, Entry
from consent.ledger.tree import leaf_hash
from consent.ledger_store.heads import Head
from consent.ledger_store.system import write_system_entry
from consent.models import Ledger, LedgerEntry, LedgerWaiting
from consent.vocabulary import EntryKind

LARGEST_BATCH = 4096
CLOCK_STEP = datetime.timedelta(seconds=5)  # a clock that goes back further is put on record
LATE = datetime.timedelta(minutes=10)  # what waited longer is sealed with the reason in front of it

Ends = dict[tuple[uuid.UUID | None, int | None], str]


@dataclass(slots=True)
class Batch:
    """Entries in the order of their places, and the queue numbers that are settled with them."""

    entries: list[LedgerEntry] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


def read_batch(ledger: Ledger, head: Head) -> Batch | None:
    """The next batch; None when nothing that waits can be sealed.

    **Writes** the sealer's own entries: clock.anomaly and log.delayed come first, entry.quarantined in the place of an
    entry that is not what it claims to be.
    """
    queue = LedgerWaiting.objects.filter(entry__ledger=ledger).select_related("entry").order_by("number")
    waiting = list(queue[:LARGEST_BATCH])
    if not waiting:
        return None
    batch, ends = Batch(), _ends_of_streams(ledger, [row.entry for row in waiting])
    for row in waiting:
        entry = row.entry
        reason, sprev = _what_is_wrong(entry, ledger)
        before = ends.get((entry.subject, (entry.sseq or 0) - 1))
        if reason is None and entry.sseq not in {None, 1} and before is None:
            continue  # the entry before it is not visible yet
        if reason is None and sprev != before:
            reason = "stream-link"
        batch.numbers.append(row.number)
        batch.entries.append(entry if reason is None else _set_aside(ledger, entry, reason))
        ends[entry.subject, entry.sseq] = entry.leaf_hash
    if not batch.entries:
        return None
    batch.entries[:0] = _about_time(ledger, head, batch.entries)
    return batch


def _ends_of_streams(ledger: Ledger, entries: Sequence[LedgerEntry]) -> Ends:
    """Leaf hashes of the entries before these, as far as they are settled, by subject and number."""
    later = [entry for entry in entries if (entry.sseq or 0) > 1]
    subjects, numbers = {entry.subject for entry in later}, {(entry.sseq or 0) - 1 for entry in later}
    settled = LedgerEntry.objects.filter(ledger=ledger, subject__in=subjects, sseq__in=numbers, waiting__isnull=True)
    return {(subject, sseq): leaf for subject, sseq, leaf in settled.values_list("subject", "sseq", "leaf_hash")}


def _what_is_wrong(row: LedgerEntry, ledger: Ledger) -> tuple[str | None, str | None]:
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


def _columns(row: LedgerEntry) -> tuple[object, ...]:
    return row.pk, row.kind, row.subject, row.sseq, row.recorded_at


def _inside(entry: Entry) -> tuple[object, ...]:
    return entry.id, entry.kind.value, entry.subject, entry.sseq, entry.recorded_at


def _set_aside(ledger: Ledger, row: LedgerEntry, reason: str) -> LedgerEntry:
    digest = hashlib.sha256(bytes(row.body)).hexdigest()
    detail = {"entry": row.pk.hex, "sha256": digest, "reason": reason}
    return write_system_entry(ledger, EntryKind.ENTRY_QUARANTINED, detail=detail)


def _about_time(ledger: Ledger, head: Head, entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
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
