"""Shapes of what people type on the ground floor. They check that a value can be read; actions decide the rest."""

from clinic.forms.appointments import AppointmentForm
from clinic.forms.base import HouseForm, KeyedForm
from clinic.forms.patients import (
    AccessNeedsForm,
    CardSearchForm,
    CardSignInForm,
    PatientForm,
    PatientSearchForm,
    PinForm,
)
from clinic.forms.procedures import ProcedureForm

__all__ = [
    "AccessNeedsForm",
    "AppointmentForm",
    "CardSearchForm",
    "CardSignInForm",
    "HouseForm",
    "KeyedForm",
    "PatientForm",
    "PatientSearchForm",
    "PinForm",
    "ProcedureForm",
]
