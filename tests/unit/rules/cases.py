"""Facts for the tests of the gate: one good case for each kind of care, and small changes to it.

In the good case everything is in order at all three stages, under every preset. A test changes one thing and looks at
what the gate says.
"""

import datetime
import uuid
from dataclasses import replace
from typing import Any

from clinic.vocabulary import Laterality, Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.facts import (
    AbilityFacts,
    AlternativeFacts,
    ConsentFacts,
    ConversationFacts,
    GateFacts,
    OfferFacts,
    PastFacts,
    PersonPresentFacts,
    ProcedureFacts,
    WaitFacts,
)
from consent.rules.disclosure import required_elements
from consent.rules.gate import Stage
from consent.vocabulary import (
    Capacity,
    ConsentState,
    CopyChoice,
    Decision,
    PersonRole,
    Purpose,
    Referral,
    RequestSource,
    SignatureMethod,
)

PATIENT, OPERATOR, CLINICIAN, PROCEDURE, CONSENT, SOMEONE_ELSE = (uuid.UUID(int=number) for number in range(1, 7))
SHEET, OTHER_SHEET = "a" * 64, "b" * 64
MINUTE = datetime.timedelta(minutes=1)
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)

STARTS_AT = datetime.datetime(2027, 6, 15, 9, 0, tzinfo=datetime.UTC)
# Long enough ago for the wait, where there is one, and not too long ago for any expiry.
SIGNED_DAYS_BEFORE = {ProcedureCategory.STER: 40, ProcedureCategory.VACC: 0}
READING_SECONDS = 400

# The kinds of care that the tables tell apart: every category, and two that are narrower.
PROFILES = (
    *((category, Particular.NONE) for category in ProcedureCategory),
    (ProcedureCategory.TEST, Particular.PREGNANCY_TEST),
    (ProcedureCategory.MAJOR, Particular.HYSTERECTOMY),
)


def good_case(
    category: ProcedureCategory = ProcedureCategory.STER,
    *,
    stage: Stage = Stage.START,
    preset: Preset = Preset.STRICT_DEFAULT,
    particular: Particular = Particular.NONE,
) -> GateFacts:
    """Facts with which the gate is open."""
    is_start, is_offer = stage is Stage.START, stage is Stage.OFFER
    signed_at = STARTS_AT - 3 * HOUR - SIGNED_DAYS_BEFORE.get(category, 10) * DAY if is_start else STARTS_AT
    talked_at = signed_at - 2 * HOUR
    return GateFacts(
        at=STARTS_AT,
        time_zone="Asia/Shanghai",
        preset=preset,
        birth_date=datetime.date(1990, 5, 4),
        procedure=_planned(category, particular),
        consent=None if is_offer else _given_and_confirmed(category, signed_at) if is_start else _informed(category),
        conversation=None if is_offer else _conversation(talked_at),
        open_holds=0,
        offer=_offer(STARTS_AT if is_offer else talked_at - HOUR),
        past=_past(None if is_offer else talked_at),
        ability=None if is_offer else AbilityFacts(findings=(), is_able_young_person=None, guardians=()),
        waits=None if is_offer else WaitFacts(),
        starting_operator_id=OPERATOR if is_start else None,
        proposed_signature=SignatureMethod.DRAWN if stage is Stage.SIGNING else None,
    )


def _planned(category: ProcedureCategory, particular: Particular) -> ProcedureFacts:
    return ProcedureFacts(
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
        particular=particular,
        is_experimental=False,
        ethics_approval="",
    )


def _offer(offered_at: datetime.datetime) -> OfferFacts:
    return OfferFacts(
        offered_at=offered_at,
        offered_by=CLINICIAN,
        request_source=RequestSource.PATIENT,
        sheet_language="zh-Hans",
        patient_languages=("ug", "zh-CN"),
        reading_aid=None,
        access_needs=(),
        excluded_as=(),
        purpose=Purpose.TREATMENT,
    )


