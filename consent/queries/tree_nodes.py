"""The hashes a proof is made of, read from the tables: full tiles as they are kept, the edge from what stands below.

A proof of one entry touches two or three tiles and the few rows at the growing edge, however long the log is. Each is
asked for in one fixed statement; a patient waits for her proof, and building the question took longer than the answer.
"""

import uuid
from typing import Any

from django.db import connection

from consent.ledger.merkle import NodeProvider
from consent.ledger.tiles import HEIGHT, WIDTH, TileNodes, tile_root
from consent.models import Ledger, LedgerCheckpoint, LedgerEntry, LedgerLeaf, LedgerTile

_LEAF, _TILE, _HEAD = LedgerLeaf._meta.db_table, LedgerTile._meta.db_table, LedgerCheckpoint._meta.db_table
_OF_A_HEAD = [field.column for field in LedgerCheckpoint._meta.concrete_fields]
_PLACE = (
    f'SELECT l."index", {", ".join(f"c.{column}" for column in _OF_A_HEAD)} FROM {_LEAF} l JOIN {_HEAD} c ON c.id ='  # noqa: S608  our own tables only, here and below
    f' (SELECT id FROM {_HEAD} WHERE ledger_id = l.ledger_id AND size > l."index" ORDER BY size LIMIT 1)'
    " WHERE l.entry_id = %s"
)
_KEPT = f"SELECT hashes FROM {_TILE} WHERE ledger_id = %s AND level = %s AND number = %s"  # noqa: S608
_EDGE = f'SELECT leaf_hash FROM {_LEAF} WHERE ledger_id = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'  # noqa: S608
_BELOW = (
    f"SELECT hashes FROM {_TILE} WHERE ledger_id = %s AND level = %s AND number >= %s AND number < %s ORDER BY number"  # noqa: S608
)


def nodes_of(ledger_id: uuid.UUID, *, size: int | None = None) -> TileNodes:
    """The node provider of one log, for `consent.ledger.merkle`; good for one reading.

    **Takes** the size of the head that is proved, if it is known: a tile it does not fill is not looked for.
    """

    return TileNodes(lambda level, number: tile_hashes(ledger_id, level, number, size=size))


def place_of(entry: LedgerEntry) -> tuple[LedgerCheckpoint | None, int | None]:
    """The head an entry was sealed with, and its place under it; nothing while it waits."""
    for index, *values in _rows(_PLACE, entry.pk):
        fields = LedgerCheckpoint._meta.concrete_fields
        read = [_as_read(field, value) for field, value in zip(fields, values, strict=True)]
        return LedgerCheckpoint.from_db(connection.alias, [field.attname for field in fields], read), index
    return None, None


def nodes_under(head: LedgerCheckpoint) -> NodeProvider:
    """The node provider for proofs under one head, whose frontier gives the roots over the full tiles before the edge.

    Without it a proof of the newest entry would read every full tile of the level below. What the frontier says is
    proved by the root like everything else.
    """
    nodes, known, start = nodes_of(head.ledger_id, size=head.size), {}, 0
    levels = [level for level in reversed(range(HEIGHT, head.size.bit_length())) if head.size >> level & 1]
    for level, text in zip(levels, head.frontier, strict=False):
        known[level, start >> level] = bytes.fromhex(text)
        start += 1 << level
    return lambda level, index: known.get((level, index)) or nodes(level, index)


def tile_hashes(ledger_id: uuid.UUID, level: int, number: int, *, size: int | None = None) -> bytes:
    """The hashes of one tile of a log, full or as far as they go."""
    if size is None or (number + 1) * WIDTH ** (level + 1) <= size:
        kept = _rows(_KEPT, ledger_id, level, number)
        if kept:
            return bytes(kept[0][0])
    return _edge(ledger_id, level, number)


def _edge(ledger_id: uuid.UUID, level: int, number: int) -> bytes:
    """A tile that is not full yet."""
    start, end = number * WIDTH, (number + 1) * WIDTH
    if level == 0:
        return bytes.fromhex("".join(text for (text,) in _rows(_EDGE, ledger_id, start, end)))
    return b"".join(tile_root(bytes(hashes)) for (hashes,) in _rows(_BELOW, ledger_id, level - 1, start, end))


def _rows(sql: str, key: uuid.UUID, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, [Ledger._meta.pk.get_db_prep_value(key, connection), *values])
        return cursor.fetchall()


def _as_read(field: Any, value: Any) -> Any:
    """A value as the model would have it."""
    column = field.get_col(_HEAD)
    for step in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection)):
        value = step(value, column, connection)
    return value
