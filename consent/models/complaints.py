"""What a patient complains of, and what the advocate answered. Nobody else at the clinic reads these tables."""

from django.db import models

from clinic.models import Account, Patient, Site
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.corrections import CorrectionRequest
from consent.models.guarding import Guard
from consent.vocabulary import ComplaintCategory, Via


class Complaint(HouseModel):
    """The patient complains, or adds to what she complained of before. Its clock starts with the day it was made."""

    guard = Guard.APPEND_ONLY

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="complaints")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="complaints")
    category = models.CharField(max_length=20, choices=choices(ComplaintCategory))
    words = models.TextField(max_length=2000, blank=True)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, related_name="complaints")
    correction = models.OneToOneField(
        CorrectionRequest, on_delete=models.PROTECT, null=True, related_name="sent_to_advocate"
    )
    adds_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="additions")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_via = models.CharField(max_length=20, choices=choices(Via))
    made_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (
            known_codes("category", ComplaintCategory, name="complaint_category_known"),
            known_codes("made_via", Via, name="complaint_made_via_known"),
        )

    def __str__(self) -> str:
        return str(self.pk)


class ComplaintAnswer(HouseModel):
    """What the advocate answered, and what was done. The patient reads both."""

    guard = Guard.APPEND_ONLY

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="answer")
    words = models.TextField(max_length=2000)
    done = models.TextField(max_length=2000)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
