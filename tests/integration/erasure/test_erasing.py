"""After an erasure nothing personal is left, everything else still proves, and the patient can still say no."""

import uuid
from typing import Any

from clinic.models import Patient
from consent.actions.ask_erasure import ask_erasure
from consent.actions.erase_subject import erase_subject
from consent.keys.subject_keys import was_destroyed
from consent.models import Erasure, ErasureRequest
from consent.queries.ledger import verify
from consent.vocabulary import ErasureBasis
from tests.factories import House


def asked(house: House, patient: Patient, **changes: Any) -> ErasureRequest:
    values = {
        "patient_id": patient.pk,
        "basis": ErasureBasis.PATIENT_ASKED,
        "authority": "letter-2027/114",
        "by": house.advocate,
        "form_key": uuid.uuid4(),
    }
    return ask_erasure(**(values | changes))


def erased(house: House, patient: Patient) -> Erasure:
    return erase_subject(request_id=asked(house, patient).pk, by=house.administrator)


def test_everything_verifies_before_and_after(house: House) -> None:
    consent = house.given()
    assert verify().findings == []
    erasure = erased(house, consent.patient)
    assert verify().findings == []
    assert was_destroyed(owner=consent.patient.ledger_subject, through=erasure.key_generation)
