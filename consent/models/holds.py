"""Holds: a pressure concern that stops forward moves only. Lifting one is a row of its own."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.vocabulary import HoldReason


class Hold(HouseModel):
    """Someone is worried that this decision is not free. Away from the procedure nothing is stopped."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=30, choices=choices(HoldReason))
    signal = models.CharField(max_length=20, blank=True)  # "PS-06" or "CR-050" where the rules raised it
    note = models.TextField(max_length=2000, blank=True)
    raised_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("reason", HoldReason, name="hold_reason_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class HoldLift(HouseModel):
    """The advocate spoke with the patient and lifted the hold. Never the proposer, never the operator."""

    guard = Guard.APPEND_ONLY

    hold = models.OneToOneField(Hold, on_delete=models.PROTECT, related_name="lift")
    note = models.TextField(max_length=2000, blank=True)
    lifted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
