"""What the record of one consent holds: printed words of one language, and beside them the codes that never change.

A record is made once, at an act, and stored as bytes (`consent.record.document`); what is printed is its picture. Only
`CopyOnPaper` is made anew for each copy. No behaviour and no database.

>>> PersonOnRecord(role="Interpreter", role_code="interpreter", name="Ada").note
''
"""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonOnRecord:
    """Someone named on the patient's paper."""

    role: str  # plain word in the record's language
    name: str
    note: str = ""
    role_code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StrokesOnRecord:
    """A drawn signature as the pen went: each stroke a row of points (x, y, milliseconds)."""

    width: int
    height: int
    strokes: tuple[tuple[tuple[int, int, int], ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureOnRecord:
    """A signature: what it meant, who made it, how and when, and the picture and the pen's way of a drawn one."""

    meaning: str
    name: str
    method: str
    signed_at: datetime.datetime
    image_png: bytes | None
    witness_name: str = ""
    meaning_code: str
    method_code: str
    via_code: str
    role_code: str  # of the account that signed
    account_name: str
    sheet_digest: str  # the words that were signed
    strokes: StrokesOnRecord | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EventOnRecord:
    """One line of the history printed on the record, and its entry in the ledger."""

    happened_at: datetime.datetime
    sentence: str
    entry_index: int | None  # None while it waited to be sealed
    kind: str
    entry_id: str  # 32 hex
    leaf_hash: str  # empty for the act that made this record: its entry names the record, so it is written after it


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetSection:
    """A heading and its text exactly as shown to the patient."""

    heading: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AlternativeOnRecord:
    """Another choice that was opened in a talk, and for how long."""

    key: str
    name: str
    seconds_open: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TeachBackOnRecord:
    """What the patient answered in her own words."""

    key: str
    question: str
    answer: str
    is_understood: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkOnRecord:
    """One talk, in codes and in the words of those who talked. No note of staff about the patient."""

    held_at: datetime.datetime
    held_by: str
    spoken_language: str
    text_language: str
    request_source: str
    reading_aids: tuple[str, ...]
    interpreter_name: str
    interpreter_organisation: str
    interpreter_qualification: str
    minutes_alone: int | None
    alternatives: tuple[AlternativeOnRecord, ...]
    questions: tuple[tuple[str, str], ...]
    teach_backs: tuple[TeachBackOnRecord, ...]
    what_matters: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionOnRecord:
    """Where the consent stood after the act, in codes, and when it came there."""

    state: str
    decision: str
    category: str
    laterality: str
    body_site: str
    request_source: str
    purpose: str
    reading_aid: str
    copy_choice: str
    given_via: str
    ended_via: str
    ended_reason: str
    proposed_at: datetime.datetime
    informed_at: datetime.datetime | None
    more_time_asked_at: datetime.datetime | None
    given_at: datetime.datetime | None
    confirmed_at: datetime.datetime | None
    was_alone_at_confirmation: bool | None
    certified_at: datetime.datetime | None
    ended_at: datetime.datetime | None
    proposed_policy_digest: str
    signed_policy_digest: str
    started_policy_digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ActOnRecord:
    """The act after which the record was made: its entry, and the entry's place among those about the patient."""

    entry_id: str  # 32 hex
    kind: str
    number: int | None  # `sseq` of the entry
    previous_leaf: str  # `sprev`; empty for the first


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyOnPaper:
    """What one printed copy adds to its record: when it was printed, and where the act stands in the ledger by then."""

    issued_at: datetime.datetime
    ledger_index: int | None  # None while it waits to be sealed
    ledger_leaf: str
    ledger_size: int
    ledger_root: str
    is_sealed: bool = False  # whether the file carries the clinic's seal


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentRecord:
    """Everything that was so about one consent after one act, its words in one language."""

    language: str  # BCP 47, of the printed words
    language_note: str  # says so where the printed words are not in the language of the sheet; else empty
    made_at: datetime.datetime
    act: ActOnRecord
    site_name: str
    time_zone: str
    patient_name: str
    patient_latin_name: str
    birth_date: datetime.date
    consent_id: str
    procedure_id: str
    procedure_name: str
    procedure_code: str
    side: str
    decision: DecisionOnRecord
    state: str
    state_explained: str
    ended_words: str  # the patient's own, exactly as given; the only text that is never refused
    sheet_key: str
    sheet_language: str
    sheet_title: str
    sheet_version: str
    sheet_digest: str
    sheet_sections: tuple[SheetSection, ...]
    rules: tuple[tuple[str, str], ...]  # when, digest of the rule table that was in force
    people: tuple[PersonOnRecord, ...]
    conversation: tuple[tuple[str, str], ...]  # label, value
    talks: tuple[TalkOnRecord, ...]
    questions: tuple[tuple[str, str], ...]  # asked, answered
    signatures: tuple[SignatureOnRecord, ...]
    events: tuple[EventOnRecord, ...]
    without_word: tuple[tuple[str, str], ...] = ()  # label, value; of care that was given without asking her
    ledger_origin: str
    labels: dict[str, str]  # printed words of the layout in the record's language, by key
