"""History as people read it: how a row came to be. Everything of the library that could change it is closed here.

simple-history offers many ways to write past it, to date it back or to take rows out of it; docs/adr/0003 says why it
proves nothing. `HouseHistory` is the only keeper of history in the house and takes no options, so that none can weaken
it. `tests/architecture/history_routes.toml` lists every name of the library and what closes it.
"""

from typing import Any, NoReturn

from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalQuerySet, HistoricalRecords

from clinic.models.bases import CarefulQuerySet, M, SilentWriteRefused


class HistoryIsNoProof(RuntimeError):
    """History was asked what was so at an instant. Its dates come from clocks; the order of the ledger answers that."""


class KeptQuerySet(CarefulQuerySet[M]):
    """Rows of history: read only. The one writer is the save of the row they tell of."""

    def create(self, **kwargs: Any) -> M:
        self._refuse("create")

    def get_or_create(self, *args: Any, **kwargs: Any) -> tuple[M, bool]:
        self._refuse("get_or_create")

    def update_or_create(self, *args: Any, **kwargs: Any) -> tuple[M, bool]:
        self._refuse("update_or_create")

    def latest(self, *fields: Any) -> M:
        self._not_by_clock("latest")

    def latest_of_each(self) -> "KeptQuerySet[M]":
        self._not_by_clock("latest_of_each")

    def _not_by_clock(self, name: str) -> NoReturn:
        raise HistoryIsNoProof(f"{self.model.__name__}.{name} would order by a clock; ask the ledger, by entry.")


class HouseHistoryQuerySet(KeptQuerySet[M], HistoricalQuerySet):
    """What `row.history` and `Model.history` give."""


class HouseHistoryManager(HistoryManager):
    """`row.history` and `Model.history`: reads what was noted, never guesses what was so."""

    def as_of(self, date: Any) -> NoReturn:
        raise HistoryIsNoProof(f"{self.model.__name__}.as_of would order by a clock; ask the ledger, by entry.")

    def most_recent(self) -> NoReturn:
        raise HistoryIsNoProof(f"{self.model.__name__}.most_recent would order by a clock; read the row itself.")

    def bulk_history_create(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SilentWriteRefused(f"{self.model.__name__}.bulk_history_create would invent history; save each row.")


class HistoryRow(models.Model):
    """What every table of history shares."""

    objects = models.Manager.from_queryset(KeptQuerySet)()

    class Meta:
        abstract = True


class HouseHistory(HistoricalRecords):
    """Keeps the history of one table. Names people by id, not by a foreign key that would forget them."""

    def __init__(self) -> None:
        super().__init__(
            bases=(HistoryRow,),
            history_user_id_field=models.UUIDField(null=True),
            history_manager=HouseHistoryManager,
            historical_queryset=HouseHistoryQuerySet,
            use_base_model_db=True,  # in the transaction of the row itself
        )

    def add_extra_methods(self, cls: type[models.Model]) -> None:
        """The library adds a way to save without history; here it refuses."""

        def refuse(row: models.Model, *args: Any, **kwargs: Any) -> NoReturn:
            raise SilentWriteRefused(f"{type(row).__name__} is never saved without history.")

        cls.save_without_historical_record = refuse  # type: ignore[attr-defined]  # the name is the library's
