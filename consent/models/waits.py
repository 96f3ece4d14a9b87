"""Ways to a shorter wait before a sterilisation, each a record of its own (CR-003, CR-004, CR-005)."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel
from consent.models.consents import Consent
from consent.models.guarding import Guard


class PrematureBirth(HouseModel):
    """The operator certifies that the birth came early: when it was expected and when it came."""

    guard = Guard.APPEND_ONLY

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="premature_birth")
    expected_on = models.DateField()
    born_on = models.DateField()
    certified_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class AbdominalEmergency(HouseModel):
    """The operator certifies that the belly has to be opened in an emergency, and describes it."""

    guard = Guard.APPEND_ONLY

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="abdominal_emergency")
    circumstances = models.TextField(max_length=2000)
    certified_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    certified_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ShorterWaitRequest(HouseModel):
    """The patient, in her own session, asks for a shorter wait. Nobody else can start this."""

    guard = Guard.APPEND_ONLY

    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="shorter_wait_request")
    words = models.TextField(max_length=2000, blank=True)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ShorterWaitAnswer(HouseModel):
    """A second clinician from outside the team spoke with the patient alone, and answers."""

    guard = Guard.APPEND_ONLY

    request = models.OneToOneField(ShorterWaitRequest, on_delete=models.PROTECT, related_name="answer")
    is_agreed = models.BooleanField()
    was_private = models.BooleanField()
    after_birth_or_abortion_72h = models.BooleanField()  # signed within 72 hours of one
    note = models.TextField(max_length=2000)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
