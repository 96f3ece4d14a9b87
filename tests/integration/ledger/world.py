"""Ways to damage rows behind the back of the house, and to take everything back."""

import datetime
import fcntl
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, models, transaction

from consent.guard_sql import postgresql_triggers, sqlite_triggers
from consent.guards import _guarded_table, guarded_models
from consent.models import LedgerEntry
from consent.ownership import as_owner, is_owner

_OWNERSHIP = ExitStack()


class Undo(Exception):
    """Leaves a block and takes back what it did."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Everything inside is undone at the end, without anybody checking constraints first."""
    block = transaction.atomic()
    block._from_testcase = True  # acts are durable; inside they may run as in a test case of Django's own
    try:
        with block:
            yield
            raise Undo
    except Undo:
        return


@contextmanager
def alone_with_roles() -> Iterator[None]:
    """Roles belong to the whole server, not to the database of one test process: one at a time makes and drops them."""
    with (Path(tempfile.gettempdir()) / f"freely-given-roles-{os.getuid()}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def become_owner() -> None:
    """Act as the owner of the database until `restore_checks`."""
    if not is_owner(connection.alias):
        _OWNERSHIP.enter_context(as_owner(connection))


def drop_fence(model: type[models.Model]) -> None:
    """Take down the guards and check constraints of one table, as the owner of the database can."""
    become_owner()
    guard = dict(guarded_models())[model]
    table = _guarded_table(model, guard, connection)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            connection.check_constraints()  # a table that waits for checks cannot be altered
            for name in postgresql_triggers(table):
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table.name}")
            cursor.execute(
                "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table.name]
            )
            for (name,) in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}")
        else:
            for name in sqlite_triggers(table):
                cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"')
            cursor.execute("PRAGMA ignore_check_constraints = ON")


def restore_checks() -> None:
    """SQLite takes a pragma back with no rollback; and whoever took the fence down is its owner no longer."""
    if connection.vendor == "sqlite" and is_owner(connection.alias):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    give_up_ownership()


def give_up_ownership() -> None:
    """Act as anybody again; no statement is needed for that."""
    _OWNERSHIP.close()


# What the destroyed key of an erased patient once opened is closed for good: whatever is done to it says no less.
OF_NOBODY_ERASED = (
    "WHERE subject IS NULL OR subject NOT IN (SELECT ledger_subject FROM clinic_patient"
    " JOIN consent_erasurerequest ON patient_id = clinic_patient.id)"
)


def some_row(model: type[models.Model], column: str) -> tuple[Any, Any]:
    """Raw key and raw value of a row; one that has a value in this column, if any has."""
    table, key = model._meta.db_table, model._meta.pk.column
    rows = f'"{table}" {OF_NOBODY_ERASED}' if model is LedgerEntry and column == "sealed_salt" else f'"{table}"'
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{key}", "{column}" FROM {rows} ORDER BY "{column}" IS NULL, "{key}" LIMIT 1'  # noqa: S608  names of our own models
        )
        row_key, value = cursor.fetchone()
        return row_key, bytes(value) if isinstance(value, memoryview) else value


def write_raw(model: type[models.Model], column: str, key: Any, value: Any) -> None:
    """Change one column of one row by SQL."""
    table, primary_key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET "{column}" = %s WHERE "{primary_key}" = %s',  # noqa: S608  names of our own models
            [value, key],
        )
        assert cursor.rowcount == 1


def changed(field: models.Field, value: Any) -> Any:
    """Another value of the same kind, as near to the old one as can be."""
    if value is None:
        return _something(field)
    if isinstance(field, models.JSONField):
        return json.dumps([json.loads(value)])
    if isinstance(field, models.BooleanField):
        return not value
    return NEAR[type(value)](value)


NEAR: dict[type, Callable[[Any], Any]] = {
    int: lambda value: value + 1000,
    str: lambda value: value[:-1] + ("1" if value.endswith("0") else "0"),
    bytes: lambda value: value[:-1] + bytes([value[-1] ^ 1]) if value else b"x",
    datetime.date: lambda value: value + datetime.timedelta(days=1),
    datetime.datetime: lambda value: value + datetime.timedelta(microseconds=1),
    uuid.UUID: lambda value: uuid.UUID(int=value.int ^ 1),
}


def _something(field: models.Field) -> Any:
    kind = (field.target_field if field.is_relation else field).get_internal_type()
    new_id = uuid.uuid4()
    return {
        "UUIDField": new_id if connection.vendor == "postgresql" else new_id.hex,
        "DateTimeField": "2027-01-01 00:00:00+00:00" if connection.vendor == "postgresql" else "2027-01-01 00:00:00",
        "BooleanField": True,
        "PositiveSmallIntegerField": 7,
        "PositiveIntegerField": 7,
        "CharField": "x",
        "TextField": "x",
        "JSONField": '["x"]',
        "BinaryField": b"x",
    }[kind]
