"""What proves a ledger to others: full tiles, checkpoints, public keys, cosignatures, time stamps; and what we have
seen of other logs. Every id can be computed again from the rest of its row. As in `ledger`, no index
begins like a unique key.
"""

import uuid

from django.db import models
from django.db.models import Q

from clinic.models.bases import HouseModel
from consent.models.guarding import Guard
from consent.models.ledger import Ledger, content_id


class LedgerTile(HouseModel):
    """256 neighbouring hashes of one level of the tree, once they are all there (C2SP tlog-tiles)."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="tiles", db_index=False)
    level = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField()
    hashes = models.BinaryField()  # 256 times 32 bytes

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ledger", "level", "number"], name="ledger_tile_once"),)

    def __str__(self) -> str:
        return f"{self.level}/{self.number}"

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        return content_id("tile", self.ledger_id, self.level, self.number, self.hashes)


class LedgerCheckpoint(HouseModel):
    """The signed head of a log after a batch. Its id is that of the last entry it covers."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="checkpoints", db_index=False)
    size = models.PositiveBigIntegerField()  # how many entries it covers
    root_hash = models.CharField(max_length=64)
    frontier = models.JSONField()  # roots of the full subtrees, largest first, as hex: enough to go on
    note = models.TextField()  # the whole signed note
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["ledger", "size"], name="ledger_checkpoint_size_once"),
            models.CheckConstraint(condition=Q(size__gte=1), name="ledger_checkpoint_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.size} {self.root_hash}"


class LedgerKey(HouseModel):
    """A public key of a log, and the first size it signed."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="public_keys", db_index=False)
    vkey = models.TextField()  # name+id+key, as policies write it
    from_size = models.PositiveBigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ledger", "vkey"], name="ledger_key_once"),)

    def __str__(self) -> str:
        return self.vkey[:80]

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        return content_id("key", self.ledger_id, self.vkey, self.from_size, self.added_at)


class LedgerCosignature(HouseModel):
    """That somebody outside has seen one of our checkpoints; kept only once the signature was checked."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="cosignatures", db_index=False)
    size = models.PositiveBigIntegerField()
    root_hash = models.CharField(max_length=64)
    key_name = models.CharField(max_length=200)  # name+id: a witness may sign with two keys
    line = models.TextField()  # the signature line
    cosigned_at = models.DateTimeField()  # as the witness says
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["ledger", "size", "key_name", "cosigned_at"], name="ledger_cosignature_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.key_name} {self.size}"

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        values = (self.size, self.root_hash, self.key_name, self.line, self.cosigned_at, self.received_at)
        return content_id("cosignature", self.ledger_id, *values)


class LedgerStamp(HouseModel):
    """A time stamp (RFC 3161) of an outside authority on one of our checkpoints."""

    guard = Guard.APPEND_ONLY

    ledger = models.ForeignKey(Ledger, on_delete=models.PROTECT, related_name="stamps", db_index=False)
    size = models.PositiveBigIntegerField()
    authority = models.CharField(max_length=200)
    token = models.BinaryField()
    stamped_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["ledger", "size", "authority"], name="ledger_stamp_once"),)

    def __str__(self) -> str:
        return f"{self.authority} {self.size}"

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        return content_id("stamp", self.ledger_id, self.size, self.authority, self.token, self.stamped_at)


class KnownCheckpoint(HouseModel):
    """A signed statement of any log, ours or another's, that reached us: on a slip, on paper, from a log we witness."""

    guard = Guard.APPEND_ONLY

    origin = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    root_hash = models.CharField(max_length=64)
    note = models.TextField()
    source = models.CharField(max_length=20)  # slip, witness, paper
    received_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["origin", "size"], name="known_checkpoint_by_log"),)

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"

    def computed_id(self) -> uuid.UUID:
        """Its id, from the rest of the row."""
        values = (self.size, self.root_hash, self.note, self.source, self.received_at)
        return content_id("known", self.origin, *values)


class WitnessedLog(models.Model):
    """The latest head of another clinic's log that we have cosigned; checked and stored under its row lock."""

    origin = models.CharField(max_length=200, primary_key=True)
    size = models.PositiveBigIntegerField()
    root_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"
