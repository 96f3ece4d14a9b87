"""A no that is left in peace: refused offers, the patient's own wish to talk, and a new clinical fact."""

from django.db import models

from clinic.models import Account, Procedure
from clinic.models.bases import HouseModel
from consent.models.consents import Consent
from consent.models.guarding import Guard


class RefusedOffer(HouseModel):
    """Somebody tried to offer a procedure that may not be offered now. The attempt is kept."""

    guard = Guard.APPEND_ONLY

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="refused_offers")
    unmet = models.JSONField()  # requirement ids
    offered_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class TalkRequest(HouseModel):
    """After a no, the patient herself asks to speak about it again."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="talk_requests")  # the one that ended
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)


class ClinicalFact(HouseModel):
    """Something new about her health, recorded by another clinician: allows one offer after the no it names."""

    guard = Guard.APPEND_ONLY

    consent = models.OneToOneField(
        Consent, on_delete=models.PROTECT, related_name="clinical_fact"
    )  # the one that ended
    fact = models.TextField(max_length=2000)
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
