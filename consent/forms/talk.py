"""The conversation as it is typed: one thing on each page, in the order of the talk; and all of it at the end.

What is half filled in is asked for, field by field. Nothing is required that the clinician may not know.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from consent.forms.talk_fields import COMPANION, NONE_OF_THESE, field_named
from consent.forms.talk_reading import read_talk
from consent.queries.talk_pages import AskedOnSheet
from consent.rules import talk_clock
from consent.rules.talk_steps import PEOPLE, QUESTIONS, TalkStep
from consent.talk_input import ConversationInput

PERSON_PARTS = ("name", "left", "asked")


def as_sent(answers: Mapping[str, str | list[str]]) -> MultiValueDict[str, str]:
    """Kept answers in the shape in which a browser sends them."""
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in answers.items()})


class TalkForm(HouseForm):
    """Answers of a talk: what belongs together is filled in together."""

    sheet: AskedOnSheet

    def check_pairs(self, cleaned: dict[str, Any]) -> None:
        """Add a sentence at each field that is missing beside one that is filled."""
        self._check_interpreter(cleaned)
        for number in range(1, PEOPLE + 1):
            self._check_person(cleaned, number)
        for number in range(1, QUESTIONS + 1):
            self._check_question(cleaned, number)
        for number in range(1, len(self.sheet.teach_backs) + 1):
            self._check_teach_back(cleaned, number)
        states = cleaned.get("signing_states") or []
        if NONE_OF_THESE in states and len(states) > 1:
            self.add_error("signing_states", _("Tick either “None of these” or the states that are so."))

    def _check_interpreter(self, cleaned: dict[str, Any]) -> None:
        is_described = cleaned.get("interpreter_name") or cleaned.get("interpreter_organisation")
        if is_described and not cleaned.get("interpreter_qualification"):
            self.add_error("interpreter_qualification", _("Choose who interpreted, or empty the name."))

    def _check_person(self, cleaned: dict[str, Any], number: int) -> None:
        is_described = any(cleaned.get(f"person_{number}_{part}") not in {None, ""} for part in PERSON_PARTS)
        if is_described and not cleaned.get(f"person_{number}_role"):
            self.add_error(f"person_{number}_role", _("Choose who this person was."))

    def _check_question(self, cleaned: dict[str, Any], number: int) -> None:
        question, answer = cleaned.get(f"question_{number}"), cleaned.get(f"answer_{number}")
        if question and not answer:
            self.add_error(f"answer_{number}", _("Write what you answered."))
        if answer and not question:
            self.add_error(f"question_{number}", _("Write what the patient asked."))

    def _check_teach_back(self, cleaned: dict[str, Any], number: int) -> None:
        names = [f"teach_back_{number}_{part}" for part in ("answer", "understood", "by")]
        answer, is_understood, by = (cleaned.get(name) for name in names)
        if answer and is_understood is None:
            self.add_error(names[1], _("Say whether the patient understood."))
        if is_understood is not None and not answer:
            self.add_error(names[0], _("Write the answer in the patient's own words."))
        if answer and not by:
            self.add_error(names[2], _("Say who answered."))


class TalkPageForm(TalkForm):
    """The answers of one page."""

    def __init__(self, *args: Any, step: TalkStep, sheet: AskedOnSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.step = sheet, step
        for name in step.all_fields:
            self.fields[name] = field_named(name, sheet)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_pairs(cleaned)
        return cleaned

    def answers(self) -> dict[str, str | list[str]]:
        """Everything on this page as it was typed, readable or not."""
        return {name: _as_typed(self.data, name, field) for name, field in self.fields.items()}


def _as_typed(data: Mapping[str, Any], name: str, field: forms.Field) -> str | list[str]:
    if isinstance(field, forms.MultipleChoiceField) and isinstance(data, MultiValueDict):
        return data.getlist(name)
    return str(data.get(name, ""))


class ConversationForm(TalkForm, KeyedForm):
    """The whole talk: every page's answers together, and what the server's clock noted."""

    def __init__(
        self,
        *args: Any,
        steps: Sequence[TalkStep],
        sheet: AskedOnSheet,
        marks: talk_clock.Marks,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.marks = sheet, marks
        for step in steps:
            for name in step.all_fields:
                self.fields[name] = field_named(name, sheet)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_pairs(cleaned)
        is_open = talk_clock.is_running(self.marks, talk_clock.ALONE)
        if is_open and cleaned.get("minutes_alone") is None:
            self.add_error(None, _("The clock for the time alone is still running. Stop it first."))
        return cleaned

    def talk(self) -> ConversationInput:
        """The talk as the action takes it. Of a form that is not valid: what of it can be read."""
        return read_talk(self.cleaned_data, sheet=self.sheet, marks=self.marks, companion=COMPANION)
