"""What the printed record of one consent says, already in words of one language. No behaviour and no database."""

import datetime
from dataclasses import dataclass


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
    rules: tuple[tuple[str, str], ...]  # when, digest of the rule table that was in force
    people: tuple[PersonOnRecord, ...]
    conversation: tuple[tuple[str, str], ...]  # label, value
    questions: tuple[tuple[str, str], ...]  # asked, answered
    signatures: tuple[SignatureOnRecord, ...]
    events: tuple[EventOnRecord, ...]
    ledger_origin: str
    ledger_index: int | None  # None while it waits to be sealed
    ledger_leaf: str
    ledger_size: int
    ledger_root: str
    consent_id: str
    issued_at: datetime.datetime
    without_word: tuple[tuple[str, str], ...] = ()  # label, value; of care that was given without asking her
    labels: dict[str, str]  # printed words of the layout in the record's language, by key
