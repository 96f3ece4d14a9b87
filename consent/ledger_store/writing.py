"""The statements that put an entry on disk: one on PostgreSQL, three on SQLite, where a statement is no journey."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from consent.ledger.entry import BoundRow
from consent.models import LedgerBinding, LedgerEntry, LedgerWaiting

_ENTRY = LedgerEntry._meta.db_table
_BINDING = LedgerBinding._meta.db_table
_WAITING = LedgerWaiting._meta.db_table
_COLUMNS = "id, ledger_id, kind, subject, sseq, body, leaf_hash, sealed_salt, recorded_at"

# Names of our own tables only; every value travels apart from the statement.
_IN_ONE = (
    f"WITH entry AS (INSERT INTO {_ENTRY} ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)),"  # noqa: S608  see above
    f" bindings AS (INSERT INTO {_BINDING} (id, entry_id, model, key)"
    " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::text[]))"
    f" INSERT INTO {_WAITING} (entry_id) VALUES (%s)"
)


def write_entry(row: LedgerEntry, bound: Sequence[BoundRow]) -> None:
    """Write an entry, what it binds, and that it waits to be sealed.

    **Writes** LedgerEntry, LedgerBinding, LedgerWaiting.
    """
    bindings = [LedgerBinding(entry_id=row.pk, model=one.model, key=one.key) for one in bound]
    for binding in bindings:
        binding.id = binding.computed_id()
    if connection.vendor == "postgresql":
        _write_in_one(row, bindings)
        row._state.adding = False
    else:
        row.save(force_insert=True)
        LedgerBinding._base_manager.bulk_create(bindings)
        LedgerWaiting(entry_id=row.pk).save(force_insert=True)


def _write_in_one(row: LedgerEntry, bindings: list[LedgerBinding]) -> None:
    values = [getattr(row, name.strip()) for name in _COLUMNS.split(",")]
    lists: list[list[Any]] = [
        [binding.id for binding in bindings],
        [binding.entry_id for binding in bindings],
        [binding.model for binding in bindings],
        [binding.key for binding in bindings],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_IN_ONE, [*values, *lists, row.pk])
