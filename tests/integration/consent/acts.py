"""Every act of the consent floor, each with the world it needs: the one list that the tests of all acts walk."""

import uuid
from collections.abc import Callable
from typing import Any

from clinic.models import Procedure
from consent.actions.ask_for_time import ask_for_time
from consent.actions.certify import certify_as_operator
from consent.actions.confirm import confirm_consent
from consent.actions.finish_procedure import finish_procedure
from consent.actions.give import give_consent
from consent.actions.inform import record_conversation
from consent.actions.issue_record import issue_record
from consent.actions.lift_hold import lift_hold
from consent.actions.mark_in_error import mark_in_error
from consent.actions.propose import propose_consent
from consent.actions.publish_sheets import publish_sheets
from consent.actions.raise_hold import raise_hold
from consent.actions.refuse import refuse_consent
from consent.actions.report_error import report_error
from consent.actions.start_procedure import start_procedure
from consent.actions.stop_procedure import stop_procedure
from consent.actions.supersede import supersede_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import Consent
from consent.vocabulary import HoldReason, ReadingAid, RequestSource, StopReason, Via
from tests.factories import House, drawn, full_talk
from tests.integration.consent.acts_ability import ACTS as ABILITY
from tests.integration.consent.acts_emergency import ACTS as EMERGENCY
from tests.integration.consent.acts_erasure import ACTS as ERASURE
from tests.integration.consent.acts_offer import ACTS as OFFER
from tests.integration.consent.acts_paper import ACTS as PAPER
from tests.integration.consent.acts_receipts import ACTS as RECEIPTS
from tests.integration.consent.acts_removals import ACTS as REMOVALS
from tests.integration.consent.acts_talk import ACTS as TALK
from tests.integration.consent.acts_voice import ACTS as VOICE
from tests.integration.consent.acts_waits import ACTS as WAITS

Act = Callable[[], Any]


def propose(house: House) -> Act:
    procedure, key = house.procedure(), uuid.uuid4()
    return lambda: propose_consent(
        procedure_id=procedure.pk,
        language="en",
        request_source=RequestSource.PATIENT,
        by=house.midwife.account,
        form_key=key,
    )


def inform(house: House) -> Act:
    consent, key = house.proposed(), uuid.uuid4()
    return lambda: record_conversation(
        consent_id=consent.pk, talk=full_talk(consent), by=house.midwife.account, form_key=key
    )


def give(house: House) -> Act:
    consent = house.informed()
    return lambda: give_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        signature=drawn(),
        by=consent.patient.account,
        via=Via.OWN_CARD,
    )


def refuse(house: House) -> Act:
    consent = house.informed()
    return lambda: refuse_consent(
        consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD, words="I would rather not."
    )


def more_time(house: House) -> Act:
    consent = house.informed()
    return lambda: ask_for_time(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def confirm(house: House) -> Act:
    consent = house.given()
    return lambda: confirm_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        was_alone=True,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )


def certify(house: House) -> Act:
    consent = house.given()
    confirm_consent(
        consent_id=consent.pk,
        shown_digest=consent.sheet_version.digest,
        was_alone=True,
        by=consent.patient.account,
        via=Via.CLINIC_TABLET,
    )
    return lambda: certify_as_operator(consent_id=consent.pk, typed_name="Test Midwife", by=house.midwife.account)


def withdraw(house: House) -> Act:
    consent = house.ready()
    return lambda: withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def supersede(house: House) -> Act:
    consent, key = house.given(), uuid.uuid4()
    return lambda: supersede_consent(
        consent_id=consent.pk,
        language="zh-Hans",
        reading_aid=ReadingAid.INTERPRETED_ALOUD,
        by=house.midwife.account,
        form_key=key,
    )


def report(house: House) -> Act:
    consent = house.given()
    return lambda: report_error(
        consent_id=consent.pk, explanation="Wrong patient.", patient_agreed=True, by=house.midwife.account
    )


def mark(house: House) -> Act:
    consent = house.given()
    report_error(consent_id=consent.pk, explanation="Wrong patient.", patient_agreed=True, by=house.midwife.account)
    return lambda: mark_in_error(consent_id=consent.pk, by=house.colleague.account)


def hold(house: House) -> Act:
    consent, key = house.informed(), uuid.uuid4()
    return lambda: raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        by=house.receptionist,
        via=Via.STAFF,
        form_key=key,
    )


def lift(house: House) -> Act:
    held = hold(house)()
    return lambda: lift_hold(hold_id=held.pk, note="Spoke with her alone.", by=house.advocate)


def start(house: House) -> Act:
    consent = house.ready()
    return lambda: start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)


def started(house: House) -> Procedure:
    start(house)()
    return Procedure.objects.get(pk=Consent.objects.latest("proposed_at").procedure_id)


def stop(house: House) -> Act:
    procedure = started(house)
    return lambda: stop_procedure(
        procedure_id=procedure.pk, reason=StopReason.CLINICAL, note="", by=house.midwife.account
    )


def finish(house: House) -> Act:
    procedure = started(house)
    return lambda: finish_procedure(procedure_id=procedure.pk, note="", by=house.midwife.account)


def issue(house: House) -> Act:
    consent = house.given()
    return lambda: issue_record(consent_id=consent.pk, language="en", by=consent.patient.account, via=Via.OWN_CARD)


def publish(house: House) -> Act:
    return lambda: publish_sheets(site_id=house.site.pk, by=house.administrator)


ACTS: dict[str, Callable[[House], Act]] = {
    "propose": propose,
    "inform": inform,
    "give": give,
    "refuse": refuse,
    "ask_for_time": more_time,
    "confirm": confirm,
    "certify": certify,
    "withdraw": withdraw,
    "supersede": supersede,
    "report_error": report,
    "mark_in_error": mark,
    "raise_hold": hold,
    "lift_hold": lift,
    "start_procedure": start,
    "stop_procedure": stop,
    "finish_procedure": finish,
    "issue_record": issue,
    "publish_sheets": publish,
    **OFFER,
    **ABILITY,
    **EMERGENCY,
    **ERASURE,
    **WAITS,
    **RECEIPTS,
    **REMOVALS,
    **TALK,
    **PAPER,
    **VOICE,
}
