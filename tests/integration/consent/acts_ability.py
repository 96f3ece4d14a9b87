"""Acts about being able to decide, each with the world it needs."""

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.assess_capacity import assess_capacity
from consent.actions.note_young_person import note_young_person
from consent.actions.record_guardian_word import record_guardian_word
from consent.models import Consent
from consent.rules.ability import CapacityLimbs, YoungPersonAnswers
from consent.vocabulary import Decision, GuardianRelation
from tests.factories import House

Act = Callable[[], Any]
YOUNG = datetime.date(2012, 5, 17)  # fourteen in the tests' January 2027
REMOVAL, TEST = "iud-removal", "hiv-test"


def limbs(**changes: bool) -> CapacityLimbs:
    """Everything she needs to decide, unless changed."""
    values = {
        "has_impairment": False,
        "can_understand": True,
        "can_retain": True,
        "can_weigh": True,
        "can_communicate": True,
        "is_because_of_impairment": False,
    }
    return CapacityLimbs(**(values | changes))


def lacking() -> CapacityLimbs:
    """She cannot weigh it now, and an impairment is why."""
    return limbs(has_impairment=True, can_weigh=False, is_because_of_impairment=True)


def answers(**changes: bool | None) -> YoungPersonAnswers:
    """Yes to everything that is asked outside contraception, unless changed."""
    values: dict[str, bool | None] = {
        "understands_advice": True,
        "was_encouraged_to_tell_parents": True,
        "is_in_best_interests": True,
    }
    return YoungPersonAnswers(**(values | changes))  # type: ignore[arg-type]


def young_consent(house: House, code: str = TEST) -> Consent:
    """An offer made to someone of fourteen."""
    house.publish(code)
    patient = house.patient("Test Patient Young", birth_date=YOUNG)
    return house.proposed(house.procedure(patient, code=code))


def assess(house: House) -> Act:
    consent, key = house.proposed(), uuid.uuid4()
    return lambda: assess_capacity(
        consent_id=consent.pk,
        limbs=limbs(),
        impairment="",
        support_tried="Pictures, and a second visit in the morning.",
        by=house.midwife.account,
        form_key=key,
    )


def note(house: House) -> Act:
    consent, key = young_consent(house), uuid.uuid4()
    return lambda: note_young_person(
        consent_id=consent.pk,
        answers=answers(),
        note="She told me what the test is for and what follows from it.",
        by=house.midwife.account,
        form_key=key,
    )


def guardian(house: House) -> Act:
    consent, key = young_consent(house), uuid.uuid4()
    return lambda: record_guardian_word(
        consent_id=consent.pk,
        name="Test Mother",
        relation=GuardianRelation.PARENT,
        decision=Decision.PERMIT,
        words="If she wants it.",
        by=house.midwife.account,
        form_key=key,
    )


ACTS: dict[str, Callable[[House], Act]] = {
    "assess_capacity": assess,
    "note_young_person": note,
    "record_guardian_word": guardian,
}
