"""Paths through the tree: this entry is in it, and this later tree only adds to that earlier one (RFC 6962, 2.1).

Whoever makes a path asks for hashes of whole subtrees, `node(level, index)`: the root over the 2^level leaves from
index * 2^level on. Whoever checks one needs the path and nothing else.

>>> from consent.ledger.tree import leaf_hash, node_hash
>>> leaves = [leaf_hash(b"a"), leaf_hash(b"b")]
>>> path = inclusion_path(1, 2, lambda level, index: leaves[index])
>>> verify_inclusion(1, 2, leaves[1], path, node_hash(*leaves))
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from consent.ledger.refusals import ProofError
from consent.ledger.tree import HASH_BYTES, node_hash

NodeProvider = Callable[[int, int], bytes]


def inclusion_path(index: int, size: int, node: NodeProvider) -> list[bytes]:
    """The sibling hashes from the leaf up to the root.

    **Raises** ProofError when the tree has no such leaf.
    """
    _check_index(index, size)
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    return path[::-1]


def consistency_path(old: int, new: int, node: NodeProvider) -> list[bytes]:
    """The hashes that lead from the root of an earlier size to that of a later one.

    **Raises** ProofError unless 1 <= old <= new.
    """
    _check_sizes(old, new)
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_subtree(middle, end, node))
            end = middle
        else:
            path.append(_subtree(start, middle, node))
            start = middle
    if start:
        path.append(_subtree(start, end, node))
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes], root: bytes) -> None:
    """Proves that the leaf stands at this index in the tree with this root.

    **Raises** ProofError when it does not follow: a path too long, too short or changed, a size of 0.
    """
    if root_from_path(index, size, leaf, path) != root:
        raise ProofError("The path leads to another root than that of the checkpoint.")


def root_from_path(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that a leaf and its path lead to; raises ProofError when they do not fit the size."""
    _check_index(index, size)
    _check_hashes([leaf, *path])
    place, last, root, sha256 = index, size - 1, leaf, hashlib.sha256
    for sibling in path:
        if not last:
            raise ProofError("The path has more hashes than the tree has levels.")
        if place & 1 or place == last:
            root = sha256(b"\x01" + sibling + root).digest()  # as `node_hash`, without the call
            place, last = _climb(place, last)
        else:
            root = sha256(b"\x01" + root + sibling).digest()
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("The path ends before the root.")
    return root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, path: Sequence[bytes]) -> None:
    """Proves that the later tree holds everything the earlier one held, in the same order.

    **Raises** ProofError when it does not follow: another root, a path too long, too short or changed, a size of 0.
    """
    _check_sizes(old, new)
    if old == new:
        if path or old_root != new_root:
            raise ProofError("Two trees of one size have one root and need no path.")
        return
    first, *rest = _from_old_root(old, old_root, path)
    _check_hashes([first, *rest])
    made_old, made_new = _both_roots(old, new, first, rest)
    if made_old != old_root:
        raise ProofError("The path does not lead to the root of the earlier checkpoint.")
    if made_new != new_root:
        raise ProofError("The path does not lead to the root of the later checkpoint.")


def _from_old_root(old: int, old_root: bytes, path: Sequence[bytes]) -> Iterator[bytes]:
    """The path with its first hash; the earlier root itself, when that tree was full and nobody needs to send it."""
    if not path:
        raise ProofError("Between two sizes there must be a path.")
    if old.bit_count() == 1:
        yield old_root
    yield from path


def _both_roots(old: int, new: int, first: bytes, rest: Sequence[bytes]) -> tuple[bytes, bytes]:
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    made_old = made_new = first
    for sibling in rest:
        if not last:
            raise ProofError("The path has more hashes than the tree has levels.")
        if place & 1 or place == last:
            made_old = node_hash(sibling, made_old)
            made_new = node_hash(sibling, made_new)
            place, last = _climb(place, last)
        else:
            made_new = node_hash(made_new, sibling)
        place, last = place >> 1, last >> 1
    if last:
        raise ProofError("The path ends before the root.")
    return made_old, made_new


def _climb(place: int, last: int) -> tuple[int, int]:
    """Up past the levels where a node at the right edge has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << ((count - 1).bit_length() - 1)


def _subtree(start: int, end: int, node: NodeProvider) -> bytes:
    """Root over some leaves that begin where a subtree of their size begins."""
    parts = []
    while end > start:
        level = (end - start).bit_length() - 1
        parts.append(node(level, start >> level))
        start += 1 << level
    root = parts.pop()
    while parts:
        root = node_hash(parts.pop(), root)
    return root


def _check_index(index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ProofError(f"A tree of size {size} has no entry {index}.")


def _check_sizes(old: int, new: int) -> None:
    if not 1 <= old <= new:
        raise ProofError(f"Nothing can be proven from size {old} to size {new}.")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if {*map(len, hashes)} != {HASH_BYTES}:
        raise ProofError(f"Every hash of a proof has {HASH_BYTES} bytes.")
