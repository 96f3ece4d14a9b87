"""Is the database as promised? Asked by `manage.py check`, by `migrate`, and by the server before its first request.

A wrong setting is an error everywhere. A missing guard is only a warning to the commands, because `migrate` is what
puts it back; the server refuses to start for either.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic import guards

PRAGMAS: dict[str, str | int] = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


def connect() -> None:
    """Register the checks of the ground floor."""
    register(check_history_is_kept)
    register(check_database, Tags.database)


def check_history_is_kept(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """History must be written for every change."""
    return [Error(sentence, id="clinic.E001") for sentence in _history_findings()]


def check_database(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Settings and guards of each database that was asked about."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        found += [Error(sentence, id="clinic.E002") for sentence in _setting_findings(connection)]
        found += [Warning(sentence, id="clinic.W001") for sentence in _guard_findings(connection)]
    return found


def start_up_findings() -> list[str]:
    """Everything for which the server must not start, one sentence each; empty when all is well."""
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        tables = connection.introspection.table_names()
        if "clinic_site" not in tables:
            return ["the database has no tables of this clinic yet; run: manage.py migrate."]
        return [*_history_findings(), *_setting_findings(connection), *_guard_findings(connection)]
    except DatabaseError as error:
        said = " ".join(str(error).split())
        return [f"the database cannot be reached ({said}); check DATABASE_URL and DATA_DIR."]


def _history_findings() -> list[str]:
    if getattr(settings, "SIMPLE_HISTORY_ENABLED", True):
        return []
    return ["SIMPLE_HISTORY_ENABLED is off; changes would leave no history. Remove that setting."]


def _setting_findings(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor != "sqlite":
        return []
    found = []
    with connection.cursor() as cursor:
        for name, wanted in PRAGMAS.items():
            cursor.execute(f"PRAGMA {name}")
            (value,) = cursor.fetchone()
            if value != wanted:
                found.append(
                    f"SQLite runs with {name}={value}, and must run with {name}={wanted};"
                    " put init_command back as it was, and keep the database file on a local disk."
                )
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        found.append("SQLite transactions are not IMMEDIATE; put transaction_mode back as it was.")
    return found


def _guard_findings(connection: BaseDatabaseWrapper) -> list[str]:
    return [
        f"the database guard {name} is missing; run manage.py migrate, which installs it again."
        for name in guards.missing(connection)
    ]
