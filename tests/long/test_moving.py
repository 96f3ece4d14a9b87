"""A clinic moves to another engine and back: the same log under the same name, and old receipts still verify."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.long.conftest import Ground, is_on_postgres, postgres, url_of


def moved(to: Ground, rows: Path) -> dict[str, object]:
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=to.environment, check=True, timeout=600)
    return to.ask("load", rows)


@pytest.mark.skipif(not is_on_postgres(), reason="needs both engines")
def test_sqlite_to_postgresql_and_back(tmp_path: Path) -> None:
    """The receipt is the head itself, with its signatures: the same bytes before and after."""
    first = Ground(tmp_path / "data", f"sqlite:///{tmp_path / 'first.sqlite3'}")
    first.folder.mkdir()
    first.ask("prepare")
    first.ask("crashes", 5, 1)
    before = first.ask("dump", tmp_path / "one")
    name = f"moved_{os.getpid()}"
    postgres(f"CREATE DATABASE {name}")
    try:
        second = Ground(first.folder, url_of(name))
        there = moved(second, tmp_path / "one")
        second.ask("dump", tmp_path / "two")
    finally:
        postgres(f"DROP DATABASE {name} WITH (FORCE)")
    third = Ground(first.folder, f"sqlite:///{tmp_path / 'third.sqlite3'}")
    back = moved(third, tmp_path / "two")
    print(f"moved {len(before['heads'])} heads there and back")  # noqa: T201  the figure belongs in the report
    assert before == there == back
    assert before["wrong"] == []
    assert third.ask("crashes", 5, 2)["wrong"] == [], "and it goes on from there"
    shutil.rmtree(first.folder)
