"""The entries of a site's ledgers for the self-audit: one patient's stream after the other, from open columns only.

Memory does not grow with the ledger: a batch of whole streams is handed on at a time.
"""

import datetime
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Q

from clinic.models import Site
from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import Entry
from consent.models import LedgerEntry
from consent.rules.self_audit.facts import EntryFacts
from consent.vocabulary import EntryKind

BATCH = 1000  # entries; a stream is never cut in two
CHUNK = 500
COLUMNS = (
    "pk",
    "kind",
    "subject",
    "sseq",
    "body",
    "recorded_at",
    "ledger__incarnation",
    "leaf__index",
)
RECEIPTS = frozenset({EntryKind.RECEIPT_DELIVERED, EntryKind.RECEIPT_DECLINED})


@dataclass(frozen=True, slots=True)
class Read:
    """One entry as facts, and what its bytes name."""

    facts: EntryFacts
    keys: frozenset[tuple[str, str]] = frozenset()  # label of a model, key of a row
    procedure: str = ""  # its key, where the entry speaks of a procedure

    def key(self, model: str) -> str | None:
        """The key of the row of this model; None where the entry names none."""
        return next((key for label, key in self.keys if label == model), None)


Stream = tuple[Read, ...]


def streams_of(site: Site) -> Iterator[list[Stream]]:
    """The streams of all patients of a site, each in its own order, some at a time."""
    rows = _rows(site).filter(subject__isnull=False).order_by("subject", "ledger__incarnation", "sseq")
    batch: list[Stream] = []
    count = 0
    for _subject, stream in groupby(rows.iterator(chunk_size=CHUNK), key=lambda row: row[2]):
        batch.append(_with_receipts(list(stream)))
        count += len(batch[-1])
        if count >= BATCH:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def entries_about_nobody(site: Site) -> Iterator[EntryFacts]:
    """What the software and the publishing of sheets left behind."""
    rows = _rows(site).filter(subject__isnull=True).order_by("ledger__incarnation", "leaf__index")
    for row in rows.iterator(chunk_size=CHUNK):
        yield _read(row)[0].facts


def waiting_entries(site: Site) -> Iterator[EntryFacts]:
    """What is written and not sealed yet, in the order it came."""
    for row in _rows(site).filter(leaf__isnull=True).order_by("waiting__number").iterator(chunk_size=CHUNK):
        yield _read(row)[0].facts


def entry_at(ledger_id: uuid.UUID, index: int) -> EntryFacts | None:
    """The entry at a place of one log; None where there is none."""
    row = LedgerEntry.objects.filter(leaf__ledger=ledger_id, leaf__index=index).values_list(*COLUMNS).first()
    return _read(row)[0].facts if row else None


def _rows(site: Site) -> Any:
    """Sealed or waiting; what was set aside at sealing has an entry of its own that says so."""
    here = Q(leaf__isnull=False) | Q(waiting__isnull=False)
    return LedgerEntry.objects.filter(here, ledger__site=site).values_list(*COLUMNS)


def _with_receipts(rows: list[Any]) -> Stream:
    """The entries of one stream; each knows whether a slip about it was handed over, or not wanted."""
    read, receipts = [], set()
    for row in rows:
        one, entry = _read(row)
        read.append((row[0].hex, one))
        if entry is not None and entry.kind in RECEIPTS and entry.detail:
            receipts.add(str(entry.detail.get("entry", "")))
    return tuple(
        replace(one, facts=replace(one.facts, has_receipt=True)) if key in receipts else one for key, one in read
    )


def _read(row: Any) -> tuple[Read, Entry | None]:
    _pk, kind, _subject, sseq, body, recorded_at, incarnation, index = row
    place = (incarnation, sseq or 0)
    try:
        entry = parse_entry(bytes(body))
    except EncodingError:
        return Read(_unreadable(EntryKind(kind), index, place, recorded_at)), None
    detail = entry.detail or {}
    unmet, alone = detail.get("unmet", ()), detail.get("alone")
    facts = EntryFacts(
        kind=entry.kind,
        index=index,
        place=place,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=entry.actor.ref,
        unmet=frozenset(map(str, unmet)) if isinstance(unmet, tuple) else frozenset(),
        was_alone=alone if isinstance(alone, bool) else None,
        text_digest=entry.text.digest if entry.text else "",
    )
    keys = frozenset((bound.model, bound.key) for bound in entry.objects)
    return Read(facts, keys, str(detail.get("procedure", ""))), entry


def _unreadable(
    kind: EntryKind, index: int | None, place: tuple[int, int], recorded_at: datetime.datetime
) -> EntryFacts:
    return EntryFacts(
        kind=kind, index=index, place=place, occurred_at=recorded_at, recorded_at=recorded_at, is_readable=False
    )
