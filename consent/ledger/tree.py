"""The Merkle tree over the entries of one ledger (RFC 6962, section 2.1).

A frontier is all that must be kept to go on appending: the roots of the full subtrees, largest first. It has
as many hashes as the size has one-bits.

>>> frontier = Frontier()
>>> for body in (b"one", b"two", b"three"):
...     frontier = frontier.append(leaf_hash(body))
>>> frontier.size, len(frontier.hashes)
(3, 2)
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

HASH_BYTES = 32
SUBTREE = 256  # leaves that are hashed together, as many as a tile has


def leaf_hash(body: bytes) -> bytes:
    """Hash of one entry: SHA-256 of a zero byte and its bytes."""
    return hashlib.sha256(b"\x00" + body).digest()


def leaf_hashes(bodies: Iterable[bytes]) -> list[bytes]:
    """Hashes of many entries."""
    sha256 = hashlib.sha256
    return [sha256(b"\x00" + body).digest() for body in bodies]  # as `leaf_hash`, without the call


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash over two subtrees: SHA-256 of a one byte and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of the tree."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()  # roots of the full subtrees, largest first

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError(f"a frontier of size {self.size} cannot have {len(self.hashes)} hashes")
        if any(len(item) != HASH_BYTES for item in self.hashes):
            raise ValueError(f"every hash of a frontier has {HASH_BYTES} bytes")

    def append(self, leaf: bytes) -> "Frontier":
        """The frontier after one more leaf hash."""
        return self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> "Frontier":
        """The frontier after many more, at little more than the cost of the hashes themselves."""
        hashes, size, coming = list(self.hashes), self.size, iter(leaves)
        while part := list(islice(coming, SUBTREE - size % SUBTREE)):
            if len(part) == SUBTREE:
                _add(hashes, size // SUBTREE, _root_of_full(part))
                size += SUBTREE
                continue
            for leaf in part:
                _add(hashes, size, leaf)
                size += 1
        return Frontier(size, tuple(hashes))

    def root(self) -> bytes:
        """Root of the whole tree; the empty tree has the hash of nothing."""
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        *larger, merged = self.hashes
        for left in reversed(larger):
            merged = node_hash(left, merged)
        return merged

    def to_hex(self) -> list[str]:
        """The hashes as stored."""
        return [item.hex() for item in self.hashes]

    @classmethod
    def from_hex(cls, size: int, hashes: Sequence[str]) -> "Frontier":
        """The frontier as it was stored.

        **Raises** ValueError when size and hashes do not fit each other.
        """
        return cls(size, tuple(bytes.fromhex(item) for item in hashes))


def _add(hashes: list[bytes], before: int, merged: bytes) -> None:
    """Puts a subtree behind so many full ones of its size, and merges it with those that it completes."""
    while before & 1:
        merged = hashlib.sha256(b"\x01" + hashes.pop() + merged).digest()  # as `node_hash`, without the call
        before >>= 1
    hashes.append(merged)


def _root_of_full(row: list[bytes]) -> bytes:
    """Root over as many leaves as a power of two, level by level."""
    sha256 = hashlib.sha256
    while len(row) > 1:
        pairs = iter(row)
        row = [sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)]
    return row[0]
