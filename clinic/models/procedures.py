"""Procedures: the coded catalogue, and what is planned for one patient. Starting one belongs to the consent floor."""

import uuid

from django.db import models

from clinic.models.appointments import Appointment
from clinic.models.bases import HouseModel, choices, known_codes
from clinic.models.history import HouseHistory
from clinic.models.people import Account, Patient, Practitioner
from clinic.vocabulary import Laterality, Particular, ProcedureCategory, ProcedureStatus


class ProcedureType(HouseModel):
    """A coded catalogue entry (FHIR CodeableConcept) with a category that chooses its rules."""

    code_system = models.CharField(max_length=200)
    code = models.CharField(max_length=100)
    category = models.CharField(max_length=10, choices=choices(ProcedureCategory))
    names = models.JSONField(default=dict)  # BCP 47 language -> plain name
    needs_laterality = models.BooleanField(default=False)
    particular = models.CharField(max_length=30, choices=choices(Particular), blank=True, default=Particular.NONE)
    is_experimental = models.BooleanField(default=False)
    ethics_approval = models.CharField(max_length=100, blank=True)  # id of the approved study, where experimental

    history = HouseHistory()

    class Meta:
        constraints = (
            known_codes("category", ProcedureCategory, name="procedure_type_category_known"),
            known_codes("particular", Particular, name="procedure_type_particular_known"),
            models.UniqueConstraint(fields=["code_system", "code"], name="procedure_type_code_unique"),
        )

    def __str__(self) -> str:
        return self.code

    def name_in(self, language: str) -> str:
        """The plain name in a BCP 47 language, else English, else the code."""
        wanted = language.casefold()
        for code, name in self.names.items():
            if code.casefold() == wanted:
                return str(name)
        return str(self.names.get("en", self.code))


class Procedure(HouseModel):
    """One procedure planned for one patient (FHIR Procedure)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="procedures")
    procedure_type = models.ForeignKey(ProcedureType, on_delete=models.PROTECT, related_name="procedures")
    operator = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="procedures")
    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="procedures")
    laterality = models.CharField(max_length=20, choices=choices(Laterality), default=Laterality.NONE)
    body_site = models.CharField(max_length=100, blank=True)
    accompanies_birth = models.BooleanField(null=True)
    status = models.CharField(max_length=20, choices=choices(ProcedureStatus), default=ProcedureStatus.PREPARATION)
    planned_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    form_key = models.UUIDField(unique=True, default=uuid.uuid4)

    history = HouseHistory()

    class Meta:
        constraints = (
            known_codes("status", ProcedureStatus, name="procedure_status_known"),
            known_codes("laterality", Laterality, name="procedure_laterality_known"),
        )

    def __str__(self) -> str:
        return str(self.pk)
