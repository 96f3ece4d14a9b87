"""Care without consent: an emergency, or an addition in theatre to save life. Two people each, looked at afterwards."""

from django.db import models

from clinic.models import Account, Procedure
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.guarding import Guard
from consent.vocabulary import CannotConsent, Grounds, ReviewFinding


class EmergencyCare(HouseModel):
    """A clinician declares that life is at risk, that nobody can ask the patient, and that no refusal is known."""

    guard = Guard.APPEND_ONLY

    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="emergency")
    why_not_asked = models.CharField(max_length=40, choices=choices(CannotConsent))
    danger = models.TextField(max_length=2000)
    happened_at = models.DateTimeField()  # when the need arose; recorded at most six hours later
    declared_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("why_not_asked", CannotConsent, name="emergency_why_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class EmergencyReview(HouseModel):
    """The advocate looked at the emergency afterwards."""

    guard = Guard.APPEND_ONLY

    emergency = models.OneToOneField(EmergencyCare, on_delete=models.PROTECT, related_name="review")
    finding = models.CharField(max_length=20, choices=choices(ReviewFinding))
    note = models.TextField(max_length=2000)
    reviewed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = (known_codes("finding", ReviewFinding, name="emergency_review_finding_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class TheatreAddition(HouseModel):
    """During a procedure, the operator declares that something more must be done at once."""

    guard = Guard.APPEND_ONLY

    during = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="additions")
    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="addition")  # what is added
    grounds = models.CharField(max_length=30, choices=choices(Grounds))
    danger = models.TextField(max_length=2000)
    declared_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True)

    class Meta:
        constraints = (known_codes("grounds", Grounds, name="addition_grounds_known"),)

    def __str__(self) -> str:
        return str(self.pk)


class PatientTold(HouseModel):
    """The patient was told afterwards what was done without her word, and why."""

    guard = Guard.APPEND_ONLY

    procedure = models.OneToOneField(Procedure, on_delete=models.PROTECT, related_name="patient_told")
    words = models.TextField(max_length=2000)
    told_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.pk)
