"""The ledger's tables: the logs of a site, their entries as exact bytes, which rows each entry binds, and their places.

Only `consent.ledger_store` writes here. Every id can be computed again from the rest of its row, so that
`verify_ledger` also notices an id that was changed. What proves a ledger to others stands in `ledger_proofs`.
An arrow with which a unique key begins has no index of its own: every act would write it, and nothing would read it.
"""

import hashlib
import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from clinic.models import Site
from clinic.models.bases import HouseModel, choices, go_together, known_codes
from consent.ledger.canonical import time_text
from consent.models.guarding import Guard
from consent.vocabulary import EntryKind


def ledger_id(*, site_id: uuid.UUID, created_at: datetime) -> uuid.UUID:
    """The id of the ledger a site opened at an instant."""
    return uuid.uuid5(site_id, f"ledger/{time_text(created_at)}")


def ledger_origin(ledger: uuid.UUID) -> str:
    """The name under which a ledger is known outside; every entry carries it, so none fits another ledger."""
    return f"freely-given/{ledger.hex}"


def content_id(table: str, *values: object) -> uuid.UUID:
    """An id made of everything else in a row: it changes when anything does."""
    text = "\0".join(["freely-given/row/v1", table, *(_text(value) for value in values)])
    return uuid.UUID(bytes=hashlib.sha256(text.encode()).digest()[:16])


def _text(value: object) -> str:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return time_text(value) if isinstance(value, datetime) else str(value)


class Ledger(HouseModel):
    """One log of one site. Never changes. After a restore a site goes on in a new one, its next incarnation."""

    guard = Guard.APPEND_ONLY

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="ledgers")
    incarnation = models.PositiveSmallIntegerField()  # 1, 2 ...; the highest is written to
    origin = models.CharField(max_length=127, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "incarnation"], name="ledger_incarnation_once"),
            models.CheckConstraint(condition=Q(incarnation__gte=1), name="ledger_incarnation_from_one"),
        )

    def __str__(self) -> str:
        return self.origin


class LedgerEntry(HouseModel):
    """One entry: the exact bytes that are hashed, and a few of their values as columns to find it by.

    Its place in the log (`leaf`) comes a moment later, when it is sealed. Within one subject the order is `sseq`.
    """

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="entries", db_index=False)
    kind = models.CharField(max_length=40, choices=choices(EntryKind))
    subject = models.UUIDField(null=True)  # pseudonymous patient id
    sseq = models.PositiveIntegerField(null=True)  # 1.. without gaps in the subject's stream
    body = models.BinaryField()
    leaf_hash = models.CharField(max_length=64)
    sealed_salt = models.BinaryField()  # the secret behind its row digests, closed with the subject's own key
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "subject", "sseq"], name="ledger_entry_sseq_once"),
            known_codes("kind", EntryKind, name="ledger_entry_kind_known"),
            go_together("ledger_entry_subject_and_sseq", "subject", "sseq"),
            models.CheckConstraint(condition=Q(sseq__isnull=True) | Q(sseq__gte=1), name="ledger_entry_sseq_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def index(self) -> int | None:
        """Its place in the log; None while it waits to be sealed."""
        return self.leaf.index if hasattr(self, "leaf") else None


class LedgerBinding(HouseModel):
    """That an entry binds a row, to find one from the other; the digest itself stands in the entry."""

    guard = Guard.APPEND_ONLY

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="bindings", db_index=False)
    model = models.CharField(max_length=100)
    key = models.CharField(max_length=32)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "model", "key"], name="ledger_binding_once"),)
        indexes = (models.Index(fields=["key", "model"], name="ledger_binding_by_row"),)

    def __str__(self) -> str:
        return f"{self.model} {self.key}"

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        return content_id("binding", self.entry_id, self.model, self.key)


class LedgerWaiting(models.Model):
    """An entry that waits to be sealed. The sealer removes the row when the entry has its place."""

    number = models.BigAutoField(primary_key=True)  # order of arrival
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="waiting")

    def __str__(self) -> str:
        return str(self.number)


class LedgerLeaf(HouseModel):
    """The place of an entry in its log. Its id is that of the entry."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="leaves", db_index=False)
    index = models.PositiveBigIntegerField()  # 0.. without gaps; the order of the ledger
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="leaf")
    leaf_hash = models.CharField(max_length=64)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ledger", "index"], name="ledger_leaf_index_once"),)

    def __str__(self) -> str:
        return f"{self.index} {self.leaf_hash}"


class LedgerLease(models.Model):
    """Who is sealing just now: whoever holds the lock on this row. Holds nothing that must be kept."""

    ledger = models.OneToOneField(Ledger, on_delete=models.PROTECT, primary_key=True, related_name="lease")

    def __str__(self) -> str:
        return str(self.pk)
