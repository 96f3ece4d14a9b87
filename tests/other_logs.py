"""Logs of other clinics, made without any table: honest ones, and ones that tell two stories."""

import itertools
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consent.ledger.cosignatures import mldsa_verifier
from consent.ledger.merkle import consistency_path
from consent.ledger.notes import ed25519_verifier
from consent.ledger.policy import LogKey, Policy
from consent.ledger.tree import leaf_hash
from consent.ledger.witnessing import Submission
from tests import log_world

_NUMBERS = itertools.count(1)


@dataclass
class OtherLog:
    """A log with a name of its own; `leaves` are what its owner says today."""

    origin: str = field(default_factory=lambda: f"freely-given/{next(_NUMBERS):032x}")
    leaves: list[bytes] = field(default_factory=list)

    def grow(self, size: int, story: str = "told") -> "OtherLog":
        """Add entries of a story until there are so many."""
        self.leaves += [leaf_hash(f"{story} {number}".encode()) for number in range(len(self.leaves), size)]
        return self

    def forked(self, at: int, size: int) -> "OtherLog":
        """The same log as told to somebody else: the first entries are the same, the others are not."""
        return OtherLog(self.origin, self.leaves[:at]).grow(size, "told otherwise")

    def note(self, size: int) -> str:
        root = log_world.root_over(self.leaves[:size])
        return log_world.checkpoint_note(size, root, origin=self.origin)

    def path(self, old: int, new: int) -> tuple[bytes, ...]:
        return tuple(consistency_path(old, new, log_world.nodes_over(self.leaves))) if 0 < old <= new else ()

    def submission(self, old: int, new: int, **changes: Any) -> bytes:
        """What its owner sends, honestly unless changed."""
        values = {"old_size": old, "path": self.path(old, new), "note": self.note(new)} | changes
        return Submission(**values).to_bytes()

    def keys(self) -> tuple[LogKey, ...]:
        own = (ed25519_verifier(self.origin, log_world.LOG), mldsa_verifier(self.origin, log_world.LOG_MLDSA))
        return tuple(LogKey(key) for key in own)


def watch(settings: Any, folder: Path, log: OtherLog) -> None:
    """This house witnesses this log."""
    settings.LEDGER_WITNESSED_FILE = folder / "witnessed"
    policy = Policy(logs=log.keys(), witnesses=(), groups=(), quorum="none")
    settings.LEDGER_WITNESSED_FILE.write_text(policy.to_text(), encoding="utf-8")
