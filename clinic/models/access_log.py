"""Who looked at a patient's record, and who was handed the clinic's tablet."""

from django.db import models

from clinic.models.bases import HouseModel
from clinic.models.guarding import Guard
from clinic.models.people import Account, Patient
from clinic.models.procedures import Procedure


class RecordView(HouseModel):
    """A member of staff opened a page about a patient. The patient sees this list; each row is bound by an entry."""

    guard = Guard.APPEND_ONLY

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="record_views")
    viewed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    viewed_at = models.DateTimeField()
    page = models.CharField(max_length=40)  # name of the address, no ids

    class Meta:
        indexes = (models.Index(fields=["patient", "-viewed_at"], name="record_views_newest"),)

    def __str__(self) -> str:
        return str(self.pk)


class TabletHandover(HouseModel):
    """The clinic's tablet in the patient's hands: a session that can do nothing but this one procedure's consent."""

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="handovers")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="handovers")
    opened_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)
