"""Fresh databases for one run. The parent only needs their addresses; `prepare` runs in a process of its own."""

import contextlib
import io
import uuid
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SLOW_COMMIT_MICROSECONDS = 8000
SECRET = "a-key-for-measuring-only-that-protects-nothing-and-never-leaves-this-file"


@dataclass(frozen=True)
class Database:
    """One database of the run: its name in the tables, its address, the folder of its keys."""

    name: str
    url: str
    folder: Path

    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.ledger.settings",
            "PROFILE": "test",
            "SECRET_KEY": SECRET,
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.url,
        }


def sqlite(folder: Path, name: str) -> Database:
    place = folder / name.replace(" ", "-")
    place.mkdir(parents=True, exist_ok=True)
    return Database(name, f"sqlite:///{place / 'bench.sqlite3'}", place)


def postgresql(server_url: str, folder: Path, name: str, *, is_slow: bool = False) -> Database:
    """A new database of the server. A slow one sleeps in each commit, with its locks held, before it flushes."""
    import psycopg

    database = f"bench_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {database}")
        if is_slow:
            # With no sibling asked for, every commit that writes waits, also that of a lone writer.
            connection.execute(f"ALTER DATABASE {database} SET commit_delay = {SLOW_COMMIT_MICROSECONDS}")
            connection.execute(f"ALTER DATABASE {database} SET commit_siblings = 0")
    place = folder / name.replace(" ", "-")
    place.mkdir(parents=True, exist_ok=True)
    head, _, _old = server_url.rpartition("/")
    return Database(name, f"{head}/{database}", place)


def prepare(_pipe: Connection, patients: int) -> dict[str, Any]:
    """Makes every table, a site with its ledger, and a first entry of each patient; gives their ids."""
    from django.core.management import call_command
    from django.db import connection

    from consent import guards
    from consent.keys.subject_keys import make_store
    from tests.benchmarks.ledger import writing
    from tests.benchmarks.ledger.neighbours import models

    call_command("migrate", verbosity=0)
    make_store()
    if connection.vendor == "sqlite":
        connection.connection.set_authorizer(None)  # in this process only: it lets nobody make a table
    with connection.schema_editor() as editor:
        for model in _neighbours():
            editor.create_model(model)
    guards.install(connection)
    if connection.vendor == "postgresql":
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("pgtrigger", "install")
    models.ChainHead.objects.create(pk=1, length=0, last_hash="0" * 64)
    return writing.open_clinic(patients)


def _neighbours() -> list[Any]:
    from django.apps import apps

    return list(apps.get_app_config("neighbours").get_models())
