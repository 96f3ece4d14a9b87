"""What a patient says is wrong in her record, and what the clinic answered. The record itself is never changed."""

from django.db import models

from clinic.models import Account, Patient, Site
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import CorrectionOutcome, Via


class CorrectionRequest(HouseModel):
    """The patient says what is wrong and what it should say. Without a consent it is about her details."""

    guard = Guard.APPEND_ONLY

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="correction_requests")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="correction_requests")
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="correction_requests")
    wrong = models.TextField(max_length=2000)
    should_say = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_via = models.CharField(max_length=20, choices=choices(Via))
    asked_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("asked_via", Via, name="correction_asked_via_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class CorrectionAnswer(HouseModel):
    """Corrected, and how; or not, and why. The words are for the patient. What stood before stays."""

    guard = Guard.APPEND_ONLY

    request = models.OneToOneField(CorrectionRequest, on_delete=models.PROTECT, related_name="answer")
    outcome = models.CharField(max_length=20, choices=choices(CorrectionOutcome))
    words = models.TextField(max_length=2000)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (known_codes("outcome", CorrectionOutcome, name="correction_outcome_known"),)

    def __str__(self) -> str:
        return str(self.pk)
