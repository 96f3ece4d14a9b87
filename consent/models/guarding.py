"""How the database itself protects a table; `consent.guards` turns this into triggers on both engines."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

from clinic.models.guarding import Guard

__all__ = ["Guard", "guarded_models", "history_model"]


def guarded_models() -> Iterator[tuple[type[models.Model], Guard]]:
    """Every model whose rows are evidence, with its guard; right after it, its history table."""
    for model in apps.get_models():
        guard = getattr(model, "guard", None)
        if isinstance(guard, Guard):
            yield model, guard
            history = history_model(model)
            if history is not None:
                yield history, Guard.APPEND_ONLY


def history_model(model: type[models.Model]) -> type[models.Model] | None:
    """The model of the history table, where a model has one."""
    manager = getattr(model._meta, "simple_history_manager_attribute", None)
    return None if manager is None else getattr(model, manager).model
