"""What must be known to see the signals. No behaviour, no database; filled by `consent.queries`.

Unknown is None. What an unknown does stands in the table, signal by signal. Times are aware UTC instants. While the
patient is about to sign, `decided_at` is now; while a procedure is about to start, `start_at` is now; an act that is
about to be done (an offer, a test, a booking, a contact) is passed among those done, so that it can be refused.

>>> CompanionFacts(role=PersonRole.RELATIVE).would_not_leave is None
True
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from clinic.vocabulary import ProcedureCategory
from consent.rules.signals.bars import NO_BARS, Bars
from consent.rules.signals.spans import Span
from consent.vocabulary import Decision, PersonRole, RequestSource, SigningState


class InterpreterTie(StrEnum):
    """What ties an interpreter to the companion or to whoever sent the patient."""

    IS_COMPANION = "is-companion"
    SAME_TELEPHONE = "same-telephone"
    SAME_HOME = "same-home"
    SAME_EMPLOYER = "same-employer"
    SAME_SENDER = "same-sender"
    WORKS_FOR_SENDER = "works-for-sender"


class ContactChannel(StrEnum):
    """How staff reached out."""

    HOME = "home"
    TELEPHONE = "telephone"
    MESSAGE = "message"
    LETTER = "letter"
    IN_PERSON = "in-person"
    OTHER = "other"


class ReasonForTest(StrEnum):
    """Why a pregnancy test was ordered."""

    SYMPTOM = "symptom"
    MEDICINE_SAFETY = "medicine-safety"
    BEFORE_PROCEDURE = "before-procedure"
    PATIENT_ASKED = "patient-asked"


@dataclass(frozen=True, kw_only=True, slots=True)
class AlternativeSeen:
    """One time another choice on the sheet was open."""

    key: str  # "nothing" is doing nothing
    seconds: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class CompanionFacts:
    """Someone who came along or came in. Not staff of this talk, not the interpreter, not a witness."""

    role: PersonRole
    came_at: datetime.datetime | None = None  # None with a known leaving time: there from the beginning
    left_at: datetime.datetime | None = None  # None with a known coming time: never left
    was_there_at_decision: bool | None = None  # asked where neither time is known
    asked_to_leave_at: datetime.datetime | None = None
    would_not_leave: bool | None = None
    sent_the_patient: bool | None = None
    pays: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TeachBackFacts:
    """One question by which understanding was checked."""

    key: str
    attempts: int | None = None
    seconds: float | None = None
    was_answered_by_companion: bool | None = None  # or prompted by one
    was_repeated_alone: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class InterpreterFacts:
    """Who interpreted."""

    is_qualified: bool | None
    came_at: datetime.datetime | None
    ties: frozenset[InterpreterTie] | None  # None = not asked


@dataclass(frozen=True, kw_only=True, slots=True)
class StateSpan:
    """A stretch in which the patient was in a state of CR-007 (with its 24 hours, where the state has them)."""

    state: SigningState
    span: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class TextFacts:
    """Something staff wrote: a note, a message, a reason for an appointment. Never shown back in a signal."""

    kind: str
    text: str
    written_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class VisitFacts:
    """One visit of one patient about one procedure."""

    at: datetime.datetime
    time_zone: str
    category: ProcedureCategory
    bars: Bars = NO_BARS
    # the decision
    decided_at: datetime.datetime | None = None
    decision: Decision = Decision.PERMIT
    event_times: tuple[datetime.datetime, ...] = ()  # every step of the decision: shown, asked, decided, confirmed
    decided_together: tuple[ProcedureCategory, ...] | None = None  # kinds of care under this one signature
    dependents: tuple[str, ...] = ()  # kinds of things (order, price, appointment, paper) that point at this consent
    texts: tuple[TextFacts, ...] = ()
    # from the offer to the start
    is_elective: bool | None = None
    arrived_at: datetime.datetime | None = None
    first_offered_at: datetime.datetime | None = None
    start_at: datetime.datetime | None = None
    confirmed_at: datetime.datetime | None = None
    was_alone_at_confirmation: bool | None = None
    # the text
    opened_at: datetime.datetime | None = None
    words: int | None = None  # of a text in words
    characters: int | None = None  # of a text in Chinese characters
    audio_seconds: float | None = None  # where the sheet was read aloud: instead of words and characters
    digest_shown: str | None = None
    digest_signed: str | None = None
    digest_at_start: str | None = None
    written_on_at: tuple[datetime.datetime, ...] = ()
    alternatives: tuple[AlternativeSeen, ...] | None = None
    # the talk
    companions: tuple[CompanionFacts, ...] = ()
    alone: tuple[Span, ...] | None = None
    minutes_alone: int | None = None  # where no times were taken
    teach_backs: tuple[TeachBackFacts, ...] = ()
    patient_languages: tuple[str, ...] = ()
    spoken_language: str = ""
    text_language: str = ""
    interpreter: InterpreterFacts | None = None
    signing_states: tuple[SigningState, ...] | None = None  # as asked at signing
    state_spans: tuple[StateSpan, ...] | None = None  # from the clinical timeline


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionFacts:
    """A yes, or a no (a refusal or a taking back)."""

    decided_at: datetime.datetime
    decision: Decision


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferMade:
    """One time the matter was raised, or an attempt that was refused."""

    offered_at: datetime.datetime
    by_patient: bool | None
    has_new_fact: bool = False  # carried by a new clinical fact of another clinician, not used before (CR-084)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactFacts:
    """Staff reached out, or tried to."""

    made_at: datetime.datetime
    channel: ContactChannel
    by_patient: bool | None  # the patient had asked for it
    is_about_this: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class PregnancyTestFacts:
    """One pregnancy test. A reason that is not recorded is none."""

    ordered_at: datetime.datetime
    by_patient: bool | None
    reason: ReasonForTest | None
    result_at: datetime.datetime | None = None
    is_positive: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BookingFacts:
    """A booking of a procedure of this category."""

    booked_at: datetime.datetime
    by_patient: bool | None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovalFacts:
    """A wish to have a device out."""

    asked_at: datetime.datetime
    ended_at: datetime.datetime | None = None  # removed, or she decided to keep it
    deferred_at: tuple[datetime.datetime, ...] = ()
    denied_at: datetime.datetime | None = None
    is_contraindicated: bool | None = None  # a clinical reason, shared by a second clinician; None = not known


@dataclass(frozen=True, kw_only=True, slots=True)
class WithdrawalFacts:
    """Taking back: when she asked, and when it took effect."""

    asked_at: datetime.datetime
    effective_at: datetime.datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class AfterAnswer:
    """What she said in private, weeks after."""

    procedure_at: datetime.datetime
    answered_at: datetime.datetime
    was_pushed: bool | None  # towards a yes or a no
    told: int | None  # of the four things


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryFacts:
    """One patient and one kind of procedure, over time."""

    at: datetime.datetime
    time_zone: str
    category: ProcedureCategory
    bars: Bars = NO_BARS
    decisions: tuple[DecisionFacts, ...] = ()
    offers: tuple[OfferMade, ...] = ()
    contacts: tuple[ContactFacts, ...] = ()
    request_sources: tuple[RequestSource, ...] = ()  # all ever named; what was said once stays said
    was_repeated_alone: bool | None = None
    tests: tuple[PregnancyTestFacts, ...] = ()
    bookings: tuple[BookingFacts, ...] = ()
    removals: tuple[RemovalFacts, ...] = ()
    withdrawals: tuple[WithdrawalFacts, ...] = ()
    answers: tuple[AfterAnswer, ...] = ()
