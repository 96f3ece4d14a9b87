"""The tables of the ground floor."""

from clinic.models.access_log import RecordView, TabletHandover
from clinic.models.appointments import Appointment
from clinic.models.people import Account, Patient, PatientCard, Practitioner
from clinic.models.procedures import Procedure, ProcedureType
from clinic.models.sites import Site

__all__ = [
    "Account",
    "Appointment",
    "Patient",
    "PatientCard",
    "Practitioner",
    "Procedure",
    "ProcedureType",
    "RecordView",
    "Site",
    "TabletHandover",
]
