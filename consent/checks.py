"""Does the database guard the evidence? Asked by `check --database`, by `migrate`, and at the server's start.

A missing guard is only a warning to the commands, because `migrate` is what puts it back; the server refuses
to start.
"""

import sys
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from clinic.checks import start_up_findings
from consent import guards


def connect() -> None:
    """Register the checks of the upper floor."""
    register(check_guards, Tags.database)


def check_guards(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """The guards of each database that was asked about."""
    return [
        Warning(sentence, id="consent.W001")
        for alias in databases or ()
        for sentence in _guard_findings(connections[alias])
    ]


def refuse_start_without_guards() -> None:
    """End the start of the server, with one sentence, unless the database is as promised."""
    findings = start_up_findings() or _guard_findings(connections[DEFAULT_DB_ALIAS])
    if findings:
        sys.exit(f"Freely Given cannot start: {findings[0]}")


def _guard_findings(connection: BaseDatabaseWrapper) -> list[str]:
    absent = guards.missing(connection)
    if not absent:
        return []
    names = ", ".join(absent[:3]) + (f" and {len(absent) - 3} more" if len(absent) > 3 else "")
    return [
        f"evidence is not guarded by the database: {names}; run manage.py migrate, which installs the guards"
        " again, then manage.py verify_ledger."
    ]
