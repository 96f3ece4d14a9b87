"""Which history rows a save has made, so that the entry of the act can bind each of them.

simple-history offers this moment only as a signal. The receiver does one thing: it notes the finished history row on
the row that was saved. An act that forgets to bind it is found by `verify_ledger`: no entry names the history row.
"""

from typing import Any

from django.db import models
from simple_history.signals import post_create_historical_record

from consent.models.guarding import Guard

_NOTED = "_history_made"


def connect() -> None:
    """Note the history rows of every model whose rows are evidence."""
    post_create_historical_record.connect(_note, dispatch_uid="consent.history_made")


def _note(*, instance: models.Model, history_instance: models.Model, **kwargs: Any) -> None:
    if isinstance(getattr(instance, "guard", None), Guard):
        instance.__dict__.setdefault(_NOTED, []).append(history_instance)


def history_made(row: models.Model) -> list[models.Model]:
    """The history rows made by saving this object that no entry has bound yet, oldest first."""
    return list(row.__dict__.get(_NOTED, []))


def forget_history_made(row: models.Model) -> None:
    """Called once the entry that binds them is written."""
    row.__dict__.pop(_NOTED, None)
