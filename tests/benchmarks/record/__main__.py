"""Measures what a record costs and writes what it found. Started by `.ci/bench.py`."""

import argparse
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.ledger.processes import WorkerFailedError
from tests.benchmarks.ledger.report import tell
from tests.benchmarks.record import archives, memory, printing, report, steps

ROOT = Path(__file__).resolve().parents[3]
Part = Callable[[Path, bool], Iterator[Found]]
PARTS: dict[str, Part] = {
    "printing": lambda _folder, is_quick: printing.measure(is_quick=is_quick),
    "steps": lambda folder, is_quick: steps.measure(folder, is_quick=is_quick),
    "archive": lambda folder, is_quick: archives.measure(folder, is_quick=is_quick),
    "memory": lambda _folder, is_quick: memory.measure(is_quick=is_quick),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small counts; writes to var/bench, not to docs")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # pyHanko warns of each lasting seal that it looks nothing up
    found: Found = {}
    failed = [name for name in PARTS if not _measured(name, options.quick, found)]
    is_whole = not failed and not options.quick
    folder = ROOT / "docs" / "benchmarks" if is_whole else ROOT / "var" / "bench"
    report.write(found, folder)
    print(f"\nWritten to {folder.relative_to(ROOT)}")
    return 1 if failed else 0


def _measured(name: str, is_quick: bool, found: Found) -> bool:
    """Runs one part and keeps what it finds; one that breaks is told and does not cost the others."""
    print(f"\n=== record, {name}", flush=True)
    try:
        for figures in PARTS[name](Path(os.environ["BENCH_FOLDER"]), is_quick):
            found |= figures
            tell(figures)
    except (WorkerFailedError, subprocess.CalledProcessError) as error:
        print(f"{name} broke off: {error}", flush=True)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
