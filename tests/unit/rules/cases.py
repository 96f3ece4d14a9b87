"""Facts for the tests of the gate: one good case for each kind of care, and small changes to it.

In the good case everything is in order at both stages, under every preset. A test changes one thing and looks at what
the gate says.
"""

import datetime
import uuid
from dataclasses import replace
from typing import Any

from clinic.vocabulary import Laterality, Preset, ProcedureCategory, ProcedureStatus
from consent.facts import ConsentFacts, ConversationFacts, GateFacts, PersonPresentFacts, ProcedureFacts
from consent.rules.gate import Stage
from consent.vocabulary import (
    Capacity,
    ConsentState,
    Decision,
    PersonRole,
    RequestSource,
    SignatureMethod,
)

PATIENT, OPERATOR, CLINICIAN, PROCEDURE, CONSENT, SOMEONE_ELSE = (uuid.UUID(int=number) for number in range(1, 7))
SHEET, OTHER_SHEET = "a" * 64, "b" * 64
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

STARTS_AT = datetime.datetime(2027, 6, 15, 9, 0, tzinfo=datetime.UTC)
# Long enough ago for the wait, where there is one, and not too long ago for any expiry.
SIGNED_DAYS_BEFORE = {ProcedureCategory.STER: 40, ProcedureCategory.VACC: 0}


def good_case(
    category: ProcedureCategory = ProcedureCategory.STER,
    *,
    stage: Stage = Stage.START,
    preset: Preset = Preset.STRICT_DEFAULT,
) -> GateFacts:
    """Facts with which the gate is open."""
    is_start = stage is Stage.START
    return GateFacts(
        at=STARTS_AT,
        time_zone="Asia/Shanghai",
        preset=preset,
        birth_date=datetime.date(1990, 5, 4),
        procedure=ProcedureFacts(
            id=PROCEDURE,
            patient_id=PATIENT,
            operator_id=OPERATOR,
            code="some-procedure",
            category=category,
            needs_laterality=True,
            laterality=Laterality.LEFT,
            body_site="arm",
            status=ProcedureStatus.PREPARATION,
            accompanies_birth=False,
        ),
        consent=_given_and_confirmed(category) if is_start else _informed(),
        conversation=_conversation(),
        open_holds=0,
        starting_operator_id=OPERATOR if is_start else None,
        proposed_signature=None if is_start else SignatureMethod.DRAWN,
    )


def _informed() -> ConsentFacts:
    return ConsentFacts(
        id=CONSENT,
        patient_id=PATIENT,
        procedure_id=PROCEDURE,
        procedure_code="some-procedure",
        laterality=Laterality.LEFT,
        body_site="arm",
        operator_id=OPERATOR,
        state=ConsentState.INFORMED,
        decision=None,
        sheet_digest=SHEET,
        signed_digest=SHEET,
        is_sheet_current=True,
        given_at=None,
        signing_method=None,
        witness_is_independent=None,
        confirmed_at=None,
        was_alone_at_confirmation=None,
        certified_at=None,
        certified_by=None,
    )


def _given_and_confirmed(category: ProcedureCategory) -> ConsentFacts:
    return replace(
        _informed(),
        state=ConsentState.CONFIRMED,
        decision=Decision.PERMIT,
        given_at=STARTS_AT - 3 * HOUR - SIGNED_DAYS_BEFORE.get(category, 10) * DAY,
        signing_method=SignatureMethod.DRAWN,
        confirmed_at=STARTS_AT - 2 * HOUR,
        was_alone_at_confirmation=True,
        certified_at=STARTS_AT - HOUR,
        certified_by=OPERATOR,
    )


def _conversation() -> ConversationFacts:
    return ConversationFacts(
        held_at=STARTS_AT - 41 * DAY,
        held_by=CLINICIAN,
        spoken_language="zh",
        text_language="zh-Hans",
        patient_languages=("ug", "zh-CN"),
        interpreter_qualification=None,
        interpreter_is_companion=None,
        minutes_alone=15,
        people_present=(person(PersonRole.RELATIVE, left=True), person(PersonRole.FRIEND, asked_for=True)),
        alternatives_opened=("one", "two", "three", "four", "nothing"),
        teach_back_asked=7,
        teach_back_understood=7,
        request_source=RequestSource.PATIENT,
        capacity=Capacity.PRESUMED,
        signing_states=(),
    )


def person(role: PersonRole, *, left: bool | None = False, asked_for: bool | None = None) -> PersonPresentFacts:
    """Someone in the room; still there at signing unless said otherwise."""
    return PersonPresentFacts(role=role, left_before_signing=left, asked_for_by_patient_alone=asked_for)


def procedure(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another planned procedure."""
    return replace(facts, procedure=replace(facts.procedure, **changes))


def consent(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another consent."""
    assert facts.consent is not None
    return replace(facts, consent=replace(facts.consent, **changes))


def talk(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another conversation."""
    assert facts.conversation is not None
    return replace(facts, conversation=replace(facts.conversation, **changes))
