"""Acts of the talk and of the statements beside the patient's signature, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.inform import record_conversation
from consent.actions.state_as_interpreter import state_as_interpreter
from consent.actions.state_as_obtainer import state_as_obtainer
from consent.models import Consent
from consent.vocabulary import InterpreterQualification
from tests.factories import House, full_talk

Act = Callable[[], Any]


def interpreted_talk(house: House) -> Consent:
    """A consent with a talk in which somebody interpreted."""
    consent = house.proposed()
    talk = full_talk(
        consent,
        interpreter_name="Test Interpreter",
        interpreter_qualification=InterpreterQualification.PROFESSIONAL,
        interpreter_is_companion=False,
    )
    record_conversation(consent_id=consent.pk, talk=talk, by=house.midwife.account, form_key=uuid.uuid4())
    return Consent.objects.get(pk=consent.pk)


def interpreter(house: House) -> Act:
    consent = interpreted_talk(house)
    return lambda: state_as_interpreter(
        consent_id=consent.pk,
        typed_name="Test Interpreter",
        language="ug",
        organisation="Test Interpreters",
        by=house.midwife.account,
    )


def obtainer(house: House) -> Act:
    consent = house.given()
    return lambda: state_as_obtainer(consent_id=consent.pk, typed_name="Test Midwife", by=house.midwife.account)


ACTS: dict[str, Callable[[House], Act]] = {
    "state_as_interpreter": interpreter,
    "state_as_obtainer": obtainer,
}
