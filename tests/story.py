"""One clinic in which everything that can be recorded has been recorded at least once."""

import uuid

from consent.actions.ask_for_time import ask_for_time
from consent.actions.finish_procedure import finish_procedure
from consent.actions.issue_record import issue_record
from consent.actions.lift_hold import lift_hold
from consent.actions.mark_in_error import mark_in_error
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.actions.supersede import supersede_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent
from consent.vocabulary import HoldReason, StopReason, Via
from tests.factories import House
from tests.retelling import retold
from tests.story_ability import tell_ability
from tests.story_emergency import tell_emergency
from tests.story_erasure import tell_erasure
from tests.story_ledger import tell_ledger
from tests.story_offer import tell_offer
from tests.story_paper import tell_paper
from tests.story_receipts import tell_receipts
from tests.story_removals import tell_removals
from tests.story_talk import tell_talk
from tests.story_voice import tell_voice
from tests.story_waits import tell_waits


def _started(house: House) -> Consent:
    consent = house.ready()
    start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    return consent


def _held_and_lifted(house: House) -> None:
    hold = raise_hold(
        consent_id=house.informed().pk,
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        by=house.receptionist,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )
    lift_hold(hold_id=hold.pk, note="Spoke with her alone.", by=house.advocate)


def _in_error(house: House) -> None:
    wrong = house.given()
    report_error(consent_id=wrong.pk, explanation="Wrong patient.", patient_agreed=True, by=house.midwife.account)
    mark_in_error(consent_id=wrong.pk, by=house.colleague.account)


@retold
def build_full_story(house: House) -> House:
    """Every kind of entry and at least one row of every evidential table, through the actions."""
    done = _started(house)
    finish_procedure(procedure_id=done.procedure_id, note="As planned.", by=house.midwife.account)
    issue_record(consent_id=done.pk, language="en", by=done.patient.account, via=Via.OWN_CARD)
    stopped = _started(house)
    withdraw_consent(consent_id=stopped.pk, by=stopped.patient.account, via=Via.CLINIC_TABLET, words="Please stop.")
    stop_procedure(
        procedure_id=stopped.procedure_id, reason=StopReason.PATIENT_WITHDREW, note="Safe.", by=house.midwife.account
    )
    start_procedure(procedure_id=house.procedure().pk, by=house.midwife.account)
    _held_and_lifted(house)
    _in_error(house)
    asked = house.informed()
    ask_for_time(consent_id=asked.pk, by=asked.patient.account, via=Via.OWN_CARD)
    refuse_consent(consent_id=asked.pk, by=asked.patient.account, via=Via.OWN_CARD, words="Not now.")
    supersede_consent(consent_id=house.given().pk, language="en", by=house.midwife.account, form_key=uuid.uuid4())
    tell_emergency(house)
    tell_offer(house)
    tell_receipts(house)
    tell_removals(house)
    tell_ability(house)
    tell_waits(house)
    tell_talk(house)
    tell_voice(house)
    tell_paper(house)
    tell_erasure(house)
    tell_ledger(house)
    return house
