"""The acts about an erasure, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.ask_erasure import ask_erasure
from consent.actions.erase_subject import erase_subject
from consent.vocabulary import ErasureBasis
from tests.factories import House
from tests.story_erasure import asked

Act = Callable[[], Any]


def ask(house: House) -> Act:
    patient, key = house.given().patient, uuid.uuid4()
    return lambda: ask_erasure(
        patient_id=patient.pk, basis=ErasureBasis.COURT, authority="12/27", by=house.advocate, form_key=key
    )


def erase(house: House) -> Act:
    request = asked(house)
    return lambda: erase_subject(request_id=request.pk, by=house.administrator)


ACTS: dict[str, Callable[[House], Act]] = {"ask_erasure": ask, "erase_subject": erase}
