"""How much memory an archive needs, by the number of its records: each number in a process of its own."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.ledger.goals import Found
from tests.benchmarks.record.goals import FEW, MANY, MEMORY
from tests.benchmarks.record.printing import exactly

ROOT = Path(__file__).resolve().parents[3]
BETWEEN = (10, 100)
WARMED_BY = 6  # records, one of each language: every font is open then


def measure(*, is_quick: bool) -> Iterator[Found]:
    counts = (FEW, 10) if is_quick else (FEW, *BETWEEN, MANY)
    peaks = {count: _in_own_process(count) for count in counts}
    for count, peak in peaks.items():
        yield {(MEMORY, str(count), "peak"): exactly(peak / peaks[FEW])}


def _in_own_process(count: int) -> int:
    command = [sys.executable, "-m", "tests.benchmarks.record.memory", str(count)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return int(done.stdout)


def peak_of(count: int) -> int:
    """The most memory that this process ever held (kilobytes on Linux) after an archive of so many records."""
    from tests.benchmarks.record.chain import archived

    archived(WARMED_BY)
    archived(count)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    print(peak_of(int(sys.argv[1])))
