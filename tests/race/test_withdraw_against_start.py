"""Withdraw and start never both win: a start is never later than an acknowledged withdrawal.

RACE_ROUNDS sets the number of rounds (100 in `make test`); the engine is the one the suite runs on.
"""

import math
import os
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from tests.race.course import Clinic, prepare, run

ROUNDS = int(os.environ.get("RACE_ROUNDS", "100"))
ROUNDS_WITHOUT_LOCK = min(ROUNDS, 20)  # about every second one goes wrong
CLINICS = 2  # as many as are made side by side


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Clinic]]:
    """Clinics in databases of their own on the engine under test, gone afterwards."""
    folders = [tmp_path_factory.mktemp("clinic") for _ in range(CLINICS)]
    with ExitStack() as databases:
        made = [Clinic(databases.enter_context(fresh_database(folder)), folder) for folder in folders]
        prepare(made, rounds=math.ceil((ROUNDS + ROUNDS_WITHOUT_LOCK) / CLINICS))
        yield made


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the engine under test."""
    url = os.environ.get("DATABASE_URL", "")
    if "postgres" not in url:
        yield f"sqlite:///{folder / 'race.sqlite3'}"
        return
    import psycopg

    name = f"race_{uuid.uuid4().hex[:12]}"
    config = settings.DATABASES["default"]
    admin = {
        "host": config["HOST"],
        "port": config["PORT"],
        "user": config["USER"],
        "password": config["PASSWORD"],
    }
    with psycopg.connect(dbname="postgres", autocommit=True, **admin) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    head, _, tail = url.rpartition("/")
    query = f"?{tail.partition('?')[2]}" if "?" in tail else ""
    yield f"{head}/{name}{query}"
    with psycopg.connect(dbname="postgres", autocommit=True, **admin) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_start_never_follows_an_acknowledged_withdrawal(clinics: list[Clinic]) -> None:
    outcome = run(clinics, rounds=ROUNDS)
    print(f"{ROUNDS} rounds: {dict(outcome.seen)}")  # noqa: T201  the figure belongs in the report of the run
    assert outcome.broken == []
    assert len(outcome.seen) > 1, f"only one order was seen, so nothing was raced: {dict(outcome.seen)}"


def test_without_the_lock_the_same_race_goes_wrong(clinics: list[Clinic]) -> None:
    """Comes last: it leaves the last clinic broken."""
    outcome = run(clinics, rounds=ROUNDS_WITHOUT_LOCK, without_lock=True)
    print(f"without the lock: {len(outcome.broken)} broken promises, {dict(outcome.seen)}")  # noqa: T201  as above
    assert outcome.broken, "the lock was taken out and nobody noticed"
