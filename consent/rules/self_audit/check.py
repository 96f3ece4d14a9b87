"""What a check of the self-audit is: a question, the rules it comes from, and the entries at which the answer is no.

>>> Finding(check="wait", kind="procedure.started", index=None, incarnation=1).where
'waiting'
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from consent.rules.self_audit.facts import EntryFacts


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One thing an auditor would look for. It says nothing of why, and nothing of a person."""

    id: str
    question: str  # a yes is what the rules ask for
    rules: tuple[str, ...]
    about: type  # of the facts it looks at
    find: Callable[[Any], Iterable[EntryFacts]]  # takes facts of that type
    limit: str = ""  # what cannot be seen from what is open to everybody


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """An entry at which the answer to a question is not yes."""

    check: str
    kind: str
    index: int | None  # None while the entry waits to be sealed
    incarnation: int

    @property
    def where(self) -> str:
        """The place of the entry in the log, as an auditor cites it."""
        return "waiting" if self.index is None else str(self.index)
