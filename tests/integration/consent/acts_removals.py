"""The acts about removals, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.ask_removal import ask_removal
from consent.actions.give_second_opinion import give_second_opinion
from consent.actions.keep_device import keep_device
from consent.actions.record_contraindication import record_contraindication
from consent.actions.record_removed import record_removed
from consent.vocabulary import Via
from tests.factories import House
from tests.story_removals import asked, completed_removal, reasoned

Act = Callable[[], Any]


def ask(house: House) -> Act:
    patient, key = house.patient(), uuid.uuid4()
    return lambda: ask_removal(patient_id=patient.pk, device="", by=patient.account, via=Via.OWN_CARD, form_key=key)


def keep(house: House) -> Act:
    wish = asked(house)
    return lambda: keep_device(request_id=wish.pk, by=wish.patient.account, via=Via.OWN_CARD)


def removed(house: House) -> Act:
    wish = asked(house)
    procedure = completed_removal(house, wish.patient)
    return lambda: record_removed(request_id=wish.pk, procedure_id=procedure.pk, by=house.midwife.account)


def contraindicate(house: House) -> Act:
    wish, key = asked(house), uuid.uuid4()
    return lambda: record_contraindication(
        request_id=wish.pk, reason="A fever.", by=house.midwife.account, form_key=key
    )


def opinion(house: House) -> Act:
    reason = reasoned(house)
    return lambda: give_second_opinion(
        contraindication_id=reason.pk,
        agrees=False,
        told_patient=True,
        review_on=None,
        note="It can come out.",
        by=house.colleague.account,
    )


ACTS: dict[str, Callable[[House], Act]] = {
    "ask_removal": ask,
    "keep_device": keep,
    "record_removed": removed,
    "record_contraindication": contraindicate,
    "give_second_opinion": opinion,
}
