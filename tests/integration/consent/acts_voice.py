"""The acts in which a patient speaks up, and the answers, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.answer_complaint import answer_complaint
from consent.actions.answer_correction import answer_correction
from consent.actions.ask_correction import ask_correction
from consent.actions.complain import complain
from consent.actions.send_to_advocate import send_to_advocate
from consent.actions.take_bundle import take_bundle
from consent.queries.own_bundle import BundleChoice
from consent.vocabulary import BundlePart, ComplaintCategory, CorrectionOutcome, Via
from tests.factories import House
from tests.story_voice import complained, details_of, wished

Act = Callable[[], Any]


def complaint(house: House) -> Act:
    patient, key = house.patient(), uuid.uuid4()
    return lambda: complain(
        patient_id=patient.pk,
        category=ComplaintCategory.SENT_HOME,
        words="",
        consent_id=None,
        adds_to_id=None,
        by=patient.account,
        via=Via.CLINIC_TABLET,
        form_key=key,
    )


def complaint_answer(house: House) -> Act:
    found = complained(house)
    return lambda: answer_complaint(complaint_id=found.pk, words="Sorry.", done="A talk.", by=house.advocate)


def correction(house: House) -> Act:
    consent, key = house.given(), uuid.uuid4()
    return lambda: ask_correction(
        patient_id=consent.patient_id,
        consent_id=consent.pk,
        wrong="I was not alone.",
        should_say="My aunt was there.",
        by=consent.patient.account,
        via=Via.OWN_CARD,
        form_key=key,
    )


def correction_answer(house: House) -> Act:
    wish = wished(house)
    details = details_of(wish.patient, name="Test Patient Uno")
    return lambda: answer_correction(
        request_id=wish.pk,
        outcome=CorrectionOutcome.CORRECTED,
        words="Done.",
        details=details,
        by=house.midwife.account,
    )


def sent_on(house: House) -> Act:
    wish = wished(house)
    return lambda: send_to_advocate(request_id=wish.pk, by=wish.patient.account, via=Via.OWN_CARD)


def bundle(house: House) -> Act:
    consent, key = house.given(), uuid.uuid4()
    choice = BundleChoice(consent_ids=frozenset([consent.pk]), parts=frozenset(BundlePart), language="en")
    patient = consent.patient
    return lambda: take_bundle(patient_id=patient.pk, choice=choice, by=patient.account, via=Via.OWN_CARD, form_key=key)


ACTS: dict[str, Callable[[House], Act]] = {
    "complain": complaint,
    "answer_complaint": complaint_answer,
    "ask_correction": correction,
    "answer_correction": correction_answer,
    "send_to_advocate": sent_on,
    "take_bundle": bundle,
}