def _past(talked_at: datetime.datetime | None) -> PastFacts:
    return PastFacts(
        last_no_at=None,
        last_withdrawal_at=None,
        patient_asked_at=None,
        clinical_fact_at=None,
        times_asked=0,
        choice_recorded_at=talked_at,
        operator_starts_today=0,
    )


def _informed(category: ProcedureCategory) -> ConsentFacts:
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
        signature_is_reused=False,
        sheet_reading_seconds=READING_SECONDS,
        sheet_elements=required_elements(category),
        copy_choice=CopyChoice.PAPER,
        interpreter_stated_at=None,
        obtainer_stated_at=None,
        obtainer_stated_by=None,
        confirmed_at=None,
        was_alone_at_confirmation=None,
        certified_at=None,
        certified_by=None,
    )


def _given_and_confirmed(category: ProcedureCategory, given_at: datetime.datetime) -> ConsentFacts:
    return replace(
        _informed(category),
        state=ConsentState.CONFIRMED,
        decision=Decision.PERMIT,
        given_at=given_at,
        signing_method=SignatureMethod.DRAWN,
        obtainer_stated_at=given_at + MINUTE,
        obtainer_stated_by=CLINICIAN,
        confirmed_at=STARTS_AT - 2 * HOUR,
        was_alone_at_confirmation=True,
        certified_at=STARTS_AT - HOUR,
        certified_by=OPERATOR,
    )


def _conversation(held_at: datetime.datetime) -> ConversationFacts:
    return ConversationFacts(
        held_at=held_at,
        held_by=CLINICIAN,
        spoken_language="zh",
        text_language="zh-Hans",
        patient_languages=("ug", "zh-CN"),
        interpreter_qualification=None,
        interpreter_is_companion=None,
        minutes_alone=15,
        people_present=(person(PersonRole.RELATIVE, left=True), person(PersonRole.FRIEND, asked_for=True)),
        alternatives_opened=opened("one", "two", "three", "four", "nothing"),
        teach_back_asked=7,
        teach_back_understood=7,
        request_source=RequestSource.PATIENT,
        capacity=Capacity.PRESUMED,
        signing_states=(),
        sheet_opened_at=held_at - HOUR,
        reading_aids=(),
        was_live=True,
        no_loss_spoken=True,
        anaesthetic_told=True,
        health_questions_asked=True,
        witness_offered=True,
        companion_would_not_leave=False,
        referral=Referral.NOBODY,
        request_repeated_alone=None,
        holder_is_trained=True,
    )


def opened(*keys: str, seconds: int | None = 30) -> tuple[AlternativeFacts, ...]:
    """Other choices, each opened for so long."""
    return tuple(AlternativeFacts(key=key, seconds_open=seconds) for key in keys)


def person(role: PersonRole, *, left: bool | None = False, asked_for: bool | None = None) -> PersonPresentFacts:
    """Someone in the room; still there at signing unless said otherwise."""
    return PersonPresentFacts(role=role, left_before_signing=left, asked_for_by_patient_alone=asked_for)


def _with(part: str, facts: GateFacts, changes: dict[str, Any]) -> GateFacts:
    before = getattr(facts, part)
    assert before is not None
    return replace(facts, **{part: replace(before, **changes)})


def procedure(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another planned procedure."""
    return _with("procedure", facts, changes)


def consent(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another consent."""
    return _with("consent", facts, changes)


def talk(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another conversation."""
    return _with("conversation", facts, changes)


def offer(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case, offered differently."""
    return _with("offer", facts, changes)


def past(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with another past."""
    return _with("past", facts, changes)


def ability(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with other findings about being able to decide."""
    return _with("ability", facts, changes)


def waits(facts: GateFacts, **changes: Any) -> GateFacts:
    """The same case with something certified or agreed towards a shorter wait."""
    return _with("waits", facts, changes)
