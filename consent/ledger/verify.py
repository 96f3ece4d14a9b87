"""Reads one ledger from its first entry to its last and says where stored values disagree with each other.

It holds one entry at a time, whatever the size of the ledger. It proves inner agreement only: someone who
owns the database and rewrites everything alike is found by a root that somebody else holds, not here.

>>> list(walk([], [], origin="freely-given/x"))
[]
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import Entry
from consent.ledger.tree import Frontier, leaf_hash

CLOCK_STEP = datetime.timedelta(seconds=5)  # further back than this, the server's clock is a finding


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One disagreement. `index` is the first entry it concerns; None when it concerns none."""

    index: int | None
    what: str  # short code, stable
    where: str  # the row, as "LedgerEntry <id>"
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEntry:
    """A row of the entry table, and the leaf hash of the row before it in the same subject's stream."""

    id: uuid.UUID
    index: int
    kind: str
    subject: uuid.UUID | None
    sseq: int | None
    body: bytes
    leaf_hash: str
    recorded_at: datetime.datetime
    previous_leaf: str | None  # stored leaf hash of the entry with sseq - 1 of the same subject


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRoot:
    """A row of the root table."""

    id: uuid.UUID
    size: int
    root_hash: str
    frontier: object  # as stored; anything can stand there
    made_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """What reading one entry gave. `entry` is None when its bytes cannot be read."""

    stored: StoredEntry | None
    entry: Entry | None
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Reading:
    origin: str
    roots: Iterator[StoredRoot]
    frontier: Frontier = field(default_factory=Frontier)
    next_index: int = 0
    last_size: int = 0
    last_recorded_at: datetime.datetime | None = None
    is_tree_sound: bool = True
    waiting_root: StoredRoot | None = None


def walk(entries: Iterable[StoredEntry], roots: Iterable[StoredRoot], *, origin: str) -> Iterator[Step]:
    """Everything that can be said about each entry in turn.

    **Takes** entries by index and roots by size, both of one ledger; its origin.
    **Gives** a step for each entry, then one without an entry when roots are missing or left over.
    """
    reading = _Reading(origin=origin, roots=iter(roots))
    reading.waiting_root = next(reading.roots, None)
    for stored in entries:
        yield _step(reading, stored)
    at_the_end = tuple(_end(reading))
    if at_the_end:
        yield Step(stored=None, entry=None, findings=at_the_end)


def _step(reading: _Reading, stored: StoredEntry) -> Step:
    findings = [*_index(reading, stored), *_leaf(stored), *_clock(reading, stored)]
    entry: Entry | None = None
    try:
        entry = parse_entry(stored.body)
    except EncodingError as error:
        findings.append(_finding(stored, "body", f"its bytes are not an entry of format v1: {error}"))
    if entry is not None:
        findings += [*_columns(stored, entry, reading.origin), *_stream(stored, entry)]
    reading.frontier = reading.frontier.append(leaf_hash(stored.body))
    findings += _roots(reading, stored)
    return Step(stored=stored, entry=entry, findings=tuple(findings))


def _finding(stored: StoredEntry, what: str, sentence: str) -> Finding:
    where = f"LedgerEntry {stored.id.hex}"
    return Finding(index=stored.index, what=what, where=where, sentence=f"Entry {stored.index}: {sentence}.")


def _index(reading: _Reading, stored: StoredEntry) -> Iterator[Finding]:
    expected, reading.next_index = reading.next_index, stored.index + 1
    if stored.index > expected:
        yield Finding(
            index=expected,
            what="gap",
            where="LedgerEntry",
            sentence=f"Entry {expected}: it is missing or cannot be read; the next that can is {stored.index}.",
        )
    elif stored.index < expected:
        yield _finding(stored, "duplicate", "its index is used twice")
    reading.is_tree_sound &= stored.index == expected


def _leaf(stored: StoredEntry) -> Iterator[Finding]:
    if leaf_hash(stored.body).hex() != stored.leaf_hash:
        yield _finding(stored, "leaf-hash", "its stored hash is not the hash of its bytes")


def _clock(reading: _Reading, stored: StoredEntry) -> Iterator[Finding]:
    last = reading.last_recorded_at
    if last is not None and stored.recorded_at < last - CLOCK_STEP:
        yield _finding(stored, "clock", "it was recorded before the entry in front of it; the clock went back")
    reading.last_recorded_at = stored.recorded_at


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


def _roots(reading: _Reading, stored: StoredEntry) -> Iterator[Finding]:
    while (root := reading.waiting_root) is not None and root.size <= reading.next_index:
        reading.waiting_root = next(reading.roots, None)
        reading.last_size = root.size
        if root.size < reading.next_index:
            yield _root_finding(root, "root-size", "the last entry it covers is missing")
        else:
            yield from _root(reading, stored, root)


def _root(reading: _Reading, stored: StoredEntry, root: StoredRoot) -> Iterator[Finding]:
    if root.id != stored.id:
        yield _root_finding(root, "root-id", "it does not carry the id of the last entry it covers")
    if root.made_at != stored.recorded_at:
        yield _root_finding(root, "root-time", "it was not made when its last entry was recorded")
    agrees = root.root_hash == reading.frontier.root().hex() and root.frontier == reading.frontier.to_hex()
    if not agrees and reading.is_tree_sound:
        yield _root_finding(root, "root", "the entries up to here do not give it; those after it were not compared")
        reading.is_tree_sound = False


def _root_finding(root: StoredRoot, what: str, sentence: str) -> Finding:
    where = f"LedgerRoot {root.id.hex}"
    return Finding(index=root.size - 1, what=what, where=where, sentence=f"Root of size {root.size}: {sentence}.")


def _end(reading: _Reading) -> Iterator[Finding]:
    root = reading.waiting_root
    if root is None and reading.last_size < reading.next_index:
        index = reading.next_index - 1
        sentence = f"Entry {index}: no root covers the last entry."
        yield Finding(index=index, what="root-missing", where="LedgerRoot", sentence=sentence)
    while root is not None:
        yield _root_finding(root, "cut-off", f"the entries from {reading.next_index} on are missing")
        root = next(reading.roots, None)
