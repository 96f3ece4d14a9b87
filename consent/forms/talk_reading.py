"""Turns readable answers and the marks of the server's clock into the talk that is recorded."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from consent.forms.talk_fields import NONE_OF_THESE
from consent.queries.talk_pages import AskedOnSheet
from consent.rules import talk_clock
from consent.rules.talk_steps import PEOPLE, QUESTIONS
from consent.talk_input import AlternativeInput, ConversationInput, PersonInput, TeachBackInput
from consent.vocabulary import (
    Capacity,
    InterpreterQualification,
    PersonRole,
    ReadingAid,
    Referral,
    RequestSource,
    SigningState,
)

Code = TypeVar("Code", bound=StrEnum)
Cleaned = Mapping[str, Any]
AS_IT_IS = (
    "was_live",
    "no_loss_spoken",
    "anaesthetic_told",
    "health_questions_asked",
    "witness_offered",
    "companion_would_not_leave",
    "request_repeated_alone",
)
TEXTS = ("interpreter_name", "interpreter_organisation", "capacity_note", "what_matters")


def read_talk(cleaned: Cleaned, *, sheet: AskedOnSheet, marks: talk_clock.Marks, companion: str) -> ConversationInput:
    """The talk. What could not be read or was not asked is not known.

    **Takes** the cleaned answers; `companion` is the code that says who answered instead of the patient. Minutes that
    the clinician states go before those of the clock.
    """
    interpreter = _code(InterpreterQualification, cleaned.get("interpreter_qualification"))
    stated = cleaned.get("minutes_alone")
    timed = talk_clock.minutes(marks, talk_clock.ALONE)
    as_typed: dict[str, Any] = {name: cleaned.get(name) for name in AS_IT_IS}
    as_typed |= {name: cleaned.get(name) or "" for name in TEXTS}
    return ConversationInput(
        spoken_language=cleaned.get("spoken_language") or "",
        request_source=_code(RequestSource, cleaned.get("request_source")) or RequestSource.UNKNOWN,
        interpreter_qualification=interpreter,
        interpreter_is_companion=cleaned.get("interpreter_is_companion") if interpreter else None,
        sheet_opened_at=talk_clock.instant(marks, talk_clock.SHEET),
        reading_aids=_codes(ReadingAid, cleaned.get("reading_aids")),
        minutes_alone=timed if stated is None else stated,
        was_timed=stated is None and timed is not None,
        referral=_code(Referral, cleaned.get("referral")),
        people=_people(cleaned),
        alternatives=_alternatives(sheet, marks),
        questions=_questions(cleaned),
        teach_backs=_teach_backs(cleaned, sheet, marks, companion),
        capacity=_code(Capacity, cleaned.get("capacity")),
        signing_states=_codes(SigningState, cleaned.get("signing_states")),
        **as_typed,
    )


def _code(kind: type[Code], typed: str | None) -> Code | None:
    return kind(typed) if typed else None


def _codes(kind: type[Code], ticked: list[str] | None) -> tuple[Code, ...] | None:
    """None where nothing was ticked (not asked); empty where “None of these” was."""
    return tuple(kind(code) for code in ticked if code != NONE_OF_THESE) if ticked else None


def _people(cleaned: Cleaned) -> tuple[PersonInput, ...]:
    return tuple(
        PersonInput(
            role=PersonRole(cleaned[f"person_{number}_role"]),
            name=cleaned.get(f"person_{number}_name") or "",
            left_before_signing=cleaned.get(f"person_{number}_left"),
            asked_for_by_patient_alone=cleaned.get(f"person_{number}_asked"),
        )
        for number in range(1, PEOPLE + 1)
        if cleaned.get(f"person_{number}_role")
    )


def _alternatives(sheet: AskedOnSheet, marks: talk_clock.Marks) -> tuple[AlternativeInput, ...]:
    on_sheet = {key for key, _name in sheet.alternatives}
    return tuple(
        AlternativeInput(key=key, seconds_open=talk_clock.seconds(marks, talk_clock.choice(key)))
        for key in talk_clock.choices_opened(marks)
        if key in on_sheet
    )


def _questions(cleaned: Cleaned) -> tuple[tuple[str, str], ...]:
    return tuple(
        (cleaned[f"question_{number}"], cleaned[f"answer_{number}"])
        for number in range(1, QUESTIONS + 1)
        if cleaned.get(f"question_{number}") and cleaned.get(f"answer_{number}")
    )


def _teach_backs(
    cleaned: Cleaned, sheet: AskedOnSheet, marks: talk_clock.Marks, companion: str
) -> tuple[TeachBackInput, ...]:
    return tuple(
        TeachBackInput(
            key=key,
            answer=cleaned[f"teach_back_{number}_answer"],
            is_understood=cleaned[f"teach_back_{number}_understood"],
            attempts=max(1, talk_clock.times(marks, talk_clock.said(number))),
            answered_by_companion=cleaned.get(f"teach_back_{number}_by") == companion,
        )
        for number, (key, _question, _listen_for) in enumerate(sheet.teach_backs, start=1)
        if cleaned.get(f"teach_back_{number}_answer") and cleaned.get(f"teach_back_{number}_understood") is not None
    )
