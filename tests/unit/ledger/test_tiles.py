import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.merkle import consistency_path, inclusion_path, verify_consistency, verify_inclusion
from consent.ledger.refusals import TileError
from consent.ledger.tiles import (
    LONGEST_ENTRY,
    WIDTH,
    Tile,
    TileNodes,
    bundles_of,
    check_bundle,
    format_bundle,
    parse_bundle,
    parse_tile_path,
    split_hashes,
    tile_root,
    tiles_of,
)
from consent.ledger.tree import leaf_hash
from tests.log_world import leaves, root_over


def tiles_over(hashes):
    """The bytes of every tile of a tree, by level and number."""
    stored, row, level = {}, hashes, 0
    while row:
        for number in range(0, len(row), WIDTH):
            stored[level, number // WIDTH] = b"".join(row[number : number + WIDTH])
        row = [tile_root(stored[level, number]) for number in range(len(row) // WIDTH)]
        level += 1
    return stored


def test_the_example_of_the_specification():
    """70,000 entries: 273 full tiles and one of 112, one full and one of 17 above them, and one of 1."""
    tiles = tiles_of(70_000)
    assert [tile.width for tile in tiles if tile.level == 0] == [256] * 273 + [112]
    assert [(tile.number, tile.width) for tile in tiles if tile.level == 1] == [(0, 256), (1, 17)]
    assert [(tile.number, tile.width) for tile in tiles if tile.level == 2] == [(0, 1)]
    assert len(tiles) == 277
    assert bundles_of(70_000)[-1].path() == "tile/entries/273.p/112"


def test_one_full_tile_has_one_hash_above():
    assert [tile.path() for tile in tiles_of(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert tiles_of(0) == [] == bundles_of(0)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 999, 1), "tile/63/999.p/1"),
        (Tile(None, 1000, 255), "tile/entries/x001/000.p/255"),
    ],
)
def test_a_path_and_its_tile(tile, path):
    assert (tile.path(), parse_tile_path(path)) == (path, tile)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/x001",
        "tile/0/x01/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000\n",
        "tile/0/\u0660\u0660\u0660",
        "tile/0/" + "x999/" * 3000 + "999",
        "tile/0/../000",
    ],
)
def test_any_other_path_is_refused(path):
    with pytest.raises(TileError):
        parse_tile_path(path)


@given(st.one_of(st.none(), st.integers(0, 63)), st.integers(0, 2**63 - 1), st.integers(1, WIDTH))
def test_every_tile_has_one_path(level, number, width):
    tile = Tile(level, number, width)
    assert parse_tile_path(tile.path()) == tile


@pytest.mark.parametrize("tile", [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 2**63, 1), (0, 0, 0), (0, 0, 257)])
def test_a_tile_that_cannot_be_is_refused(tile):
    with pytest.raises(TileError):
        Tile(*tile)


@pytest.mark.parametrize("hashes", [b"", bytes(31), bytes(33), bytes(257 * 32)])
def test_hashes_that_are_no_tile_are_refused(hashes):
    with pytest.raises(TileError):
        split_hashes(hashes)


def test_a_tile_not_full_has_no_hash_above():
    hashes = leaves(WIDTH)
    assert tile_root(b"".join(hashes)) == root_over(hashes)
    with pytest.raises(TileError):
        tile_root(b"".join(hashes[:-1]))


@given(st.one_of(st.integers(1, 1100), st.sampled_from([255, 256, 257, 511, 512, 513, 1024])), st.data())
def test_every_proof_comes_out_of_the_tiles(size, data):
    hashes = leaves(size)
    stored = tiles_over(hashes)
    node = TileNodes(lambda level, number: stored[level, number])
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    verify_inclusion(index, size, hashes[index], inclusion_path(index, size, node), root_over(hashes))
    path = consistency_path(old, size, node)
    verify_consistency(old, size, root_over(hashes[:old]), root_over(hashes), path)


def test_tiles_above_level_one_are_used():
    """A tree of 65,537 leaves, all alike, so that its tiles can be written down at once."""
    leaf = leaf_hash(b"x")
    low = leaf * WIDTH
    middle = tile_root(low) * WIDTH
    top = tile_root(middle)
    node = TileNodes(lambda level, number: {0: low if number < WIDTH else leaf, 1: middle, 2: top}[level])
    assert inclusion_path(65536, 65537, node) == [top]


def test_a_tile_that_does_not_reach_is_refused():
    node = TileNodes(lambda level, number: leaves(1)[0])
    with pytest.raises(TileError, match="does not reach"):
        node(0, 1)


def test_a_reader_forgets_before_it_fills_the_memory():
    asked = []
    stored = leaves(1)[0] * WIDTH

    def load(level, number):
        asked.append(number)
        return stored

    node = TileNodes(load)
    for number in range(200):
        assert node(1, number * 128) == node(1, number * 128 + 127)
    node(1, 0)
    assert asked.count(199) == 1
    assert asked.count(0) == 2


BODIES = [b"", b"one", b"x" * LONGEST_ENTRY]


def test_a_bundle_is_read_as_it_was_written():
    data = format_bundle(BODIES)
    assert data[:7] == b"\0\0\0\x03one"
    assert parse_bundle(data, 3) == BODIES
    check_bundle(BODIES, b"".join(map(leaf_hash, BODIES)))


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=WIDTH))
def test_every_bundle_is_read_as_it_was_written(bodies):
    assert parse_bundle(format_bundle(bodies), len(bodies)) == bodies


@pytest.mark.parametrize("bodies", [[], [b""] * 257, [b"x" * (LONGEST_ENTRY + 1)]])
def test_a_bundle_that_cannot_be_is_not_written(bodies):
    with pytest.raises(TileError):
        format_bundle(bodies)


@pytest.mark.parametrize(
    ("data", "width"),
    [(b"", 1), (b"\0", 1), (b"\0\x01", 1), (b"\0\0", 2), (b"\0\0\0\0", 1), (b"\0\0\xff", 1), (b"\0\0" * 300, 256)],
)
def test_a_bundle_cut_off_or_too_long_is_refused(data, width):
    with pytest.raises(TileError):
        parse_bundle(data, width)


def test_a_bundle_that_is_not_that_of_its_tile_is_refused():
    hashes = b"".join(map(leaf_hash, BODIES))
    with pytest.raises(TileError, match="Entry 1"):
        check_bundle([b"", b"two", BODIES[2]], hashes)
    with pytest.raises(TileError, match="different widths"):
        check_bundle(BODIES[:2], hashes)
