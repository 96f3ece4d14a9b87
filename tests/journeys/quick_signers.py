"""Signers that make their key once; otherwise those of the small log."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.unit.verifier.small_log import Signer, sha, signer


@dataclass(frozen=True)
class FastSigner(Signer):
    """A signer that makes its key once."""

    @property
    def private(self) -> Any:
        return _private(self.type, self.seed)

    @property
    def public(self) -> bytes:
        return _public(self.type, self.seed)

    @property
    def key_id(self) -> bytes:
        return sha(self.name.encode("utf-8", "surrogateescape") + b"\n" + bytes([self.type]) + self.public)[:4]


@cache
def _private(kind: int, seed: bytes) -> Any:
    return Signer("key", kind, seed).private


@cache
def _public(kind: int, seed: bytes) -> bytes:
    return Signer("key", kind, seed).public


def quick(name: str, kind: int) -> FastSigner:
    return FastSigner(name, kind, signer(name, kind).seed)
