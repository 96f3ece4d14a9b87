import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.merkle import (
    consistency_path,
    inclusion_path,
    root_from_path,
    verify_consistency,
    verify_inclusion,
)
from consent.ledger.refusals import ProofError
from consent.ledger.tree import node_hash
from tests.log_world import leaves, nodes_over, root_over

# Probes of transparency-dev/merkle (Apache-2.0): 98 of testdata/inclusion and 98 of testdata/consistency. 53 of them,
# all ten happy paths and at least one of each kind of corruption among them, were copied value by value and are marked
# so; the others were made again from those by the same named changes. Probes of subtrees are left out.
PROBES = json.loads((Path(__file__).parents[2] / "vectors" / "merkle_probes.json").read_text(encoding="utf-8"))


def probe_bytes(probe, *names):
    return [base64.b64decode(probe[name]) for name in names]


def path_of(probe):
    return [base64.b64decode(item) for item in probe["proof"] or ()]


def test_there_are_as_many_probes_as_we_say():
    probes = [*PROBES["inclusion"], *PROBES["consistency"]]
    assert (len(PROBES["inclusion"]), len(PROBES["consistency"])) == (98, 98)
    assert len({probe["path"] for probe in probes}) == 196
    assert sum(probe["transcribed"] for probe in probes) == 53
    assert sum(not probe["probe"]["wantErr"] for probe in probes) == 12
    assert all(probe["transcribed"] for probe in probes if not probe["probe"]["wantErr"])


@pytest.mark.parametrize("vector", PROBES["inclusion"], ids=lambda vector: vector["path"])
def test_inclusion_probe(vector):
    probe = vector["probe"]
    leaf, root = probe_bytes(probe, "leafHash", "root")
    if probe["wantErr"]:
        with pytest.raises(ProofError):
            verify_inclusion(probe["leafIdx"], probe["treeSize"], leaf, path_of(probe), root)
    else:
        verify_inclusion(probe["leafIdx"], probe["treeSize"], leaf, path_of(probe), root)


@pytest.mark.parametrize("vector", PROBES["consistency"], ids=lambda vector: vector["path"])
def test_consistency_probe(vector):
    probe = vector["probe"]
    roots = probe_bytes(probe, "root1", "root2")
    if probe["wantErr"]:
        with pytest.raises(ProofError):
            verify_consistency(probe["size1"], probe["size2"], *roots, path_of(probe))
    else:
        verify_consistency(probe["size1"], probe["size2"], *roots, path_of(probe))


def naive_root(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def naive_inclusion(index, hashes):
    """PATH of RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if index < split:
        return [*naive_inclusion(index, hashes[:split]), naive_root(hashes[split:])]
    return [*naive_inclusion(index - split, hashes[split:]), naive_root(hashes[:split])]


def naive_consistency(old, hashes, is_whole=True):
    """SUBPROOF of RFC 6962, section 2.1.2."""
    if old == len(hashes):
        return [] if is_whole else [naive_root(hashes)]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if old <= split:
        return [*naive_consistency(old, hashes[:split], is_whole), naive_root(hashes[split:])]
    return [*naive_consistency(old - split, hashes[split:], False), naive_root(hashes[:split])]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_path_in_every_small_tree(size):
    hashes = leaves(size)
    root, node = root_over(hashes), nodes_over(hashes)
    assert root == naive_root(hashes)
    for index in range(size):
        path = inclusion_path(index, size, node)
        assert path == naive_inclusion(index, hashes)
        verify_inclusion(index, size, hashes[index], path, root)
    for old in range(1, size + 1):
        path = consistency_path(old, size, node)
        assert path == naive_consistency(old, hashes)
        verify_consistency(old, size, root_over(hashes[:old]), root, path)


@given(st.integers(1, 700), st.data())
def test_paths_of_larger_trees(size, data):
    hashes = leaves(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    node = nodes_over(hashes)
    assert inclusion_path(index, size, node) == naive_inclusion(index, hashes)
    verify_consistency(old, size, root_over(hashes[:old]), naive_root(hashes), consistency_path(old, size, node))


def changes(path):
    """Every way to spoil a path that keeps its hashes whole."""
    for place in range(len(path)):
        yield [*path[:place], bytes([path[place][0] ^ 1]) + path[place][1:], *path[place + 1 :]]
        yield [*path[:place], *path[place + 1 :]]
        yield [*path[:place], path[place], *path[place:]]
    yield [*path, bytes(32)]
    yield [bytes(32), *path]


@given(st.integers(1, 70), st.data())
def test_no_changed_path_proves_anything(size, data):
    hashes = leaves(size)
    root, node = root_over(hashes), nodes_over(hashes)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    for path in changes(inclusion_path(index, size, node)):
        with pytest.raises(ProofError):
            verify_inclusion(index, size, hashes[index], path, root)
    for path in changes(consistency_path(old, size, node)):
        with pytest.raises(ProofError):
            verify_consistency(old, size, root_over(hashes[:old]), root, path)


@given(st.integers(2, 40), st.data())
def test_a_fork_is_never_consistent(size, data):
    """The earlier tree held something else somewhere: no path that exists leads from it to the later one."""
    hashes = leaves(size)
    old = data.draw(st.integers(1, size))
    forked = leaves(old)
    forked[data.draw(st.integers(0, old - 1))] = bytes(32)
    path = consistency_path(old, size, nodes_over(hashes))
    with pytest.raises(ProofError):
        verify_consistency(old, size, root_over(forked), root_over(hashes), path)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 1), (7, 3), (0, -1)])
def test_a_leaf_that_is_not_there_has_no_path(index, size):
    with pytest.raises(ProofError, match=f"size {size} has no entry {index}"):
        inclusion_path(index, size, nodes_over(leaves(1)))
    with pytest.raises(ProofError):
        root_from_path(index, size, bytes(32), [])


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 1), (2, 1), (-1, 1)])
def test_nothing_is_proven_from_nothing_or_backwards(old, new):
    with pytest.raises(ProofError):
        consistency_path(old, new, nodes_over(leaves(1)))
    with pytest.raises(ProofError):
        verify_consistency(old, new, bytes(32), bytes(32), [])
