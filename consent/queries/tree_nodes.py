"""The hashes a proof is made of, read from the tables: full tiles as they are kept, the edge from what stands below.

A proof of one entry touches two or three tiles and the few rows at the growing edge, however long the log is. Each is
asked for in one fixed statement; a patient waits for her proof, and building the question took longer than the answer.
"""

import uuid
from typing import Any

from django.db import connection

from consent.ledger.tiles import WIDTH, TileNodes, tile_root
from consent.models import Ledger, LedgerLeaf, LedgerTile

_LEAF, _TILE = LedgerLeaf._meta.db_table, LedgerTile._meta.db_table
_KEPT = f"SELECT hashes FROM {_TILE} WHERE ledger_id = %s AND level = %s AND number = %s"  # noqa: S608  our own tables only, here and below
_EDGE = f'SELECT leaf_hash FROM {_LEAF} WHERE ledger_id = %s AND "index" >= %s AND "index" < %s ORDER BY "index"'  # noqa: S608
_BELOW = (
    f"SELECT hashes FROM {_TILE} WHERE ledger_id = %s AND level = %s AND number >= %s AND number < %s ORDER BY number"  # noqa: S608
)


def nodes_of(ledger_id: uuid.UUID, *, size: int | None = None) -> TileNodes:
    """The node provider of one log, for `consent.ledger.merkle`; good for one reading.

    **Takes** the size of the head that is proved, if it is known: a tile it does not fill is not looked for.
    """

    return TileNodes(lambda level, number: tile_hashes(ledger_id, level, number, size=size))


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


def _rows(sql: str, ledger_id: uuid.UUID, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, [Ledger._meta.pk.get_db_prep_value(ledger_id, connection), *values])
        return cursor.fetchall()
