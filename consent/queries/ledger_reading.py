"""Reads the entries and checkpoints of a ledger in order, page by page, whatever stands in a damaged column."""

import datetime
import re
import uuid
from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import models
from django.db.models import Max, Min, OuterRef, Subquery

from consent.ledger.verify import StoredCheckpoint, StoredEntry
from consent.models import Ledger, LedgerCheckpoint, LedgerEntry, LedgerLeaf
from consent.vocabulary import EntryKind

PAGE = 200
LARGEST_NUMBER = 2**63 - 1
_CARRIED = re.compile(rb'"entry":"([0-9a-f]{32})"')
LONG_AGO = datetime.datetime(1, 1, 1, tzinfo=datetime.UTC)

M = TypeVar("M", bound=models.Model)


def stored_entries(ledger: Ledger, *, start: int = 0) -> Iterator[StoredEntry]:
    """The sealed entries of a ledger that can be read, in order, from an index on."""
    for page in _numbered(LedgerLeaf.objects.filter(ledger=ledger), "index", start=start):
        leaves = [(index, leaf) for index, leaf in page if leaf is not None and leaf.pk == leaf.entry_id]
        found = _readable_entries([leaf.entry_id for _index, leaf in leaves])
        for index, leaf in leaves:
            if leaf.entry_id in found:
                yield _stored(found[leaf.entry_id], index=index, place_hash=leaf.leaf_hash)


def waiting_entries(ledger: Ledger) -> Iterator[StoredEntry]:
    """The entries that are written but not sealed, in the order they came; also those that only a later log names."""
    unsealed = LedgerEntry.objects.filter(ledger=ledger, leaf__isnull=True)
    queue = unsealed.filter(waiting__isnull=False) | unsealed.filter(pk__in=carried_over())
    keys = list(queue.order_by("waiting__number", "sseq").values_list("pk", flat=True))
    for start in range(0, len(keys), PAGE):
        page = keys[start : start + PAGE]
        found = _readable_entries(page)
        yield from (_stored(found[key], index=None, place_hash=found[key].leaf_hash) for key in page if key in found)


def carried_over() -> set[uuid.UUID]:
    """Entries that could never be sealed in their own log and are named in a later one of the site."""
    bodies = LedgerEntry.objects.filter(kind=EntryKind.ENTRY_RECOVERED).values_list("body", flat=True)
    found = (_CARRIED.search(bytes(body)) for body in bodies if isinstance(body, bytes | memoryview))
    return {uuid.UUID(match[1].decode()) for match in found if match is not None}


def _readable_entries(entry_ids: list[uuid.UUID]) -> dict[uuid.UUID, Any]:
    before = LedgerEntry.objects.filter(
        ledger=OuterRef("ledger"), subject=OuterRef("subject"), sseq=OuterRef("sseq") - 1
    )
    rows = LedgerEntry.objects.annotate(previous_leaf=Subquery(before.values("leaf_hash")[:1]))
    try:
        found = list(rows.filter(pk__in=entry_ids))
    except ValueError:
        found = [row for key in entry_ids if (row := _one(rows.filter(pk=key))) is not None]
    # SQLite may hold text where a time or bytes should be.
    return {row.pk: row for row in found if row.recorded_at is not None and isinstance(row.body, bytes | memoryview)}


def _stored(row: Any, *, index: int | None, place_hash: str) -> StoredEntry:
    return StoredEntry(
        id=row.pk,
        index=index,
        kind=row.kind,
        subject=row.subject,
        sseq=row.sseq,
        body=bytes(row.body),
        leaf_hash=row.leaf_hash,
        place_hash=place_hash,
        recorded_at=row.recorded_at,
        previous_leaf=row.previous_leaf,
    )


def stored_checkpoints(ledger: Ledger, *, after: int = 0) -> Iterator[StoredCheckpoint]:
    """The checkpoints of a ledger by size; one that cannot be read comes as one that fits nothing."""
    for page in _numbered(LedgerCheckpoint.objects.filter(ledger=ledger), "size", start=after + 1):
        for size, row in page:
            yield _checkpoint(size, row)


def newest_checkpoint(ledger: Ledger) -> StoredCheckpoint | None:
    """The checkpoint of the largest size; None when nothing has been sealed."""
    sizes = LedgerCheckpoint.objects.filter(ledger=ledger, size__lte=LARGEST_NUMBER)
    largest = sizes.aggregate(largest=Max("size"))["largest"]
    return None if largest is None else next(stored_checkpoints(ledger, after=int(largest) - 1), None)


def _checkpoint(size: int, row: LedgerCheckpoint | None) -> StoredCheckpoint:
    if row is None or row.made_at is None or not isinstance(row.note, str):
        return StoredCheckpoint(id=uuid.UUID(int=0), size=size, root_hash="", frontier=None, note="", made_at=LONG_AGO)
    return StoredCheckpoint(
        id=row.pk, size=size, root_hash=row.root_hash, frontier=row.frontier, note=row.note, made_at=row.made_at
    )


def _numbered(rows: models.QuerySet[M], column: str, *, start: int) -> Iterator[list[tuple[int, M | None]]]:
    """Rows by their number, page by page; None in place of a row that cannot be read."""
    rows = rows.filter(**{f"{column}__lte": LARGEST_NUMBER})
    while (first := rows.filter(**{f"{column}__gte": start}).aggregate(first=Min(column))["first"]) is not None:
        start = int(first) + PAGE
        page = rows.filter(**{f"{column}__gte": first, f"{column}__lt": start}).order_by(column)
        try:
            yield [(getattr(row, column), row) for row in page]
        except ValueError:
            numbers = list(page.values_list(column, flat=True))
            yield [(number, _one(page.filter(**{column: number}))) for number in numbers]


def _one(rows: models.QuerySet[M]) -> M | None:
    try:
        return rows.first()
    except ValueError:
        return None
