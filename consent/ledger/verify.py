"""Reads one ledger from its first entry to its last and says where stored values disagree with each other.

It holds one entry at a time, whatever the size of the ledger, and can start wherever a sound checkpoint stands. It
proves inner agreement only: someone who owns the database and rewrites everything alike, signatures included, is found
by a checkpoint that somebody else holds, not here.

>>> list(walk([], [], origin="freely-given/x"))
[]
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import Entry
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger.verify_heads import (
    Finding,
    KeysAt,
    StoredCheckpoint,
    check_head,
    frontier_of,
    head_finding,
    no_keys,
)
from consent.vocabulary import EntryKind

CLOCK_STEP = datetime.timedelta(seconds=5)  # further back than this, the server's clock is a finding
EXCUSES = frozenset({EntryKind.LOG_DELAYED, EntryKind.CLOCK_ANOMALY})  # at the start of a batch they explain its times

__all__ = ["Cosigned", "Finding", "Step", "StoredCheckpoint", "StoredEntry", "check_entry", "walk"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEntry:
    """A row of the entry table with its place, and the leaf hash of the row before it in the same subject's stream."""

    id: uuid.UUID
    index: int | None  # None while it waits to be sealed
    kind: str
    subject: uuid.UUID | None
    sseq: int | None
    body: bytes
    leaf_hash: str
    place_hash: str  # the hash kept with the place; that of the entry itself while it waits
    recorded_at: datetime.datetime
    previous_leaf: str | None  # stored leaf hash of the entry with sseq - 1 of the same subject


