"""SQL by hand, for the few statements of the pen that every act or every batch pays for.

Building them anew from parts took longer than the answers. Names of our own tables only; every value travels apart
from the statement. What stands here is what the ORM would write: the same tables, the same guards, the same roles.

On PostgreSQL a statement is prepared once for each connection, because planning it takes as long as running it.
"""

import datetime
import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection, models

LOST = {"26000", "42P05"}  # a pooler gave us another session: one without our statement, or one that has it already

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


class Sessions:
    """Whether a connection keeps its session, as far as we know; with some poolers it does not."""

    are_kept = True


def is_session_lost(error: Exception) -> bool:
    """Whether a statement failed only because a pooler gave us another session. From then on nothing is prepared."""
    if not isinstance(error, DatabaseError) or getattr(error.__cause__, "sqlstate", None) not in LOST:
        return False
    Sessions.are_kept = False
    return True


class Statement:
    """One statement with named values: `%(name)s` in its text, and for each name the kind its value has.

    **Takes** a name for PostgreSQL, the text, and the kinds as PostgreSQL calls them.
    """

    def __init__(self, name: str, text: str, /, **kinds: str) -> None:
        numbers = {one: f"${number}" for number, one in enumerate(kinds, start=1)}
        self._name = f"freely_given_{name}"
        self._text = text
        self._whole = re.sub(r"%\((\w+)\)s", lambda hole: f"{hole[0]}::{kinds[hole[1]]}", text)
        self._prepare = f"PREPARE {self._name} {_listed(kinds.values())} AS {text % numbers}"
        self._execute = f"EXECUTE {self._name} {_listed(f'%({one})s' for one in kinds)}"

    def run(self, **values: Any) -> None:
        """Run it; it gives nothing back."""
        self.all(**values)

    def first(self, **values: Any) -> Any:
        """The first row of the answer, or none."""
        rows = self.all(**values)
        return rows[0] if rows else None

    def all(self, **values: Any) -> Sequence[Any]:
        """Every row of the answer, if it gives one."""
        with connection.cursor() as cursor:
            self._send(cursor, values)
            return cursor.fetchall() if cursor.description else []

    def _send(self, cursor: Any, values: dict[str, Any]) -> None:
        if connection.vendor != "postgresql":
            cursor.execute(self._text, {name: _plain(value) for name, value in values.items()})
        elif not Sessions.are_kept:
            cursor.execute(self._whole, values)
        else:
            names = _prepared.setdefault(connection.connection, set())
            if self._name not in names:
                cursor.execute(self._prepare)
                names.add(self._name)
            cursor.execute(self._execute, values)


def _listed(words: Iterable[str]) -> str:
    return f"({inside})" if (inside := ", ".join(words)) else ""


def insert(*rows: models.Model) -> None:
    """Write new rows of one table, with the values they have."""
    fields = rows[0]._meta.concrete_fields
    values = [_for_the_driver(field, getattr(row, field.attname)) for row in rows for field in fields]
    holes = f"({', '.join(['%s'] * len(fields))})"
    with connection.cursor() as cursor:
        cursor.execute(_beginning(type(rows[0])) + ", ".join([holes] * len(rows)), values)
    for row in rows:
        row._state.adding = False


def _for_the_driver(field: "models.Field[Any, Any]", value: Any) -> Any:
    """What the field would make of a value; these few kinds look alike in every column."""
    if value is None or type(value) in {str, int}:
        return value
    if type(value) in {uuid.UUID, datetime.datetime}:
        return value if connection.vendor == "postgresql" else _plain(value)
    return field.get_db_prep_value(value, connection)


@cache
def _beginning(table: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in table._meta.concrete_fields)
    return f'INSERT INTO "{table._meta.db_table}" ({columns}) VALUES '  # noqa: S608  names of our own tables only


def readers(table: type[models.Model], *names: str) -> list[Callable[[Any], Any]]:
    """For columns of a table, what turns a value as the driver gives it into the value the model would have."""
    return _readers(connection.vendor, table, *names)


@cache
def _readers(_vendor: str, table: type[models.Model], *names: str) -> list[Callable[[Any], Any]]:
    return [_reader(table._meta.get_field(name), table._meta.db_table) for name in names]


def _reader(field: Any, alias: str) -> Callable[[Any], Any]:
    column = field.get_col(alias)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return read


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
