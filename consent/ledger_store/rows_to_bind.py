"""The rows an entry binds: each object as it was saved, and the history rows that saving made.

Nothing is read back from the database, which would cost each act one more journey for each table. Instead what cannot
be trusted is refused: an object that was never saved, a value that only the database knows, an object that was changed
after it was saved.
"""

from collections.abc import Sequence
from functools import cache

from django.db import models

from consent.ledger.canonical import EncodingError
from consent.models.guarding import Guard
from consent.models.history_made import history_made

Rows = list[models.Model]


def rows_to_bind(rows: Sequence[models.Model]) -> tuple[Rows, Rows]:
    """Objects and history rows, in the order given.

    **Raises** EncodingError naming the kind of row that cannot be bound.
    """
    history: Rows = []
    for row in rows:
        _check(row)
        made = history_made(row)
        if made and not _is_like(row, made[-1]):
            raise EncodingError(type(row).__name__, "was changed after it was saved")
        history += made
    return list(rows), history


def _check(row: models.Model) -> None:
    name = type(row).__name__
    if not isinstance(getattr(row, "guard", None), Guard):
        raise EncodingError(name, "is not evidence: its model has no guard")
    if row._state.adding:
        raise EncodingError(name, "was not saved before its entry")


def _is_like(row: models.Model, made: models.Model) -> bool:
    """Whether an object still has the values its newest history row was made from."""
    return all(getattr(row, name) == getattr(made, name) for name in _shared(type(row), type(made)))


@cache
def _shared(table: type[models.Model], of_history: type[models.Model]) -> list[str]:
    theirs = {field.attname for field in of_history._meta.concrete_fields}
    return [field.attname for field in table._meta.concrete_fields if field.attname in theirs]
