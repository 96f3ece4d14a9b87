"""Frozen facts that cross from the tables to the pure rooms. They carry no behaviour and no database.

Unknown is written as None and counts as unmet wherever a rule asks for it. Times are aware UTC instants; minutes are
whole minutes; digests are 64 lowercase hex characters.
"""

import datetime
import uuid
from dataclasses import dataclass

from clinic.vocabulary import Laterality, Preset, ProcedureCategory, ProcedureStatus
from consent.vocabulary import (
    Capacity,
    ConsentState,
    Decision,
    InterpreterQualification,
    PersonRole,
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
    accompanies_birth: bool | None  # planned with a birth or caesarean; None = not recorded


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonPresentFacts:
    """Someone else who was in the room during the conversation."""

    role: PersonRole
    left_before_signing: bool | None
    asked_for_by_patient_alone: bool | None


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
    alternatives_opened: tuple[str, ...]  # keys; "nothing" is the key for doing nothing
    teach_back_asked: int
    teach_back_understood: int  # answered in the patient's own words and judged understood
    request_source: RequestSource
    capacity: Capacity | None
    signing_states: tuple[SigningState, ...] | None  # None = not asked; () = asked, none of them
    # All that was ever recorded about the same procedure, oldest first: a later talk does not unsay it.
    request_sources_named: tuple[RequestSource, ...] = ()
    capacity_history: tuple[Capacity, ...] = ()


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
    starting_operator_id: uuid.UUID | None  # who stands ready to start; None outside the start stage
    proposed_signature: SignatureMethod | None = None  # at the signing stage: how the patient is about to sign
    proposed_witness_is_independent: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonOnRecord:
    """Someone named on the patient's paper."""

    role: str  # plain word in the record's language
    name: str
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureOnRecord:
    """A signature as printed: what it meant, how it was made, when."""

    meaning: str
    name: str
    method: str
    signed_at: datetime.datetime
    image_png: bytes | None
    witness_name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EventOnRecord:
    """One line of the history printed on the record."""

    happened_at: datetime.datetime
    sentence: str
    entry_index: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetSection:
    """A heading and its text exactly as shown to the patient."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecord:
    """Everything the printed record of one consent says, already in words of one language."""

    language: str
    site_name: str
    time_zone: str
    patient_name: str
    patient_latin_name: str
    birth_date: datetime.date
    procedure_name: str
    procedure_code: str
    side: str
    state: str
    state_explained: str
    sheet_title: str
    sheet_version: str
    sheet_digest: str
    sheet_sections: tuple[SheetSection, ...]
    people: tuple[PersonOnRecord, ...]
    conversation: tuple[tuple[str, str], ...]  # label, value
    questions: tuple[tuple[str, str], ...]  # asked, answered
    signatures: tuple[SignatureOnRecord, ...]
    events: tuple[EventOnRecord, ...]
    ledger_origin: str
    ledger_index: int
    ledger_leaf: str
    ledger_size: int
    ledger_root: str
    consent_id: str
    issued_at: datetime.datetime
    labels: dict[str, str]  # printed words of the layout in the record's language, by key
