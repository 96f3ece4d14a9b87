"""One small decision, recorded in six ways: the same columns everywhere, only what is written beside it differs."""

import uuid
from typing import Any

from auditlog.registry import auditlog
from django.apps import apps
from django.db import models
from simple_history.models import HistoricalRecords

from consent.models import Consent
from consent.models.guarding import Guard
from consent.privacy import FIELD_PRIVACY


def _column(field: Any) -> Any:
    """A column of the house's consent on its own feet: a foreign key as an id with its index, nothing unique."""
    if field.is_relation:
        return models.UUIDField(null=field.null, db_index=True)
    copy = field.clone()
    copy._unique, copy.db_index = False, field.unique or field.db_index
    return copy


class Decision(models.Model):
    """The columns all share: those of the house's own consent, so that the save below is one that clinics make."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


for _field in Consent._meta.concrete_fields:
    if not _field.primary_key:
        Decision.add_to_class(_field.name, _column(_field))


class PlainDecision(Decision):
    """Nothing beside it."""


class HistoryDecision(Decision):
    """django-simple-history alone: what all ratios are taken against."""

    history = HistoricalRecords(history_user_id_field=models.UUIDField(null=True))


class AuditedDecision(Decision):
    """django-auditlog in place of history."""


auditlog.register(AuditedDecision)


class ChainedDecision(Decision):
    """History, and a link of a hash chain behind one head that every writer locks: as commonly written."""

    history = HistoricalRecords(history_user_id_field=models.UUIDField(null=True))


class ChainHead(models.Model):
    length = models.PositiveBigIntegerField()
    last_hash = models.CharField(max_length=64)


class ChainLink(models.Model):
    number = models.PositiveBigIntegerField(unique=True)
    body = models.BinaryField()
    previous_hash = models.CharField(max_length=64)
    link_hash = models.CharField(max_length=64)


class LedgerDecision(Decision):
    """Ours: history, and an entry of the ledger that binds both rows. Guarded like evidence."""

    guard = Guard.APPEND_ONLY
    history = HistoricalRecords(history_user_id_field=models.UUIDField(null=True))


FIELD_PRIVACY["LedgerDecision"] = FIELD_PRIVACY["Consent"]


def _triggered() -> type[models.Model] | None:
    """django-pghistory in place of history; PostgreSQL only, so elsewhere the table is not even declared."""
    if not apps.is_installed("pghistory"):
        return None
    import pghistory

    class TriggeredDecision(Decision):
        pass

    kept: Any = pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), append_only=True)(TriggeredDecision)
    return kept


TriggeredDecision = _triggered()
