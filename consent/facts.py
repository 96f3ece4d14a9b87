"""Frozen facts that cross from the tables to the pure rooms. They carry no behaviour and no database.

Unknown is written as None and counts as unmet wherever a rule asks for it. Times are aware UTC instants; minutes are
whole minutes; digests are 64 lowercase hex characters.
"""

import datetime
import uuid
from dataclasses import dataclass

from clinic.vocabulary import AccessNeed, Laterality, Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.vocabulary import (
    Capacity,
    CapacityFinding,
    ConsentState,
    CopyChoice,
    Decision,
    ExcludedSubject,
    InterpreterQualification,
    PersonRole,
    Purpose,
    ReadingAid,
    Referral,
    RequestSource,
    SignatureMethod,
    SigningState,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureFacts:
    """The planned procedure as it stands now, read under its lock."""

    id: uuid.UUID
    patient_id: uuid.UUID
    operator_id: uuid.UUID | None
    code: str
    category: ProcedureCategory
    needs_laterality: bool
    laterality: Laterality | None
    body_site: str
    status: ProcedureStatus
    accompanies_birth: bool | None  # planned with a birth, caesarean or abortion; None = not recorded
    particular: Particular
    is_experimental: bool | None
    ethics_approval: str  # id of the approved study; empty where there is none


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferFacts:
    """How this procedure was, or is about to be, offered."""

    offered_at: datetime.datetime
    offered_by: uuid.UUID
    request_source: RequestSource
    sheet_language: str  # BCP 47; empty where no approved sheet was chosen
    patient_languages: tuple[str, ...]
    reading_aid: ReadingAid | None
    access_needs: tuple[AccessNeed, ...] | None  # None = not asked
    excluded_as: tuple[ExcludedSubject, ...] | None  # None = not asked
    purpose: Purpose | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PastFacts:
    """What went before in the same matter: this patient, this kind of procedure."""

    last_no_at: datetime.datetime | None  # newest refusal or withdrawal; None = never said no
    last_withdrawal_at: datetime.datetime | None
    patient_asked_at: datetime.datetime | None  # newest time the patient herself asked to talk about it again
    clinical_fact_at: datetime.datetime | None  # a new fact by another clinician, not used up by an offer yet
    times_asked: int | None  # offers so far, this one not counted
    choice_recorded_at: datetime.datetime | None  # first talk in which the choice was recorded
    operator_starts_today: int | None  # of this category, by the operator, on the site's calendar day


@dataclass(frozen=True, kw_only=True, slots=True)
class CapacityFindingFacts:
    """One finding of an assessment."""

    finding: CapacityFinding
    assessed_at: datetime.datetime
    assessed_by: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class GuardianFacts:
    """What one guardian said last."""

    name: str  # to tell one guardian from another; never printed by a rule
    decision: Decision
    recorded_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class AbilityFacts:
    """Everything recorded about being able to decide, oldest first."""

    findings: tuple[CapacityFindingFacts, ...]
    is_able_young_person: bool | None  # newest note about a young person; None = no note
    guardians: tuple[GuardianFacts, ...]  # the newest word of each


@dataclass(frozen=True, kw_only=True, slots=True)
class PrematureBirthFacts:
    """CR-003. Certified by the operator."""

    expected_on: datetime.date
    born_on: datetime.date
    certified_at: datetime.datetime
    certified_by: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class AbdominalEmergencyFacts:
    """CR-004. Certified by the operator, with the circumstances in words."""

    is_described: bool
    certified_at: datetime.datetime
    certified_by: uuid.UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class ShorterWaitFacts:
    """CR-005. Asked for by the patient herself, answered by a second clinician."""

    asked_at: datetime.datetime
    was_asked_by_patient: bool  # in her own session
    answered_at: datetime.datetime | None
    is_agreed: bool | None
    was_private: bool | None
    is_outside_team: bool | None
    after_birth_or_abortion_72h: bool | None  # signed within 72 hours of one


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitFacts:
    """What was certified or agreed towards a shorter wait."""

    premature_birth: PrematureBirthFacts | None = None
    abdominal_emergency: AbdominalEmergencyFacts | None = None
    shorter_wait: ShorterWaitFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPresentFacts:
    """Someone else who was in the room during the conversation."""

    role: PersonRole
    left_before_signing: bool | None
    asked_for_by_patient_alone: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlternativeFacts:
    """One other choice on the sheet that was opened."""

    key: str  # "nothing" is the key for doing nothing
    seconds_open: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationFacts:
    """What was recorded of the talk between the practitioner and the patient."""

    held_at: datetime.datetime
    held_by: uuid.UUID
    spoken_language: str  # BCP 47
    text_language: str  # BCP 47, language of the sheet shown
    patient_languages: tuple[str, ...]  # in the patient's order
    interpreter_qualification: InterpreterQualification | None  # None = nobody interpreted
    interpreter_is_companion: bool | None
    minutes_alone: int | None
    people_present: tuple[PersonPresentFacts, ...]
    alternatives_opened: tuple[AlternativeFacts, ...]
    teach_back_asked: int
    teach_back_understood: int  # answered in the patient's own words and judged understood
    request_source: RequestSource
    capacity: Capacity | None
    signing_states: tuple[SigningState, ...] | None  # None = not asked; () = asked, none of them
    sheet_opened_at: datetime.datetime | None
    reading_aids: tuple[ReadingAid, ...] | None
    was_live: bool | None  # face to face or on a line, not by paper alone
    no_loss_spoken: bool | None  # "saying no changes nothing else" was said aloud
    anaesthetic_told: bool | None
    health_questions_asked: bool | None
    witness_offered: bool | None
    companion_would_not_leave: bool | None
    referral: Referral | None
    request_repeated_alone: bool | None
    holder_is_trained: bool | None  # the clinician who held the talk, for this category
    # All that was ever recorded about the same procedure, oldest first: a later talk does not unsay it.
    request_sources_named: tuple[RequestSource, ...] = ()
    doubts_named: tuple[Capacity, ...] = ()
    doubted_at: datetime.datetime | None = None  # the newest talk in which a doubt was recorded; None where none was


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentFacts:
    """One consent: what it is about (frozen when proposed) and how far it has come."""

    id: uuid.UUID
    patient_id: uuid.UUID
    procedure_id: uuid.UUID
    procedure_code: str
    laterality: Laterality | None
    body_site: str
    operator_id: uuid.UUID | None
    state: ConsentState
    decision: Decision | None
    sheet_digest: str  # digest of the version this consent is about
    signed_digest: str | None  # digest that was on the screen when the patient gave
    is_sheet_current: bool | None  # no newer major version of the sheet is published at the site in this language
    given_at: datetime.datetime | None
    signing_method: SignatureMethod | None
    witness_is_independent: bool | None  # of the mark; None where no witness was needed or none is known
    signature_is_reused: bool | None  # looks like another person's; False where nothing was drawn
    sheet_reading_seconds: int | None  # of an average reader, for the words of this sheet
    sheet_elements: tuple[str, ...]  # ids of what the sheet tells: "DE-01", "DV-3"
    copy_choice: CopyChoice | None  # at signing: the choice she is about to make
    interpreter_stated_at: datetime.datetime | None
    obtainer_stated_at: datetime.datetime | None
    obtainer_stated_by: uuid.UUID | None
    confirmed_at: datetime.datetime | None
    was_alone_at_confirmation: bool | None
    certified_at: datetime.datetime | None
    certified_by: uuid.UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class GateFacts:
    """Everything the gate may know. Built fresh under the locks; never cached."""

    at: datetime.datetime
    time_zone: str
    preset: Preset
    birth_date: datetime.date | None
    procedure: ProcedureFacts
    consent: ConsentFacts | None
    conversation: ConversationFacts | None
    open_holds: int | None
    offer: OfferFacts | None
    past: PastFacts | None
    ability: AbilityFacts | None
    waits: WaitFacts | None
    starting_operator_id: uuid.UUID | None  # who stands ready to start; None outside the start stage
    proposed_signature: SignatureMethod | None = None  # at the signing stage: how the patient is about to sign
    proposed_witness_is_independent: bool | None = None
