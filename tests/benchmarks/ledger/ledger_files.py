"""Whole ledgers in SQLite files: a million entries read back and checked, and only the newest ones of small and large.

The parent asks a process of its own for each file and each check, so that CPU time is that of the check alone.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.benchmarks.ledger import databases
from tests.benchmarks.ledger.databases import Database
from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.measuring import Figure
from tests.benchmarks.ledger.processes import Worker, workers

MILLION = 1_000_000
LEDGERS = (10_000, 100_000, MILLION)
NEW = 2_000  # entries since the checkpoint that was checked last
QUICK_DIVISOR = 50
ROUNDS = 3
NEW_ROUNDS = 5


def measure_whole(folder: Path, *, is_quick: bool) -> Iterator[Found]:
    """Every entry of the largest ledger: bytes against the root, then also the meaning of each."""
    divisor = QUICK_DIVISOR if is_quick else 1
    size = MILLION // divisor
    database = _made(folder, size, NEW // divisor)
    with workers(database.environment(), 2) as (first, second):
        rows, meaning, fast = _rounds(first, 1 if is_quick else ROUNDS, size)
        yield {("million", "stored rows"): rows, ("million", "semantic"): meaning}
        yield {("million", "semantic, orjson"): fast}
        yield {("million", "two processes"): _two_processes(first, second, 1 if is_quick else ROUNDS, size)}


def _rounds(worker: Worker, rounds: int, size: int) -> tuple[Figure, Figure, Figure]:
    """Seconds of CPU over those of bare hashing, measured before and after each check in the same process."""
    taken: dict[str, list[float]] = {"rows": [], "meaning": [], "meaning with orjson": []}
    for _ in range(rounds):
        for name, ratios in taken.items():
            before = worker.ask("ledger_checks.limit")
            done = worker.ask("ledger_checks.check_rows", 0, size, name)
            after = worker.ask("ledger_checks.limit")
            worker.ask("ledger_checks.check_root", size, done["root"])
            ratios.append(done["cpu"] / size / ((before + after) / 2))
    rows, meaning, fast = (Figure.of(ratios) for ratios in taken.values())
    return rows, meaning, fast


def _two_processes(first: Worker, second: Worker, rounds: int, size: int) -> Figure:
    """Wall time of two processes on aligned halves over that of one on the whole; the halves give the same root."""
    half = 1 << ((size - 1).bit_length() - 1)  # a whole subtree, so that its root stands in the tree
    ratios = []
    for _ in range(rounds):
        whole = first.ask("ledger_checks.check_rows", 0, size, "rows")
        first.send("ledger_checks.check_rows", 0, half, "rows")
        second.send("ledger_checks.check_rows", half, size, "rows")
        parts = [first.hear(), second.hear()]
        first.ask("ledger_checks.check_halves", [part["root"] for part in parts], whole["root"])
        together = max(part["ended"] for part in parts) - min(part["began"] for part in parts)
        ratios.append(together / (whole["ended"] - whole["began"]))
    return Figure.of(ratios)


def measure_newest(folder: Path, *, is_quick: bool) -> Iterator[Found]:
    """The entries since the last checkpoint that was checked, in ledgers of three sizes; cost over the smallest."""
    divisor, rounds = (QUICK_DIVISOR, 1) if is_quick else (1, NEW_ROUNDS)
    cost: dict[int, list[float]] = {size: [] for size in LEDGERS}
    made = {size: _made(folder, size // divisor, NEW // divisor) for size in LEDGERS}
    for _ in range(rounds):
        for size, database in made.items():
            with workers(database.environment(), 1) as (worker,):
                cost[size].append(worker.ask("ledger_checks.check_newest", size // divisor - NEW // divisor))
    smallest = cost[LEDGERS[0]]
    for size in LEDGERS[1:]:
        ratios = [large / small for large, small in zip(cost[size], smallest, strict=True)]
        name = "growth" if size == LEDGERS[-1] else f"growth to {size}"
        yield {("newest", name): Figure.of(ratios)}


def _made(folder: Path, size: int, new: int) -> Database:
    """A file with a ledger of this size; the same file for every part of a run."""
    database = databases.sqlite(folder, f"ledger-{size}")
    if not any(database.folder.glob("*.made")):
        with workers(database.environment(), 1) as (worker,):
            made: dict[str, Any] = worker.ask("ledger_checks.make", size, _checked_sizes(size, new))
        (database.folder / f"{made['size']}.made").touch()
    return database


def _checked_sizes(size: int, new: int) -> list[int]:
    """Where checkpoints stand: as often as batches leave them, where the new entries begin, and at the end."""
    step = min(1000, max(1, size // 10))
    return sorted({*range(step, size, step), size - new, size})
