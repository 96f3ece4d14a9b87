"""Runs the parts one after the other and writes what they found. Started by `.ci/bench.py`, which brings a server."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.ledger import databases, hashing, ledger_files, report, saving
from tests.benchmarks.ledger.goals import POSTGRESQL, SLOW, SQLITE, Found
from tests.benchmarks.ledger.processes import WorkerFailedError

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Run:
    """Where this run may write, which server it may use, and whether small counts are enough."""

    folder: Path
    server: str
    is_quick: bool

    @property
    def plan(self) -> saving.Plan:
        return saving.QUICK if self.is_quick else saving.FULL


def on_sqlite(run: Run) -> Iterator[Found]:
    yield from _saving(run, databases.sqlite(run.folder, SQLITE), (1, 8))


def on_postgresql(run: Run) -> Iterator[Found]:
    yield from _saving(run, databases.postgresql(run.server, run.folder, POSTGRESQL), (1, 8))


def on_slow(run: Run) -> Iterator[Found]:
    yield from _saving(run, databases.postgresql(run.server, run.folder, SLOW, is_slow=True), (8,), is_slow=True)


def _saving(
    run: Run, database: databases.Database, writer_counts: tuple[int, ...], *, is_slow: bool = False
) -> Iterator[Found]:
    for writers, way, measure, figure in saving.measure(database, run.plan, writer_counts, is_slow=is_slow):
        yield {(database.name, str(writers), way, measure): figure}


def of_hashing(run: Run) -> Iterator[Found]:
    yield from hashing.measure(is_quick=run.is_quick)


def of_a_million(run: Run) -> Iterator[Found]:
    yield from ledger_files.measure_whole(run.folder, is_quick=run.is_quick)


def of_the_newest(run: Run) -> Iterator[Found]:
    yield from ledger_files.measure_newest(run.folder, is_quick=run.is_quick)


PARTS: dict[str, Callable[[Run], Iterator[Found]]] = {
    "hashing": of_hashing,
    "million": of_a_million,
    "newest": of_the_newest,
    "sqlite": on_sqlite,
    "postgresql": on_postgresql,
    "slow": on_slow,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts; writes to var/bench, not to docs")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=list(PARTS), help="these parts; writes to var/bench"
    )
    options = parser.parse_args()
    run = Run(Path(os.environ["BENCH_FOLDER"]), os.environ["BENCH_SERVER"], options.quick)
    found: Found = {}
    failed = [name for name in options.only if not _measured(name, run, found)]
    is_whole = set(options.only) == set(PARTS) and not options.quick and not failed
    folder = ROOT / "docs" / "benchmarks" if is_whole else ROOT / "var" / "bench"
    report.write(found, folder)
    print(f"\nWritten to {folder.relative_to(ROOT)}")
    return 1 if failed else 0


def _measured(name: str, run: Run, found: Found) -> bool:
    """Runs one part and keeps what it finds; one that breaks is told and does not cost the others."""
    print(f"\n=== {name}", flush=True)
    try:
        for figures in PARTS[name](run):
            found |= figures
            report.tell(figures)
    except WorkerFailedError as error:
        print(f"{name} broke off: {error}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
