"""An erasure in the story of a clinic: one patient whose data were erased, and one who is asked about."""

import uuid

from clinic.models import Patient
from consent.actions.ask_erasure import ask_erasure
from consent.actions.erase_subject import erase_subject
from consent.models import Erasure, ErasureRequest
from consent.vocabulary import ErasureBasis
from tests.factories import House


def asked(house: House, patient: Patient | None = None) -> ErasureRequest:
    """The advocate asks that a patient's data be erased."""
    patient = patient or house.given().patient
    return ask_erasure(
        patient_id=patient.pk,
        basis=ErasureBasis.PATIENT_ASKED,
        authority="letter-2027/114",
        by=house.advocate,
        form_key=uuid.uuid4(),
    )


def erased(house: House, patient: Patient | None = None) -> Erasure:
    """The administrator, the second person, does it."""
    return erase_subject(request_id=asked(house, patient).pk, by=house.administrator)


def tell_erasure(house: House) -> None:
    """One erased, one still waiting for the second person."""
    erased(house)
    asked(house)
