"""The hashes a proof is made of, read from the tables: full tiles as they are kept, the edge from what stands below.

A proof of one entry touches two or three tiles and the few rows at the growing edge, however long the log is.
"""

import uuid

from consent.ledger.tiles import WIDTH, TileNodes, tile_root
from consent.models import LedgerLeaf, LedgerTile


def nodes_of(ledger_id: uuid.UUID) -> TileNodes:
    """The node provider of one log, for `consent.ledger.merkle`; good for one reading."""

    return TileNodes(lambda level, number: tile_hashes(ledger_id, level, number))


def tile_hashes(ledger_id: uuid.UUID, level: int, number: int) -> bytes:
    """The hashes of one tile of a log, full or as far as they go."""
    tiles = LedgerTile.objects.filter(ledger=ledger_id, level=level, number=number)
    kept = tiles.values_list("hashes", flat=True).first()
    return bytes(kept) if kept is not None else _edge(ledger_id, level, number)


def _edge(ledger_id: uuid.UUID, level: int, number: int) -> bytes:
    """A tile that is not full yet."""
    start, end = number * WIDTH, (number + 1) * WIDTH
    if level == 0:
        leaves = LedgerLeaf.objects.filter(ledger=ledger_id, index__gte=start, index__lt=end).order_by("index")
        return b"".join(bytes.fromhex(text) for text in leaves.values_list("leaf_hash", flat=True))
    below = LedgerTile.objects.filter(ledger=ledger_id, level=level - 1, number__gte=start, number__lt=end)
    return b"".join(tile_root(bytes(hashes)) for hashes in below.order_by("number").values_list("hashes", flat=True))
