"""Removal of an IUD or implant: a right with a clock. There is no refusal; only a contraindication, looked at twice."""

from django.db import models
from django.db.models import Q

from clinic.models import Account, Patient, Procedure, Site
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.guarding import Guard
from consent.vocabulary import RemovalOutcome, Via


class RemovalRequest(HouseModel):
    """The patient wants her device out. No reason is asked for and none is kept."""

    guard = Guard.APPEND_ONLY

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="removal_requests")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="removal_requests")
    device = models.CharField(max_length=100, blank=True)  # in the patient's words
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    asked_via = models.CharField(max_length=20, choices=choices(Via))
    asked_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("asked_via", Via, name="removal_asked_via_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class RemovalEnd(HouseModel):
    """The device is out, or the patient herself decided to keep it."""

    guard = Guard.APPEND_ONLY

    request = models.OneToOneField(RemovalRequest, on_delete=models.PROTECT, related_name="end")
    outcome = models.CharField(max_length=20, choices=choices(RemovalOutcome))
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, null=True, related_name="removals")
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    ended_via = models.CharField(max_length=20, choices=choices(Via))
    ended_at = models.DateTimeField()

    class Meta:
        constraints = (
            known_codes("outcome", RemovalOutcome, name="removal_outcome_known"),
            known_codes("ended_via", Via, name="removal_ended_via_known"),
            models.CheckConstraint(
                condition=~Q(outcome=RemovalOutcome.REMOVED) | Q(procedure__isnull=False),
                name="removal_done_names_its_procedure",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)


class RemovalContraindication(HouseModel):
    """A clinical reason not to take it out now. The clock goes on until a second clinician agrees."""

    guard = Guard.APPEND_ONLY

    request = models.ForeignKey(RemovalRequest, on_delete=models.PROTECT, related_name="contraindications")
    reason = models.TextField(max_length=2000)
    recorded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    def __str__(self) -> str:
        return str(self.pk)


class RemovalSecondOpinion(HouseModel):
    """Another clinician's view of the contraindication, told to the patient."""

    guard = Guard.APPEND_ONLY

    contraindication = models.OneToOneField(
        RemovalContraindication, on_delete=models.PROTECT, related_name="second_opinion"
    )
    agrees = models.BooleanField()
    told_patient = models.BooleanField()
    review_on = models.DateField(null=True)  # when it is looked at again
    note = models.TextField(max_length=2000)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
