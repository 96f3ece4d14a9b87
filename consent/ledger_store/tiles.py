"""Full tiles: 256 neighbouring hashes of one level, kept once they are all there, so that a proof reads few rows."""

from collections.abc import Sequence

from consent.ledger.tiles import tile_root
from consent.models import Ledger, LedgerLeaf, LedgerTile

WIDTH = 256


def write_tiles(ledger: Ledger, *, first: int, hashes: Sequence[bytes]) -> None:
    """Keep the tiles that new leaves have filled, on every level.

    **Takes** the index of the first new leaf, and the new leaf hashes in order.
    **Writes** LedgerTile.
    """
    size = first + len(hashes)
    for number in range(first // WIDTH, size // WIDTH):
        start = number * WIDTH
        new = hashes[max(0, start - first) : start + WIDTH - first]
        _keep(ledger, level=0, number=number, hashes=[*_stored_leaves(ledger, start, start + WIDTH - len(new)), *new])


def _stored_leaves(ledger: Ledger, start: int, end: int) -> list[bytes]:
    leaves = LedgerLeaf.objects.filter(ledger=ledger, index__gte=start, index__lt=end).order_by("index")
    return [bytes.fromhex(text) for text in leaves.values_list("leaf_hash", flat=True)] if end > start else []


def _keep(ledger: Ledger, *, level: int, number: int, hashes: Sequence[bytes]) -> None:
    tile = LedgerTile(ledger=ledger, level=level, number=number, hashes=b"".join(hashes))
    tile.id = tile.computed_id()
    tile.save(force_insert=True)
    if number % WIDTH == WIDTH - 1:
        start = number - WIDTH + 1
        below = LedgerTile.objects.filter(ledger=ledger, level=level, number__gte=start, number__lte=number)
        roots = [tile_root(bytes(one.hashes)) for one in below.order_by("number")]
        _keep(ledger, level=level + 1, number=number // WIDTH, hashes=roots)
