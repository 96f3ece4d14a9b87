"""A clinic of its own for each course: prepared once on the engine under test, then copied."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HOUR = 3600
SHARE = float(os.environ.get("LONG_SHARE", "1"))


def part_of(whole: int, *, at_least: int = 1) -> int:
    """How many of so many are done in this run."""
    return max(at_least, round(whole * SHARE))


@dataclass(frozen=True)
class Ground:
    """A data folder and a database; everything happens in processes of their own."""

    folder: Path
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "PROFILE": "test",
            "DJANGO_SETTINGS_MODULE": "clinic.config.settings",
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
        }

    def ask(self, *words: object) -> dict[str, Any]:
        """Run one course and hear what came of it."""
        command = [sys.executable, "-m", "tests.long.worker", *map(str, words)]
        done = subprocess.run(
            command, env=self.environment, capture_output=True, text=True, check=False, timeout=3 * HOUR
        )
        assert done.returncode == 0, done.stderr[-3000:]
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def postgres_value(statement: str, url: str = "") -> str:
    """What one statement gives, in the database of an address; else for the whole server."""
    import psycopg

    with psycopg.connect(url or url_of("postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""


def postgres(statement: str) -> None:
    """One statement for the whole server."""
    postgres_value(statement)


def is_on_postgres() -> bool:
    return "postgres" in os.environ.get("DATABASE_URL", "")


def url_of(name: str) -> str:
    head, _, tail = os.environ["DATABASE_URL"].rpartition("/")
    return f"{head}/{name}" + (f"?{tail.partition('?')[2]}" if "?" in tail else "")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """The clinic that every other one is a copy of."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    folder.mkdir()
    if not is_on_postgres():
        ground = Ground(folder, f"sqlite:///{folder / 'db.sqlite3'}")
        ground.ask("prepare")
        yield ground
        return
    name = f"long_{uuid.uuid4().hex[:12]}"
    postgres(f"CREATE DATABASE {name}")
    ground = Ground(folder, url_of(name))
    ground.ask("prepare")
    yield ground
    postgres(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def copies(prepared: Ground, tmp_path: Path) -> Iterator[Iterator[Ground]]:
    """As many clinics as one asks for, each as fresh as the other; each is removed when the next is asked for."""
    made = _copies(prepared, tmp_path)
    yield made
    made.close()


@pytest.fixture
def ground(copies: Iterator[Ground]) -> Ground:
    """One fresh clinic."""
    return next(copies)


def _copies(prepared: Ground, folder: Path) -> "Any":
    number = 0
    while True:
        number += 1
        data, name = folder / f"copy-{number}" / "data", f"copy_{uuid.uuid4().hex[:12]}"
        shutil.copytree(prepared.folder, data)
        heads = prepared.folder.with_name("data-high-water")
        if heads.exists():
            shutil.copytree(heads, data.with_name("data-high-water"))
        if prepared.is_sqlite:
            url = f"sqlite:///{data / 'db.sqlite3'}"
        else:
            template = prepared.url.rpartition("/")[2].partition("?")[0]
            postgres(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
            url = url_of(name)
        try:
            yield Ground(data, url)
        finally:
            shutil.rmtree(data.parent)
            if not prepared.is_sqlite:
                postgres(f"DROP DATABASE {name} WITH (FORCE)")
