import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.tree import Frontier, leaf_hash, leaf_hashes, node_hash


def root_by_definition(bodies):
    """The root as RFC 6962, section 2.1 defines it: split at the largest power of two below the size."""
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return leaf_hash(bodies[0])
    split = 1 << ((len(bodies) - 1).bit_length() - 1)
    return node_hash(root_by_definition(bodies[:split]), root_by_definition(bodies[split:]))


def frontier_over(bodies):
    frontier = Frontier()
    for body in bodies:
        frontier = frontier.append(leaf_hash(body))
    return frontier


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_root_is_the_one_of_the_definition(bodies):
    assert frontier_over(bodies).root() == root_by_definition(bodies)


@given(st.lists(st.binary(max_size=8), max_size=70), st.data())
def test_many_leaves_at_once_give_the_same_frontier_as_one_by_one(bodies, data):
    split = data.draw(st.integers(0, len(bodies)))
    leaves = [leaf_hash(body) for body in bodies]
    assert Frontier().extend(leaves[:split]).extend(iter(leaves[split:])) == frontier_over(bodies)


@pytest.mark.parametrize("split", [0, 1, 255, 256, 257, 300, 511, 512, 1000, 1279])
def test_whole_subtrees_hashed_together_give_the_same_frontier(split):
    leaves = leaf_hashes(b"%d" % number for number in range(1280))
    one_by_one = frontier_over([b"%d" % number for number in range(1280)])
    assert Frontier().extend(leaves[:split]).extend(iter(leaves[split:])) == one_by_one


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_no_two_histories_share_a_root(bodies, data):
    other = list(bodies)
    position = data.draw(st.integers(0, len(bodies) - 1))
    other[position] += b"!"
    assert frontier_over(other).root() != frontier_over(bodies).root()


@given(st.integers(0, 300))
def test_a_frontier_can_be_stored_and_gone_on_with(size):
    frontier = frontier_over([b"%d" % number for number in range(size)])
    again = Frontier.from_hex(frontier.size, frontier.to_hex())
    assert again == frontier
    assert again.append(leaf_hash(b"next")).root() == frontier.append(leaf_hash(b"next")).root()


@pytest.mark.parametrize(
    ("size", "hashes"),
    [(-1, []), (0, ["00" * 32]), (1, []), (3, ["00" * 32]), (1, ["00" * 31]), (1, ["zz" * 32])],
)
def test_a_frontier_that_cannot_be_is_refused(size, hashes):
    with pytest.raises(ValueError):
        Frontier.from_hex(size, hashes)


def test_a_leaf_is_not_a_node():
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
