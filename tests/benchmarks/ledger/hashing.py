"""What needs no database: tree, proofs, encoding, signatures and receipts, each beside what it cannot be cheaper than.

The hashing limit is one leaf hash and one node hash for each entry in a bare loop, over the same bytes.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial

import orjson
import pymerkle

from consent.ledger.canonical import canonical, read
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.merkle import inclusion_path, verify_inclusion
from consent.ledger.tree import Frontier, leaf_hash, leaf_hashes
from tests.benchmarks.ledger.entries import entries
from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.measuring import Repeat, cpu_ratios
from tests.benchmarks.ledger.receipts import receipt_things, rows_of_tree

LIMIT = "hashing limit"
TREE = 5000  # leaves of the tree that proofs are made in

Things = dict[str, tuple[Repeat, int]]


def measure(*, is_quick: bool) -> Iterator[Found]:
    scale, rounds = (1, 1) if is_quick else (10, 5)
    bodies = [entry.body for entry in entries(2000 * scale)]
    yield _found("hashing", _tree_and_text(bodies, scale), LIMIT, rounds)
    yield _found("proofs", _proofs(bodies[0], scale), "verify, bare hashes", rounds)
    yield _found("receipts", receipt_things(50 * scale), "Ed25519 verification", rounds)


def _found(part: str, things: Things, yardstick: str, rounds: int) -> Found:
    figures = cpu_ratios(things, yardstick=yardstick, rounds=rounds)
    return {(part, name): figure for name, figure in figures.items()}


def hashing_limit(bodies: list[bytes]) -> Repeat:
    """One leaf and one node for each entry, and nothing else."""

    def repeat(times: int) -> object:
        sha256, node = hashlib.sha256, bytes(32)
        for body in bodies[:times]:
            leaf = sha256(b"\x00" + body).digest()
            node = sha256(b"\x01" + node + leaf).digest()
        return node

    return repeat


def _tree_and_text(bodies: list[bytes], scale: int) -> Things:
    count, few, joined = len(bodies), 300 * scale, b"".join(bodies)
    documents = [json.loads(body) for body in bodies[:few]]
    parsed = [parse_entry(body) for body in bodies[:few]]
    write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
    sort_keys = partial(orjson.dumps, option=orjson.OPT_SORT_KEYS)
    return {
        LIMIT: (hashing_limit(bodies), count),
        "all bytes as one stream": (lambda times: hashlib.sha256(joined).digest(), count),
        "tree build": (lambda times: _tree(bodies), count),
        "tree build, pymerkle": (lambda times: _tree_of_pymerkle(bodies[:few]), few),
        "write, standard library alone": (_over(documents, write), few),
        "write, orjson alone": (_over(documents, sort_keys), few),
        "write, house, canonical form": (_over(documents, canonical), few),
        "write, house, whole entry": (_over(parsed, encode_entry), few),
        "read, standard library alone": (_over(bodies, json.loads), few),
        "read, orjson alone": (_over(bodies, orjson.loads), few),
        "read, house, canonical form": (_over(bodies, read), few),
        "read, house, whole entry": (_over(bodies, parse_entry), few),
    }


def _over(items: list[object] | list[bytes], does: Callable[..., object]) -> Repeat:
    def repeat(times: int) -> object:
        for item in items[:times]:
            does(item)
        return None

    return repeat


def _tree(bodies: list[bytes]) -> bytes:
    return Frontier().extend(leaf_hashes(bodies)).root()


def _tree_of_pymerkle(bodies: list[bytes]) -> object:
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for body in bodies:
        tree.append_entry(body)
    return tree.get_state()


def _proofs(body: bytes, scale: int) -> Things:
    """Proving and verifying in one tree, ours and pymerkle's, over the same leaves and the same indices."""
    leaves = [leaf_hash(body + str(number).encode()) for number in range(TREE)]
    rows = rows_of_tree(leaves)
    theirs = pymerkle.InmemoryTree.init_from_entries(
        [body + str(number).encode() for number in range(TREE)], algorithm="sha256"
    )
    root, indices = _tree([body + str(number).encode() for number in range(TREE)]), range(0, TREE, 7)
    if theirs.get_state() != root:
        raise ValueError("the two trees have different roots")
    paths = {index: inclusion_path(index, TREE, lambda level, place: rows[level][place]) for index in indices}
    proofs = {index: theirs.prove_inclusion(index + 1, TREE) for index in indices}
    many = 20 * scale
    chosen = list(indices)[:many]
    return {
        "verify, bare hashes": (_over(chosen, lambda index: _bare(leaves[index], paths[index])), many),
        "verify, house": (
            _over(chosen, lambda index: verify_inclusion(index, TREE, leaves[index], paths[index], root)),
            many,
        ),
        "verify, pymerkle": (
            _over(chosen, lambda index: pymerkle.verify_inclusion(leaves[index], root, proofs[index])),
            many,
        ),
        "prove, house": (
            _over(chosen, lambda index: inclusion_path(index, TREE, lambda level, place: rows[level][place])),
            many,
        ),
        "prove, pymerkle": (_over(chosen, lambda index: theirs.prove_inclusion(index + 1, TREE)), many),
    }


def _bare(leaf: bytes, path: list[bytes]) -> bytes:
    node = leaf
    for sibling in path:
        node = hashlib.sha256(b"\x01" + node + sibling).digest()
    return node