@dataclass(frozen=True, kw_only=True, slots=True)
class Cosigned:
    """That somebody outside had seen a checkpoint of this size by this time."""

    size: int
    root: str
    cosigned_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What reading one entry gave. `entry` is None when its bytes cannot be read."""

    stored: StoredEntry | None
    entry: Entry | None
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Reading:
    origin: str
    heads: Iterator[StoredCheckpoint]
    keys: KeysAt
    cosigned: Sequence[Cosigned]
    frontier: Frontier = field(default_factory=Frontier)
    next_index: int = 0
    last_size: int = 0
    not_before: datetime.datetime | None = None  # the time of the last checkpoint
    outside_bound: datetime.datetime | None = None  # the latest time somebody outside gave a tree without this entry
    is_excused: bool = False  # this batch says itself that its times are odd
    is_tree_sound: bool = True
    waiting_head: StoredCheckpoint | None = None
    next_cosigned: int = 0
    outside_sizes: frozenset[int] = frozenset()
    roots_at: dict[int, str] = field(default_factory=dict)  # at the sizes that somebody outside has signed


def walk(
    entries: Iterable[StoredEntry],
    heads: Iterable[StoredCheckpoint],
    *,
    origin: str,
    keys: KeysAt = no_keys,
    cosigned: Sequence[Cosigned] = (),
    start: StoredCheckpoint | None = None,
) -> Iterator[Step]:
    """Everything that can be said about each entry in turn.

    **Takes** entries by index and checkpoints by size, both of one ledger; its origin; which keys sign at a size (none:
    signatures are not looked at); what witnesses have cosigned, by size; the checkpoint to start after.
    **Gives** a step for each entry, then one without an entry when checkpoints are missing or left over.
    """
    reading = _Reading(origin, iter(heads), keys, cosigned)
    if start is not None:
        reading.frontier = frontier_of(start)
        reading.next_index = reading.last_size = start.size
        reading.not_before = start.made_at
    reading.outside_sizes = frozenset(one.size for one in cosigned)
    reading.waiting_head = next(reading.heads, None)
    for stored in entries:
        yield _step(reading, stored)
    at_the_end = tuple(_end(reading))
    if at_the_end:
        yield Step(stored=None, entry=None, findings=at_the_end)


def check_entry(stored: StoredEntry, *, origin: str) -> Step:
    """What can be said about one entry alone: its bytes, its columns, its stream. For entries that still wait."""
    findings = list(_leaf(stored))
    entry: Entry | None = None
    try:
        entry = parse_entry(stored.body)
    except EncodingError as error:
        findings.append(_finding(stored, "body", f"its bytes are not an entry of format v1: {error}"))
    if entry is not None:
        findings += [*_columns(stored, entry, origin), *_stream(stored, entry)]
    return Step(stored=stored, entry=entry, findings=tuple(findings))


def _step(reading: _Reading, stored: StoredEntry) -> Step:
    alone = check_entry(stored, origin=reading.origin)
    findings = [*_index(reading, stored), *alone.findings]
    if alone.entry is not None:
        findings += [*_times(reading, stored, alone.entry), *_seen(reading, stored, alone.entry)]
    reading.frontier = reading.frontier.append(leaf_hash(stored.body))
    findings += _heads(reading, stored)
    return Step(stored=stored, entry=alone.entry, findings=tuple(findings))


def _finding(stored: StoredEntry, what: str, sentence: str) -> Finding:
    where = f"LedgerEntry {stored.id.hex}"
    name = "Waiting entry" if stored.index is None else f"Entry {stored.index}"
    return Finding(index=stored.index, what=what, where=where, sentence=f"{name}: {sentence}.")


def _index(reading: _Reading, stored: StoredEntry) -> Iterator[Finding]:
    place = stored.index or 0
    expected, reading.next_index = reading.next_index, place + 1
    if place > expected:
        sentence = f"Entry {expected}: it is missing or cannot be read; the next that can is {place}."
        yield Finding(index=expected, what="gap", where="LedgerLeaf", sentence=sentence)
    elif place < expected:
        yield _finding(stored, "duplicate", "its index is used twice")
    reading.is_tree_sound &= place == expected


def _leaf(stored: StoredEntry) -> Iterator[Finding]:
    found = leaf_hash(stored.body).hex()
    if found != stored.leaf_hash:
        yield _finding(stored, "leaf-hash", "its stored hash is not the hash of its bytes")
    if found != stored.place_hash:
        yield _finding(stored, "place-hash", "the hash kept with its place is not the hash of its bytes")


def _times(reading: _Reading, stored: StoredEntry, entry: Entry) -> Iterator[Finding]:
    """Whether it claims to be older than a head, or than what somebody outside signed, that does not have it yet."""
    if entry.kind in EXCUSES and reading.last_size == stored.index:
        reading.is_excused = True
    while (
        reading.next_cosigned < len(reading.cosigned)
        and (stored.index or 0) >= (one := reading.cosigned[reading.next_cosigned]).size
    ):
        reading.outside_bound = max(reading.outside_bound or one.cosigned_at, one.cosigned_at)
        reading.next_cosigned += 1
    if reading.is_excused:
        return
    if _is_older(stored, reading.outside_bound):
        yield _finding(stored, "back-dated", "it claims a time at which somebody outside signed a tree without it")
    elif _is_older(stored, reading.not_before):
        yield _finding(stored, "clock", "it claims a time before the checkpoint in front of it; the clock went back")


def _is_older(stored: StoredEntry, bound: datetime.datetime | None) -> bool:
    return bound is not None and bound - stored.recorded_at > CLOCK_STEP  # any time may stand in a damaged column


def _seen(reading: _Reading, stored: StoredEntry, entry: Entry) -> Iterator[Finding]:
    if entry.seen is None:
        return
    known = reading.roots_at.get(entry.seen.size)
    if entry.seen.size > (stored.index or 0):
        yield _finding(stored, "seen", "it names a checkpoint that came after it")
    elif known is not None and known != entry.seen.root:
        yield _finding(stored, "seen", "it names a checkpoint of another history")


def _columns(stored: StoredEntry, entry: Entry, origin: str) -> Iterator[Finding]:
    pairs = {
        "id": (stored.id, entry.id),
        "kind": (stored.kind, str(entry.kind)),
        "subject": (stored.subject, entry.subject),
        "sseq": (stored.sseq, entry.sseq),
        "recorded_at": (stored.recorded_at, entry.recorded_at),
    }
    for name, (column, inside) in pairs.items():
        if column != inside:
            yield _finding(stored, f"column-{name}", f"its column {name} differs from its bytes")
    if entry.log != origin:
        yield _finding(stored, "origin", f"it was written for the ledger {entry.log}, not for {origin}")


def _stream(stored: StoredEntry, entry: Entry) -> Iterator[Finding]:
    if entry.subject is None:
        return
    if entry.sprev is not None and stored.previous_leaf is None:
        yield _finding(stored, "stream-gap", "the entry before it of the same subject is missing")
    elif entry.sprev != stored.previous_leaf:
        yield _finding(stored, "stream-link", "it does not name the entry before it of the same subject")


def _heads(reading: _Reading, stored: StoredEntry) -> Iterator[Finding]:
    while (head := reading.waiting_head) is not None and head.size <= reading.next_index:
        reading.waiting_head = next(reading.heads, None)
        reading.last_size, reading.is_excused = head.size, False
        if head.size < reading.next_index:
            yield head_finding(head, "root-size", "the last entry it covers is missing")
            continue
        yield from check_head(head, origin=reading.origin, keys=reading.keys(head.size), last_entry=stored.id)
        yield from _root(reading, head)
        reading.not_before = head.made_at


def _root(reading: _Reading, head: StoredCheckpoint) -> Iterator[Finding]:
    root = reading.frontier.root().hex()
    if head.size in reading.outside_sizes:
        reading.roots_at[head.size] = root
    agrees = head.root_hash == root and head.frontier == reading.frontier.to_hex()
    if not agrees and reading.is_tree_sound:
        yield head_finding(head, "root", "the entries up to here do not give it; those after it were not compared")
        reading.is_tree_sound = False


def _end(reading: _Reading) -> Iterator[Finding]:
    head = reading.waiting_head
    if head is None and reading.last_size < reading.next_index:
        index = reading.next_index - 1
        sentence = f"Entry {index}: no checkpoint covers the last entry."
        yield Finding(index=index, what="root-missing", where="LedgerCheckpoint", sentence=sentence)
    while head is not None:
        yield head_finding(head, "cut-off", f"the entries from {reading.next_index} on are missing")
        head = next(reading.heads, None)
