"""Processes die, disks fill up, many write at once: whatever happens, the log is sound after the next start.

Each test says how much it did; LONG_SHARE makes it less.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.long.conftest import Ground, is_on_postgres, part_of

RUNS_PER_CLINIC = 100
HONEST_RUNS = 10_000
WRITERS = 8
ACTS_PER_WRITER = 10_000 if is_on_postgres() else 2_000


def said(answer: dict[str, Any], what: str) -> None:
    print(f"{what}: { ({key: value for key, value in answer.items() if key != 'wrong'}) }")  # noqa: T201  the figures belong in the report


def test_no_honest_run_is_called_tampered(copies: Iterator[Ground]) -> None:
    """Not one false alarm: random acts, killed or failing anywhere, then a restart, then everything is verified."""
    runs, ends, wrong = part_of(HONEST_RUNS, at_least=20), Counter[str](), list[str]()
    for seed in range(0, runs, RUNS_PER_CLINIC):
        answer = next(copies).ask("crashes", min(RUNS_PER_CLINIC, runs - seed), seed)
        ends.update(answer["ends"])
        wrong += answer["wrong"]
    said({"runs": sum(ends.values()), "ends": dict(ends), "false alarms": len(wrong)}, "honest runs")
    assert wrong == []
    assert sum(ends.values()) == runs
    assert ends["broke"] == 0
    assert ends["killed"] and ends["failed"] and ends["finished"]


def test_every_single_step_may_be_the_last(ground: Ground) -> None:
    """Kill and failure before each statement and before and after each commit, of an act and of the sealer."""
    answer = ground.ask("points")
    said(answer, "points")
    assert answer["wrong"] == []
    assert min(answer["points"].values()) > 8
    assert len(answer["points"]) == 4


def test_many_writers_some_of_them_killed(ground: Ground) -> None:
    acts = part_of(ACTS_PER_WRITER, at_least=20)
    answer = ground.ask("writers", WRITERS, acts, max(4, acts // 250))
    said(answer, "writers")
    assert answer["wrong"] == []
    assert answer["ended"] == WRITERS
    assert answer["killed"] >= 4
    assert answer["said"]["done"] > WRITERS * acts / 2


def test_two_sealers_at_once(ground: Ground) -> None:
    answer = ground.ask("sealers", part_of(1_000, at_least=10))
    said(answer, "sealers")
    assert answer["wrong"] == []
    assert set(answer["heads for each round"]) <= {"0", "1"}, "one of them works, or the next round seals for both"
    assert answer["heads for each round"]["1"] > 0
    assert set(answer["ends"]) == {"finished"}, "the one that comes second goes away; it does not run into the first"


@pytest.mark.skipif(is_on_postgres(), reason="SQLite only: a limit for the size of the file")
def test_a_full_disk(ground: Ground) -> None:
    answer = ground.ask("full")
    said(answer, "full disk")
    assert answer["wrong"] == []
    assert answer["refused"] > 0
