"""What the database itself refuses: changing, deleting, replacing or truncating evidence, on both engines.

Each model says with `guard` how it is protected; history tables of such models are append-only. Installed
again after every migrate, because SQLite drops the triggers of a table that Django rebuilds. A fence, not
proof: whoever owns the database can take it down, and `verify_ledger` notices what happened behind it.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

from consent.guard_sql import (
    CREATE_FUNCTION,
    FUNCTION,
    FUNCTION_BODY,
    GuardedTable,
    Key,
    postgresql_triggers,
    sqlite_triggers,
)
from consent.models.guarding import Guard, guarded_models, history_model
from consent.ownership import as_owner

__all__ = ["forget_old_versions", "guarded_models", "history_model", "install", "laid_aside", "missing", "unknown"]


def connect() -> None:
    """Install the guards after every migrate."""
    post_migrate.connect(_install_after_migrate, sender=apps.get_app_config("consent"), dispatch_uid="consent.guards")


def _install_after_migrate(*, using: str, **kwargs: Any) -> None:
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every missing or altered guard in place; does nothing for a table that does not exist."""
    absent = set(missing(connection))
    if not absent:
        return
    is_postgresql = connection.vendor == "postgresql"
    with as_owner(connection), connection.cursor() as cursor:
        if is_postgresql:
            cursor.execute(CREATE_FUNCTION)
        for table, name, text in _wanted(connection):
            if name not in absent:
                continue
            if is_postgresql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(text)
                cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")
            else:
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
                cursor.execute(text)


@contextmanager
def laid_aside(connection: BaseDatabaseWrapper, tables: Collection[str]) -> Iterator[None]:
    """Let rows of these tables change inside the block, and nothing else: they still can neither vanish nor be added.

    For an erasure alone. In the running transaction, as the owner of the tables, whom nobody is when serving pages. At
    the end of the block every guard stands again; if one does not, the whole transaction is taken back.
    """
    absent = missing(connection)
    if absent or not connection.in_atomic_block:
        raise IntegrityError(f"guards are not laid aside: {', '.join(absent) or 'outside a transaction'}")
    is_postgresql = connection.vendor == "postgresql"
    suffixes = ("_row", "_key") if is_postgresql else ("_update",)
    with as_owner(connection):
        if is_postgresql:
            connection.check_constraints()  # a table that waits for checks cannot be altered
        with connection.cursor() as cursor:
            for table, name, _text in list(_wanted(connection)):
                if table in tables and name.endswith(suffixes):
                    cursor.execute(
                        f"ALTER TABLE {table} DISABLE TRIGGER {name}" if is_postgresql else f'DROP TRIGGER "{name}"'
                    )
        yield
        if is_postgresql:
            connection.check_constraints()
        install(connection)
    if missing(connection):
        raise IntegrityError("guards do not stand again after they were laid aside")


def forget_old_versions() -> None:
    """Let the database give up what stood in rows before they were changed; outside a transaction, as the owner."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.in_atomic_block:
        return  # the caller is still in the middle of something; nothing can be given up before it ends
    with as_owner(connection), connection.cursor() as cursor:
        cursor.execute("VACUUM")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of guards that should stand in this database and do not, or stand there with another text."""
    is_postgresql = connection.vendor == "postgresql"
    standing = _standing_in_postgresql(connection) if is_postgresql else _standing_in_sqlite(connection)
    return [name for _table, name, text in _wanted(connection) if standing.get(name) != text]


def unknown(connection: BaseDatabaseWrapper) -> list[str]:
    """Triggers and rules on tables of evidence that are none of ours: they could let a change pass, or make one."""
    wanted = {(table, name) for table, name, _text in _wanted(connection)}
    tables = {model._meta.db_table for model, _guard in guarded_models()}
    found = sorted(_on_tables(connection))
    return [f"{table}.{name}" for table, name in found if table in tables and (table, name) not in wanted]


def _on_tables(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
            " UNION ALL SELECT tablename, rulename FROM pg_rules"
            if connection.vendor == "postgresql"
            else "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        )
        yield from cursor.fetchall()


def _wanted(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str, str]]:
    """Table, name and text of each trigger that this database should have."""
    existing = set(connection.introspection.table_names())
    for model, guard in guarded_models():
        table = _guarded_table(model, guard, connection)
        if table.name not in existing:
            continue
        is_postgresql = connection.vendor == "postgresql"
        triggers = postgresql_triggers(table) if is_postgresql else sqlite_triggers(table)
        for name, text in triggers.items():
            yield table.name, name, text


def _guarded_table(model: type[models.Model], guard: Guard, connection: BaseDatabaseWrapper) -> GuardedTable:
    fields = model._meta.concrete_fields
    columns = {field.name: str(field.column) for field in fields}
    keys = [Key(field.name, (columns[field.name],)) for field in fields if field.unique]
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            together = tuple(columns[name] for name in constraint.fields)
            keys.append(Key(constraint.name, together, _condition(constraint, model, connection)))
    return GuardedTable(
        name=model._meta.db_table,
        guard=guard,
        columns=tuple(columns.values()),
        primary_key=str(model._meta.pk.column),
        keys=tuple(keys),
    )


def _condition(constraint: models.UniqueConstraint, model: type[models.Model], connection: BaseDatabaseWrapper) -> str:
    """The condition of a partial unique constraint in SQL; only Django itself knows how to write it."""
    editor = connection.schema_editor()
    return constraint._get_condition_sql(model, editor) or ""  # type: ignore[attr-defined]  # stubs know no private names


def _standing_in_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {str(name): str(text) for name, text in cursor.fetchall()}


def _standing_in_postgresql(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Triggers that fire always and call our own function with our own text in it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, pg_get_triggerdef(t.oid, true)"
            " FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND p.proname = %s AND p.prosrc = %s",
            [FUNCTION, FUNCTION_BODY],
        )
        return {str(name): str(text) for name, text in cursor.fetchall()}
