"""Appointments: planned meetings of one patient with one practitioner. Overlap is refused by the database."""

import uuid

from django.db import models

from clinic.models.bases import HouseModel, choices, known_codes
from clinic.models.history import HouseHistory
from clinic.models.people import Account, Patient, Practitioner
from clinic.models.sites import Site
from clinic.vocabulary import AppointmentStatus


class Appointment(HouseModel):
    """A planned meeting (FHIR Appointment). It holds a time, never a reason, so that the desk sees times only."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="appointments")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    status = models.CharField(max_length=20, choices=choices(AppointmentStatus), default=AppointmentStatus.BOOKED)
    booked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HouseHistory()

    class Meta:
        constraints = (
            known_codes("status", AppointmentStatus, name="appointment_status_known"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointment_ends_after_it_starts"
            ),
        )
        indexes = (models.Index(fields=["practitioner", "starts_at"], name="appointment_by_day"),)

    def __str__(self) -> str:
        return str(self.pk)
