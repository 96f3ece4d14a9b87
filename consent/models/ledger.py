"""The ledger's tables: one ledger per site, its entries as exact bytes, its roots, the salts of row digests.

Only `consent.ledger_store` writes here. Every id can be computed again from the rest of its row, so that
`verify_ledger` also notices an id that was changed.
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

SALT_BYTES = 32


def ledger_id(*, site_id: uuid.UUID, created_at: datetime) -> uuid.UUID:
    """The id of the ledger a site opened at an instant."""
    return uuid.uuid5(site_id, f"ledger/{time_text(created_at)}")


def ledger_origin(ledger: uuid.UUID) -> str:
    """The name under which a ledger is known outside; every entry carries it, so none fits another ledger."""
    return f"freely-given/{ledger.hex}"


def salt_id(*, entry_id: uuid.UUID, model: str, key: str, salt: bytes) -> uuid.UUID:
    """The id of a salt: it changes when anything in its row does."""
    text = f"freely-given/salt/v1\0{entry_id.hex}\0{model}\0{key}\0".encode()
    return uuid.UUID(bytes=hashlib.sha256(text + salt).digest()[:16])


class Ledger(HouseModel):
    """The ledger of one site. Never changes; whoever appends queues for the lock on this row."""

    guard = Guard.APPEND_ONLY

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="ledger")
    origin = models.CharField(max_length=127, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.origin


class LedgerEntry(HouseModel):
    """One entry: the exact bytes that are hashed, and a few of their values as columns to find it by."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField()  # 0.. without gaps; the order of the ledger
    kind = models.CharField(max_length=40, choices=choices(EntryKind))
    subject = models.UUIDField(null=True)  # pseudonymous patient id
    sseq = models.PositiveIntegerField(null=True)  # 1.. without gaps in the subject's stream
    body = models.BinaryField()
    leaf_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "index"], name="ledger_entry_index_once"),
            models.UniqueConstraint(fields=["ledger", "subject", "sseq"], name="ledger_entry_sseq_once"),
            known_codes("kind", EntryKind, name="ledger_entry_kind_known"),
            go_together("ledger_entry_subject_and_sseq", "subject", "sseq"),
            models.CheckConstraint(condition=Q(sseq__isnull=True) | Q(sseq__gte=1), name="ledger_entry_sseq_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"


class LedgerRoot(HouseModel):
    """The root after an append, and what is needed to go on. Its id is that of the last entry it covers."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="roots")
    size = models.PositiveBigIntegerField()  # how many entries it covers
    root_hash = models.CharField(max_length=64)
    frontier = models.JSONField()  # roots of the full subtrees, largest first, as hex
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "size"], name="ledger_root_size_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="ledger_root_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.size} {self.root_hash}"


class LedgerSalt(HouseModel):
    """The salt behind one row digest of an entry; outside the entry, so that it can be erased one day."""

    guard = Guard.APPEND_ONLY

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="salts")
    model = models.CharField(max_length=100)
    key = models.CharField(max_length=32)
    salt = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "model", "key"], name="ledger_salt_once_per_row"),)
        indexes = (models.Index(fields=["model", "key"], name="ledger_salt_by_row"),)

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
