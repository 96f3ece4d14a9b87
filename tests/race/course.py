"""Runs the race of withdraw against start and says what went wrong, round by round.

Clinics are made before the race, side by side, each in a database and a data folder of its own. They race one by one.
"""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

TOGETHER_US = 30_000  # one side is held back by up to this long, either side, so that both orders are seen


@dataclass(frozen=True)
class Outcome:
    """How the rounds ended, and every broken promise in words."""

    seen: Counter[str]
    broken: list[str]


@dataclass
class Clinic:
    """An address of a database, a data folder, and the consents that are ready to start and not yet raced."""

    url: str
    folder: Path
    operator: str = ""
    rows: Sequence[dict[str, str]] = ()

    def environment(self, *, without_lock: bool = False) -> dict[str, str]:
        return os.environ | {
            "DATABASE_URL": self.url,
            "DATA_DIR": str(self.folder),
            "PROFILE": "test",
            "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
            "RACE_WITHOUT_LOCK": "1" if without_lock else "0",
        }

    def take(self, rounds: int) -> dict[str, Any]:
        """The consents of the next rounds; nobody races for them again."""
        taken, self.rows = self.rows[:rounds], self.rows[rounds:]
        return {"operator": self.operator, "rows": taken}


def _open(command: list[str], environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.race.worker", *command],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _ask(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(stream: TextIO | None) -> Any:
    assert stream is not None
    line = stream.readline()
    assert line, "a worker ended before it answered"
    return json.loads(line)


def _broken(place: int, withdraw: int, start: int, row: dict[str, Any]) -> list[str]:
    wrong = []
    if withdraw >= 500 or start >= 500:
        wrong.append(f"round {place}: a server error (withdraw {withdraw}, start {start})")
    if withdraw < 400 and (row["state"] != "withdrawn" or row["withdraw_index"] is None):
        wrong.append(f"round {place}: the acknowledged withdrawal is lost (state {row['state']})")
    if start < 400 and not row["started"]:
        wrong.append(f"round {place}: the acknowledged start is lost")
    if row["started"] and row["withdraw_index"] is not None:
        if row["start_index"] is None or row["start_index"] > row["withdraw_index"]:
            wrong.append(f"round {place}: started after the withdrawal")
        elif row["told_in_progress"] is not True:
            wrong.append(f"round {place}: the withdrawal did not know that the procedure had begun")
    return wrong


def _ask_once(command: list[str], environment: dict[str, str], line: str) -> Any:
    with _open(command, environment) as process:
        _ask(process, line)
        answer = _hear(process.stdout)
        process.communicate()
    assert process.returncode == 0
    return answer


def _race(config: dict[str, Any], environment: dict[str, str], seed: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)  # noqa: S311  a repeatable order of play, no secret
    statuses = []
    with _open(["withdraw"], environment) as withdraw, _open(["start"], environment) as start:
        for side in (withdraw, start):
            _ask(side, json.dumps(config))
        assert [_hear(side.stdout) for side in (withdraw, start)] == ["ready", "ready"]
        for place in range(len(config["rows"])):
            lead = chance.randint(-TOGETHER_US, TOGETHER_US)
            _ask(withdraw, f"{place} {max(lead, 0)}")
            _ask(start, f"{place} {max(-lead, 0)}")
            statuses.append((_hear(withdraw.stdout)["status"], _hear(start.stdout)["status"]))
        for side in (withdraw, start):
            side.communicate()
    return statuses


def prepare(clinics: Sequence[Clinic], *, rounds: int) -> None:
    """Fill empty databases side by side, each with so many consents that are ready to start."""
    for one in clinics:
        (one.folder / "static").mkdir()  # the file server warns about a folder that is missing
    # Sealing act by act would take a fifth longer; the race itself seals as a clinic does.
    made = [_open(["prepare", str(rounds)], one.environment() | {"LEDGER_SEALING": "service"}) for one in clinics]
    for clinic, process in zip(clinics, made, strict=True):
        with process:
            answer = _hear(process.stdout)
            process.communicate()
        assert process.returncode == 0
        clinic.operator, clinic.rows = answer["operator"], answer["rows"]


def run(clinics: Sequence[Clinic], *, rounds: int, without_lock: bool = False) -> Outcome:
    """Race `rounds` times, clinic after clinic, and judge each round by the database afterwards."""
    outcome = Outcome(seen=Counter(), broken=[])
    for number, clinic in enumerate(clinics):
        share = min(len(clinic.rows), rounds - outcome.seen.total())
        if share:
            _run_one(clinic.take(share), clinic.environment(without_lock=without_lock), number + 1, outcome)
    assert outcome.seen.total() == rounds
    return outcome


def _run_one(config: dict[str, Any], environment: dict[str, str], seed: int, outcome: Outcome) -> None:
    statuses = _race(config, environment, seed)
    judged = _ask_once(["judge"], environment, json.dumps(config))
    outcome.broken.extend(f"the ledger disagrees: {sentence}" for sentence in judged["findings"])
    for place, ((withdraw, start), row) in enumerate(zip(statuses, judged["rows"], strict=True)):
        outcome.seen[f"withdraw {withdraw}, start {start}"] += 1
        outcome.broken.extend(_broken(place, withdraw, start, row))
