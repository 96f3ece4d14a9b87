"""Erasing a patient's personal data: who asked, who did it, and which rows look different since then.

All columns are open: these rows must speak for themselves when the key of everything else is gone.
"""

from django.core.validators import RegexValidator
from django.db import models

from clinic.models import Account, Patient
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.guarding import Guard
from consent.models.ledger import LedgerEntry
from consent.vocabulary import ErasureBasis

AUTHORITY = RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9._:/+-]*\Z")  # fits into an entry, and no name or sentence does


class ErasureRequest(HouseModel):
    """The first person says why a patient's personal data must go, and under which file number."""

    guard = Guard.APPEND_ONLY

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="erasure_requests")
    basis = models.CharField(max_length=30, choices=choices(ErasureBasis))
    authority = models.CharField(max_length=60, validators=[AUTHORITY])  # file number of the letter or decision
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("basis", ErasureBasis, name="erasure_basis_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class Erasure(HouseModel):
    """A second person erased: personal values in the rows are gone, and the key up to this generation is destroyed."""

    guard = Guard.APPEND_ONLY

    request = models.OneToOneField(ErasureRequest, on_delete=models.PROTECT, related_name="erasure")
    key_generation = models.PositiveSmallIntegerField()
    erased_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class RedactedRow(HouseModel):
    """What one entry said about one row before the erasure, so that its open part can still be checked."""

    guard = Guard.APPEND_ONLY

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="rows")
    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="redacted_rows")
    model = models.CharField(max_length=100)
    key = models.CharField(max_length=32)
    commitments = models.JSONField()  # to the values that were erased, by field; nobody can open them any more
    link_salts = models.JSONField()  # of the veiled links to other rows, by field; links stay and can be checked

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "model", "key"], name="redacted_row_once"),)
        indexes = (models.Index(fields=["key", "model"], name="redacted_row_by_row"),)

    def __str__(self) -> str:
        return f"{self.model} {self.key}"
