"""What the ledger promises about its cost: for each promise what it must reach, and what it would like to."""

from dataclasses import dataclass

from tests.benchmarks.ledger.measuring import Figure

Found = dict[tuple[str, ...], Figure]  # (part, what, measure) -> figure

APPEND, SEQUENCED, PROOF = "ours, append", "ours, sequencer running", "ours, waiting for the proof"
SQLITE, POSTGRESQL, SLOW = "SQLite", "PostgreSQL", "PostgreSQL, 8 ms commit"


@dataclass(frozen=True)
class Goal:
    """One row: how it is called, where its figure stands, its bar and its stretch, and which way is better."""

    name: str
    place: tuple[str, ...]
    bar: float
    stretch: float
    is_at_least: bool = True

    def reaches(self, figure: Figure, wanted: float) -> bool:
        shown = round(figure.middle, 2)
        return shown >= wanted if self.is_at_least else shown <= wanted

    def sign(self) -> str:
        return "≥" if self.is_at_least else "≤"


def _writing(name: str, database: str, writers: int, way: str, measure: str, bar: float, stretch: float) -> Goal:
    return Goal(name, (database, str(writers), way, measure), bar, stretch)


def _at_most(name: str, *place: str, bar: float, stretch: float) -> Goal:
    return Goal(name, place, bar, stretch, is_at_least=False)


GOALS = (
    _writing("append / history, PostgreSQL, 8 writers", POSTGRESQL, 8, APPEND, "rate", 0.80, 0.90),
    _writing("append / history, PostgreSQL, 1 writer", POSTGRESQL, 1, APPEND, "rate", 0.78, 0.90),
    _writing("append / history, SQLite, 1 writer", SQLITE, 1, APPEND, "rate", 0.85, 0.95),
    _writing("append / history, SQLite, 8 writers", SQLITE, 8, APPEND, "rate", 0.85, 0.95),
    _at_most("statements added to the write, PostgreSQL", POSTGRESQL, "0", APPEND, "statements", bar=1, stretch=1),
    _writing("sealed / history, PostgreSQL, 8 writers", POSTGRESQL, 8, SEQUENCED, "sealed", 0.75, 0.85),
    _writing("sealed / history, 8 ms commit, 8 writers", SLOW, 8, SEQUENCED, "sealed", 0.75, 0.90),
    _writing("sealed / contended chain, 8 ms commit", SLOW, 8, SEQUENCED, "sealed_other", 2.3, 3.0),
    _at_most("p99 of an append / history, 8 writers, 8 ms", SLOW, "8", APPEND, "p99", bar=1.5, stretch=1.2),
    _writing("save with its proof in hand / history, PostgreSQL, 8 writers", POSTGRESQL, 8, PROOF, "rate", 0.40, 0.55),
    _writing("save with its proof in hand / history, SQLite, 1 writer", SQLITE, 1, PROOF, "rate", 0.60, 0.75),
    _at_most("tree build / hashing limit", "hashing", "tree build", bar=1.25, stretch=1.12),
    _at_most("full check of stored rows / hashing limit", "million", "stored rows", bar=2.0, stretch=1.5),
    _at_most("two processes / one", "million", "two processes", bar=0.60, stretch=0.50),
    _at_most("semantic check, standard library only / hashing limit", "million", "semantic", bar=12, stretch=8),
    _at_most(
        "receipt check, short signature / one Ed25519 verification", "receipts", "receipt check", bar=1.4, stretch=1.25
    ),
    _at_most("checking new entries, ledger of a million / of ten thousand", "newest", "growth", bar=1.2, stretch=1.05),
)
