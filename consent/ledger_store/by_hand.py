"""SQL by hand, for the few statements of the pen that every act or every entry pays for.

Building them anew from parts took longer than the answers. Names of our own tables only; every value travels apart
from the statement. What stands here is what the ORM would write: the same tables, the same guards, the same roles.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, models

Values = Sequence[Any] | Mapping[str, Any]


def run(sql: str, values: Values = ()) -> None:
    """One statement that gives nothing back."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def first(sql: str, values: Values = ()) -> Any:
    """The first row of the answer, or none."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def as_stored(field: "models.Field[Any, Any]", value: Any) -> Any:
    """A value as the column of a field takes it on this engine."""
    return field.get_db_prep_value(value, connection)


def insert_into(table: type[models.Model], *columns: str) -> str:
    """The beginning of an insert; the places for its values follow."""
    return f"INSERT INTO {table._meta.db_table} ({', '.join(columns)}) VALUES "  # noqa: S608  names of our own tables


def holes(columns: int, rows: int = 1) -> str:
    """Places for the values of so many rows: (%s, %s), (%s, %s)"""
    return ", ".join([f"({', '.join(['%s'] * columns)})"] * rows)
