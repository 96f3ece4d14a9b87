"""What every model of the house shares: opaque ids, and managers that cannot write past the history."""

import uuid
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class SilentWriteRefused(RuntimeError):
    """A bulk write was tried. It would leave no history and no ledger entry."""


class CarefulQuerySet(models.QuerySet[M]):
    """Reads like any queryset; every write that would skip `save()` raises `SilentWriteRefused`."""

    def _refuse(self, name: str) -> NoReturn:
        raise SilentWriteRefused(f"{self.model.__name__}.objects.{name} would write without history; use an action.")

    def update(self, **kwargs: Any) -> int:
        self._refuse("update")

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[M]:
        self._refuse("bulk_create")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse("bulk_update")

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse("delete")


CarefulManager = models.Manager.from_queryset(CarefulQuerySet)


class HouseModel(models.Model):
    """A row with an opaque random id, safe to show in an address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = CarefulManager()

    class Meta:
        abstract = True


def known_codes(field: str, codes: type[StrEnum], *, name: str, blank: bool = False) -> models.CheckConstraint:
    """A check constraint that a column holds one of a closed enum's values (or is empty, when `blank`)."""
    values = [member.value for member in codes]
    if blank:
        values.append("")
    return models.CheckConstraint(condition=models.Q(**{f"{field}__in": values}), name=name)


def go_together(name: str, *fields: str) -> models.CheckConstraint:
    """A check constraint that the named columns are all null or all filled: who goes with when."""
    none = models.Q(**{f"{field}__isnull": True for field in fields})
    every = models.Q(**{f"{field}__isnull": False for field in fields})
    return models.CheckConstraint(condition=none | every, name=name)


def choices(codes: type[StrEnum]) -> list[tuple[str, str]]:
    """Django choices of a closed enum; words for people come from `clinic.wording` and `consent.wording`."""
    return [(member.value, member.value) for member in codes]
