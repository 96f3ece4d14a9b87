"""That a patient took her records home as one file: which parts she chose, never what stood in them."""

from django.db import models

from clinic.models import Account, Patient
from clinic.models.bases import HouseModel
from consent.models.guarding import Guard


class BundleTaken(HouseModel):
    """One bundle. Which of her records were in it is written nowhere."""

    guard = Guard.APPEND_ONLY

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="bundles_taken")
    parts = models.JSONField(default=list)  # codes of BundlePart
    language = models.CharField(max_length=20)  # BCP 47, of its read-me
    taken_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)
