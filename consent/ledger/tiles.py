"""The tree cut into tiles of 256 hashes, and the entries into bundles of 256 (C2SP tlog-tiles).

A tile at level 0 holds leaf hashes; each hash at a higher level is the root of one full tile below. Anyone who has
the tiles can compute any proof, without asking us for it.

>>> Tile(level=0, number=1234067).path()
'tile/0/x001/x234/067'
>>> [tile.path() for tile in tiles_of(70_000)[-4:]]
['tile/0/273.p/112', 'tile/1/000', 'tile/1/001.p/17', 'tile/2/000.p/1']
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from consent.ledger.refusals import TileError
from consent.ledger.strict_text import LARGEST_NUMBER
from consent.ledger.tree import HASH_BYTES, leaf_hash, node_hash

HEIGHT = 8
WIDTH = 1 << HEIGHT
HIGHEST_LEVEL = 63
LONGEST_ENTRY = 2**16 - 1
MOST_ROWS_KEPT = 64  # tiles whose inner hashes a reader remembers

_PATH = re.compile(r"tile/(entries|[1-9]?[0-9])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which tile; level None is a bundle of entries. A width below 256 is a tile not yet full."""

    level: int | None
    number: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        is_level_right = self.level is None or 0 <= self.level <= HIGHEST_LEVEL
        if not is_level_right or not 0 <= self.number <= LARGEST_NUMBER or not 1 <= self.width <= WIDTH:
            raise TileError(f"There is no tile {self.number} of width {self.width} at level {self.level}.")

    def path(self) -> str:
        """Where it is served and exported, below the address of the log."""
        groups = [f"{self.number % 1000:03d}"]
        rest = self.number // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level is None else str(self.level)
        ending = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{ending}"


def parse_tile_path(path: str) -> Tile:
    """The tile or bundle that a path names.

    **Raises** TileError for any path that `Tile.path` would not have written.
    """
    match = _PATH.fullmatch(path)
    if not match:
        raise TileError("This is not the path of a tile.")
    level, number, width = match.groups()
    tile = Tile(
        level=None if level == "entries" else int(level),
        number=_number(number),
        width=WIDTH if width is None else int(width),
    )
    if tile.path() != path:
        raise TileError("The path of this tile is not written in its one way.")
    return tile


def tiles_of(size: int) -> list[Tile]:
    """All tiles of a tree, lowest level first, the one not yet full at the end of its level."""
    tiles: list[Tile] = []
    level, hashes = 0, size
    while hashes:
        tiles += _row_of(level, hashes)
        level, hashes = level + 1, hashes >> HEIGHT
    return tiles


def bundles_of(size: int) -> list[Tile]:
    """All entry bundles of a ledger."""
    return list(_row_of(None, size))


def split_hashes(hashes: bytes) -> list[bytes]:
    """The hashes of one tile; raises TileError when their number is not 1 to 256 or the last one is cut short."""
    if not hashes or len(hashes) % HASH_BYTES or len(hashes) > WIDTH * HASH_BYTES:
        raise TileError(f"A tile has 1 to {WIDTH} hashes of {HASH_BYTES} bytes; this one has {len(hashes)} bytes.")
    return [hashes[start : start + HASH_BYTES] for start in range(0, len(hashes), HASH_BYTES)]


def tile_root(hashes: bytes) -> bytes:
    """The root of a full tile: one hash of the level above.

    **Raises** TileError for a tile that is not full; it may not be hashed into the level above.
    """
    row = split_hashes(hashes)
    if len(row) != WIDTH:
        raise TileError("Only a full tile has a hash in the level above.")
    return _rows(row)[HEIGHT][0]


class TileNodes:
    """Hashes of whole subtrees, read out of tiles; a node provider for `consent.ledger.merkle`.

    **Takes** a function that gives the hashes of tile `number` at `level`, full or as far as they go.
    """

    def __init__(self, load: Callable[[int, int], bytes]) -> None:
        self._load = load
        self._kept: dict[tuple[int, int], list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The root over the 2^level leaves from index * 2^level on; raises TileError when the tile lacks it."""
        tile_level, inner = divmod(level, HEIGHT)
        number, place = divmod(index, WIDTH >> inner)
        row = self._rows_of(tile_level, number)[inner]
        if place >= len(row):
            raise TileError(f"The tile {number} at level {tile_level} does not reach that far.")
        return row[place]

    def _rows_of(self, level: int, number: int) -> list[list[bytes]]:
        rows = self._kept.get((level, number))
        if rows is None:
            rows = _rows(split_hashes(self._load(level, number)))
            if len(self._kept) >= MOST_ROWS_KEPT:
                self._kept.clear()
            self._kept[level, number] = rows
        return rows


def format_bundle(bodies: Sequence[bytes]) -> bytes:
    """Entries as one bundle, each behind its length.

    **Raises** TileError for none, for more than 256, and for an entry longer than 65,535 bytes.
    """
    if not 1 <= len(bodies) <= WIDTH:
        raise TileError(f"A bundle has 1 to {WIDTH} entries.")
    if any(len(body) > LONGEST_ENTRY for body in bodies):
        raise TileError(f"An entry of a bundle has at most {LONGEST_ENTRY} bytes.")
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def parse_bundle(data: bytes, width: int = WIDTH) -> list[bytes]:
    """The entries of a bundle that must have this many.

    **Raises** TileError when it is cut off, has more, or has fewer.
    """
    bodies: list[bytes] = []
    start = 0
    while start < len(data):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > len(data) or end > len(data):
            raise TileError(f"The bundle is cut off in entry {len(bodies)}.")
        bodies.append(data[start + 2 : end])
        start = end
        if len(bodies) > width:
            break
    if len(bodies) != width or not 1 <= width <= WIDTH:
        raise TileError(f"The bundle has not the {width} entries it should have.")
    return bodies


def check_bundle(bodies: Sequence[bytes], hashes: bytes) -> None:
    """Raises TileError unless each entry of a bundle hashes to its place in the tile of level 0."""
    row = split_hashes(hashes)
    if len(row) != len(bodies):
        raise TileError("The bundle and its tile have different widths.")
    for place, (body, leaf) in enumerate(zip(bodies, row, strict=True)):
        if leaf_hash(body) != leaf:
            raise TileError(f"Entry {place} of the bundle is not the one its tile was made for.")


def _row_of(level: int | None, hashes: int) -> Iterator[Tile]:
    full, rest = divmod(hashes, WIDTH)
    for number in range(full):
        yield Tile(level=level, number=number)
    if rest:
        yield Tile(level=level, number=full, width=rest)


def _number(groups: str) -> int:
    digits = groups.replace("x", "").replace("/", "")
    if len(digits) > len(str(LARGEST_NUMBER)) + 2:
        raise TileError("No ledger has that many tiles.")
    return int(digits)


def _rows(row: list[bytes]) -> list[list[bytes]]:
    """The hashes of a tile, and above them all whole pairs, up to the root when the tile is full."""
    rows = [row]
    for _ in range(HEIGHT):
        row = [node_hash(row[place], row[place + 1]) for place in range(0, len(row) - 1, 2)]
        rows.append(row)
    return rows
