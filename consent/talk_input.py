"""A talk as it was typed, before anybody recorded it. Plain values; the gate may look at them ahead of time.

>>> ConversationInput(spoken_language="en", request_source=RequestSource.PATIENT).minutes_alone is None  # not known
True
"""

import datetime
from dataclasses import dataclass

from consent.vocabulary import (
    Capacity,
    InterpreterQualification,
    PersonRole,
    ReadingAid,
    Referral,
    RequestSource,
    SigningState,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonInput:
    """Someone else in the room, as typed."""

    role: PersonRole
    name: str = ""
    left_before_signing: bool | None = None
    asked_for_by_patient_alone: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AlternativeInput:
    """Another choice that was opened, and for how long by the server's clock."""

    key: str
    seconds_open: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TeachBackInput:
    """One answer in the patient's own words, and how often it was asked for."""

    key: str
    answer: str
    is_understood: bool
    attempts: int = 1
    answered_by_companion: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ConversationInput:
    """The whole talk, as typed. None means: not recorded, which the gate counts as unmet."""

    spoken_language: str
    request_source: RequestSource
    interpreter_name: str = ""
    interpreter_organisation: str = ""
    interpreter_qualification: InterpreterQualification | None = None
    interpreter_is_companion: bool | None = None
    sheet_opened_at: datetime.datetime | None = None
    reading_aids: tuple[ReadingAid, ...] | None = None
    was_live: bool | None = None
    no_loss_spoken: bool | None = None
    anaesthetic_told: bool | None = None
    health_questions_asked: bool | None = None
    witness_offered: bool | None = None
    minutes_alone: int | None = None
    was_timed: bool = False  # the minutes alone, by the server's clock; else the clinician says so
    companion_would_not_leave: bool | None = None
    referral: Referral | None = None
    request_repeated_alone: bool | None = None
    people: tuple[PersonInput, ...] = ()
    alternatives: tuple[AlternativeInput, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    teach_backs: tuple[TeachBackInput, ...] = ()
    capacity: Capacity | None = None
    capacity_note: str = ""
    signing_states: tuple[SigningState, ...] | None = None
    what_matters: str = ""

    def staff_words(self) -> dict[str, str]:
        """What staff wrote in their own words, by the field it stands in. The patient's own words are not among it."""
        answers = {f"answer_{number}": answer for number, (_asked, answer) in enumerate(self.questions, start=1)}
        return {name: text for name, text in {**answers, "capacity_note": self.capacity_note}.items() if text}
