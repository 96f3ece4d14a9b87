"""One small decision, recorded in six ways: the same columns everywhere, only what is written beside it differs."""

import uuid
from typing import Any

from auditlog.registry import auditlog
from django.apps import apps
from django.db import models
from simple_history.models import HistoricalRecords

from clinic.vocabulary import PrivacyClass
from consent.models.guarding import Guard
from consent.privacy import FIELD_PRIVACY

OPEN, PERSONAL, HEALTH = PrivacyClass.OPEN, PrivacyClass.PERSONAL, PrivacyClass.HEALTH


class Decision(models.Model):
    """The columns all share: about those of a consent that was just given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.UUIDField(db_index=True)
    procedure = models.UUIDField()
    state = models.CharField(max_length=20)
    decision = models.CharField(max_length=10)
    given_by = models.UUIDField()
    given_at = models.DateTimeField()
    given_via = models.CharField(max_length=30)
    sheet_digest = models.CharField(max_length=64)
    words = models.TextField(blank=True)

    class Meta:
        abstract = True


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


FIELD_PRIVACY["LedgerDecision"] = {
    "id": OPEN,
    "patient": PERSONAL,
    "procedure": OPEN,
    "state": OPEN,
    "decision": OPEN,
    "given_by": PERSONAL,
    "given_at": OPEN,
    "given_via": OPEN,
    "sheet_digest": OPEN,
    "words": HEALTH,
}


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
