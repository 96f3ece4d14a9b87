"""Who may change the tables themselves. Everybody else writes rows, and of evidence only new ones.

On PostgreSQL that is a matter of roles (`consent/sql/roles.sql`). SQLite knows no roles: whoever opens the file owns
it. There every connection of ours gives the right away at once: an authorizer, asked while a statement is prepared,
refuses what would take the guards down or walk around them. `as_owner` takes the right back for a while: `migrate`,
the guards' own installation, an erasure, a restore. It does not open the triggers; those refuse the owner too.

A fence, not proof: another program opens the file without asking us, and `verify_ledger` finds what it did.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from consent.models.guarding import Guard, guarded_models

_owned: ContextVar[frozenset[str]] = ContextVar("owned databases", default=frozenset())

Question = tuple[str | None, str | None]  # the two arguments of an authorizer's question; their meaning varies

# Each of these would open a way around triggers or constraints, or make a commit less than lasting.
PRAGMAS_TO_LEAVE = frozenset(
    {
        "foreign_keys",
        "ignore_check_constraints",
        "journal_mode",
        "legacy_alter_table",
        "recursive_triggers",
        "synchronous",
        "trusted_schema",
        "writable_schema",
    }
)


def connect() -> None:
    """Fence in every connection to SQLite from its first statement on."""
    connection_created.connect(_fence_in, dispatch_uid="consent.ownership")


def is_owner(alias: str) -> bool:
    """Whether this database may be changed as its owner now."""
    return alias in _owned.get()


@contextmanager
def as_owner(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Act as the owner of a database inside the block. May be nested."""
    before = _owned.set(_owned.get() | {connection.alias})
    _set_authorizer(connection)
    try:
        yield
    finally:
        _owned.reset(before)
        _set_authorizer(connection)


def _fence_in(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    _set_authorizer(connection)


def _set_authorizer(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "sqlite" and connection.connection is not None:
        connection.connection.set_authorizer(None if is_owner(connection.alias) else _authorize)


def _authorize(action: int, first: str | None, second: str | None, *where: str | None) -> int:
    refuses = _REFUSALS.get(action)
    return sqlite3.SQLITE_DENY if refuses is not None and refuses((first, second)) else sqlite3.SQLITE_OK


@cache
def _guarded() -> dict[str, Guard]:
    return {model._meta.db_table: guard for model, guard in guarded_models()}


def _is_guarded(table: str | None) -> bool:
    return table in _guarded()


# What is asked while a statement is prepared, and when the answer is no. It never asks about REPLACE: triggers do.
_REFUSALS: dict[int, Callable[[Question], bool]] = {
    sqlite3.SQLITE_UPDATE: lambda asked: _guarded().get(asked[0] or "") is Guard.APPEND_ONLY,
    sqlite3.SQLITE_DELETE: lambda asked: _is_guarded(asked[0]),
    sqlite3.SQLITE_DROP_TABLE: lambda asked: _is_guarded(asked[0]),
    sqlite3.SQLITE_DROP_INDEX: lambda asked: _is_guarded(asked[1]),
    sqlite3.SQLITE_ALTER_TABLE: lambda asked: _is_guarded(asked[1]),
    sqlite3.SQLITE_DROP_TRIGGER: lambda asked: _is_guarded(asked[1]),
    sqlite3.SQLITE_CREATE_TRIGGER: lambda asked: _is_guarded(asked[1]),
    sqlite3.SQLITE_CREATE_TEMP_TRIGGER: lambda asked: _is_guarded(asked[1]),
    sqlite3.SQLITE_ATTACH: lambda asked: True,
    sqlite3.SQLITE_PRAGMA: lambda asked: asked[1] is not None and (asked[0] or "").lower() in PRAGMAS_TO_LEAVE,
}
