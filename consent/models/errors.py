"""Entered in error: two people, two rows. Nothing is deleted; a no is never undone without the patient."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel
from consent.models.consents import Consent
from consent.models.guarding import Guard


class ErrorReport(HouseModel):
    """The first person says that this record is about the wrong patient or procedure."""

    guard = Guard.APPEND_ONLY

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="error_report")
    explanation = models.TextField(max_length=2000)
    patient_agreed = models.BooleanField()
    reported_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ErrorConfirmation(HouseModel):
    """A second person agrees."""

    guard = Guard.APPEND_ONLY

    report = models.OneToOneField(ErrorReport, on_delete=models.PROTECT, related_name="confirmation")
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
