"""Reads the stored bytes of a log in order and hashes them, as fast as the database gives them up.

It looks at bytes and places only: which entry stands where, and whether its bytes give the hash kept there. What the
bytes say, and every other column, is for `consent.queries.ledger`.

On SQLite entries nearly always lie in the file in the order of the log, because one writer adds them and the queue is
sealed from its front. They are then read as they lie, which spares looking each one up by its id; whether the order
was right is told by the hashes. From the first page where it was not, entries are looked up place by place, as on
PostgreSQL.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection

from consent.ledger.tree import leaf_hashes
from consent.models import Ledger, LedgerEntry, LedgerLeaf

PAGE = 1024
LARGEST_MAP = 2**40  # bytes; SQLite takes as much of it as it was built for
_ENTRY, _LEAF = LedgerEntry._meta.db_table, LedgerLeaf._meta.db_table
_PLACES = f'FROM "{_LEAF}" WHERE ledger_id = %s AND "index" >= %s AND "index" < %s'
_KEPT = f"SELECT group_concat(leaf_hash, '') FROM (SELECT leaf_hash {_PLACES} ORDER BY \"index\")"  # noqa: S608  our own tables
_FIRST = f'SELECT rowid FROM "{_ENTRY}" WHERE id = (SELECT entry_id {_PLACES})'  # noqa: S608  our own tables
# The plus keeps SQLite from looking the ledger up in an index and then sorting a million bodies.
_AS_THEY_LIE = f'SELECT body FROM "{_ENTRY}" WHERE +ledger_id = %s AND rowid >= %s ORDER BY rowid'  # noqa: S608  our own tables
_BY_PLACE = (
    f'SELECT l."index", l.leaf_hash, e.body FROM "{_LEAF}" l JOIN "{_ENTRY}" e ON e.id = l.entry_id'  # noqa: S608  our own tables
    ' WHERE l.ledger_id = %s AND l."index" >= %s AND l."index" < %s ORDER BY l."index"'
)


@dataclass(frozen=True, slots=True)
class HashedPage:
    """Some places in order. Where one has no readable entry, the lists are shorter than the page."""

    first: int
    bodies: Sequence[bytes]
    leaves: Sequence[bytes]  # the hash of each body
    missing: Sequence[int] = ()  # places without a readable entry
    wrong: Sequence[int] = ()  # places whose kept hash is not the hash of the bytes


def hashed_pages(ledger: Ledger, *, end: int, start: int = 0) -> Iterator[HashedPage]:
    """The entries of a log from one place to another, hashed.

    **Takes** the place to begin at and the place to end before; the caller holds the database still.
    """
    first = start
    if connection.vendor == "sqlite":
        for page in _as_they_lie(ledger, start, end):
            yield page
            first = page.first + len(page.leaves)
    for place in range(first, end, PAGE):
        yield _by_place(ledger, place, min(place + PAGE, end))


def _as_they_lie(ledger: Ledger, start: int, end: int) -> Iterator[HashedPage]:
    """Pages as long as the bytes, in the order in which they lie, give the hashes kept with the places."""
    key = _key(ledger)
    with _mapped(), connection.cursor() as kept, connection.cursor() as entries:
        kept.execute(_FIRST, [key, start, start + 1])
        begin = kept.fetchone()
        if begin is None:
            return
        entries.execute(_AS_THEY_LIE, [key, begin[0]])
        for first in range(start, end, PAGE):
            last = min(first + PAGE, end)
            bodies = [body for (body,) in entries.fetchmany(last - first)]
            if len(bodies) != last - first or not all(map(bytes.__instancecheck__, bodies)):
                return
            leaves = leaf_hashes(bodies)
            kept.execute(_KEPT, [key, first, last])
            if kept.fetchone()[0] != b"".join(leaves).hex():
                return
            yield HashedPage(first, bodies, leaves)


@contextmanager
def _mapped() -> Iterator[None]:
    """Lets SQLite look at its file in memory meanwhile, instead of copying each page out of it first."""
    before = _map(LARGEST_MAP)
    try:
        yield
    finally:
        _map(before)


def _map(size: int) -> int:
    """How much of its file SQLite maps from now on. **Gives** what it was before."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size")
        (before,) = cursor.fetchone() or (0,)
        cursor.execute(f"PRAGMA mmap_size = {size:d}")
    return int(before)


def _by_place(ledger: Ledger, first: int, end: int) -> HashedPage:
    with connection.cursor() as cursor:
        cursor.execute(_BY_PLACE, [_key(ledger), first, end])
        rows = cursor.fetchall()
    read = [(index, kept, bytes(body)) for index, kept, body in rows if isinstance(body, bytes | memoryview)]
    bodies = [body for _index, _kept, body in read]
    leaves = leaf_hashes(bodies)
    wrong = [index for (index, kept, _body), leaf in zip(read, leaves, strict=True) if kept != leaf.hex()]
    missing = sorted({*range(first, end)} - {index for index, _kept, _body in read})
    return HashedPage(first, bodies, leaves, missing, wrong)


def _key(ledger: Ledger) -> Any:
    return Ledger._meta.pk.get_db_prep_value(ledger.pk, connection)
