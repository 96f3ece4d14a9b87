"""Refuses a save, before anything is written, that would leave no history, a false one, or half of one.

The library and Django offer a signal here and nothing else: a raw save (`loaddata`) asks no model and no manager. So
this is the house's one receiver of row signals. It changes nothing; it only refuses. `findings` says at the start of
the server which settings or tables would open a way past history.
"""

import datetime
from collections.abc import Iterator
from typing import Any, NoReturn

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import pre_delete, pre_save
from simple_history.models import HistoricalChanges

from clinic import clock
from clinic.models.bases import SilentWriteRefused
from clinic.models.history import HistoryRow
from consent.models.guarding import Guard, history_model
from consent.ownership import is_owner

FLOORS = ("clinic", "consent")
CLOCK_STEP = datetime.timedelta(seconds=5)  # how far a date of history may lie from now
SETTINGS = {
    "SIMPLE_HISTORY_ENABLED": True,
    "SIMPLE_HISTORY_REVERT_DISABLED": True,
    "SIMPLE_HISTORY_HISTORY_ID_USE_UUID": True,
    "SIMPLE_HISTORY_EDIT": False,
}
NO_APPS = ("simple_history", "django.contrib.admin")  # commands that delete history; pages that write without an action


def connect() -> None:
    """Ask before every save of a row of ours, and before every deletion of one that has a history or is one."""
    for model in _house_models():
        uid = f"consent.saves.{model._meta.label_lower}"
        pre_save.connect(check_save, sender=model, dispatch_uid=uid)
        if _is_history(model) or history_model(model) is not None:
            pre_delete.connect(check_delete, sender=model, dispatch_uid=uid)


def check_save(*, sender: type[models.Model], instance: models.Model, raw: bool, using: str, **kwargs: Any) -> None:
    """Raises SilentWriteRefused, in place of a save that could not be trusted."""
    if raw:
        if is_owner(using):
            return  # a restore into an empty database; verify_ledger judges what came in
        _refuse(sender, "is not loaded from a file: that writes no history and no entry")
    is_followed = history_model(sender) is not None
    if _is_history(sender) and not instance._state.adding:
        _refuse(sender, "is history, and was written once")
    if is_followed or isinstance(getattr(sender, "guard", None), Guard):
        _check_whole(sender, instance, using)
    if is_followed:
        _check_history(sender, instance)


def check_delete(*, sender: type[models.Model], **kwargs: Any) -> None:
    """Raises SilentWriteRefused: rows with a history are ended, never deleted, and history stays."""
    _refuse(sender, "is never deleted")


def findings() -> Iterator[str]:
    """Everything that would open a way past history, one sentence each."""
    yield from (
        f"{name} must be {wanted}, or history could be left out or rewritten; put that setting back."
        for name, wanted in SETTINGS.items()
        if getattr(settings, name, False) is not wanted
    )
    yield from (
        f"{app} is an installed app, and can rewrite or delete history; take it out of INSTALLED_APPS."
        for app in NO_APPS
        if app in settings.INSTALLED_APPS
    )
    if list(settings.DATABASES) != ["default"] or settings.DATABASE_ROUTERS:
        yield "there is more than one database, so that rows and their history could part; configure one only."
    for model in _house_models():
        if _is_history(model) and not issubclass(model, HistoryRow):
            yield f"{model.__name__} is history of another kind than the house's; use clinic.models.history."
        if model._meta.local_many_to_many:
            yield f"{model.__name__} is joined to others by a hidden table without history; give that a model."


def _house_models() -> Iterator[type[models.Model]]:
    for floor in FLOORS:
        yield from apps.get_app_config(floor).get_models()


def _is_history(model: type[models.Model]) -> bool:
    return issubclass(model, HistoricalChanges)


def _refuse(model: type[models.Model], sentence: str) -> NoReturn:
    raise SilentWriteRefused(f"{model.__name__} {sentence}.")


def _check_whole(model: type[models.Model], row: models.Model, using: str) -> None:
    """The row, its history and its entry are written together or not at all, with values that are known now."""
    if not transaction.get_connection(using).in_atomic_block:
        _refuse(model, "is saved only inside a transaction, together with its history and its entry")
    for field in model._meta.concrete_fields:
        if hasattr(row.__dict__.get(field.attname), "resolve_expression"):
            _refuse(model, f"is saved with values, and {field.name} is an expression that history cannot hold")


def _check_history(model: type[models.Model], row: Any) -> None:
    if settings.SIMPLE_HISTORY_ENABLED is not True or hasattr(row, "skip_history_when_saving"):
        _refuse(model, "is never saved without history")
    if hasattr(row, "_history"):
        _refuse(model, "was taken out of its history; an old state is never put back")
    said = getattr(row, "_history_date", None)
    if said is not None and abs(said - clock.now()) > CLOCK_STEP:
        _refuse(model, f"cannot be dated {said}: history is dated when it happens")
