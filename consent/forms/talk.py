"""The conversation as it is typed: one page, in the order of the talk.

Nothing is required that the clinician may not know: what stays empty is recorded as not known, and the gate
says what is still missing. What is half filled in is asked for, field by field.
"""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import KeyedForm
from clinic.wording import word_choices
from consent.actions.inform import ConversationInput, PersonInput, TeachBackInput
from consent.forms.parts import AREA, LONGEST_TEXT, coded, short_text, yes_no_choice
from consent.forms.talk_groups import PEOPLE_ROWS, PERSON_PARTS, QUESTION_ROWS, Group, groups_of
from consent.queries.talk_pages import AskedOnSheet
from consent.vocabulary import Capacity, InterpreterQualification, PersonRole, RequestSource, SigningState
from consent.wording_talk import (
    CAPACITY_WORDS,
    INTERPRETER_WORDS,
    PERSON_ROLE_WORDS,
    REQUEST_SOURCE_WORDS,
    SIGNING_STATE_WORDS,
)

NONE_OF_THESE = "none"


class ConversationForm(KeyedForm):
    """What was said, who was there, what the patient asked and understood."""

    spoken_language = forms.ChoiceField(label=_("Language you spoke together"))
    interpreter_qualification = forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=[("", _("Nobody; we share a language")), *word_choices(INTERPRETER_WORDS)],
        required=False,
    )
    interpreter_name = short_text(_("Name or number of the interpreter"))
    interpreter_organisation = short_text(_("Organisation of the interpreter"))
    interpreter_is_companion = yes_no_choice(_("Did the interpreter come with the patient?"))
    minutes_alone = forms.IntegerField(
        label=_("Minutes you spoke with the patient alone"),
        help_text=_("Nobody else in the room except an interpreter. Leave empty if you do not know."),
        min_value=0,
        max_value=600,
        required=False,
    )
    request_source = forms.ChoiceField(
        label=_("Who first raised the idea of this procedure?"),
        choices=word_choices(REQUEST_SOURCE_WORDS),
        widget=forms.RadioSelect,
    )
    capacity = forms.ChoiceField(
        label=_("Can the patient decide this now?"),
        choices=word_choices(CAPACITY_WORDS),
        widget=forms.RadioSelect,
        required=False,
    )
    capacity_note = forms.CharField(
        label=_("If you looked closely or are in doubt: what you saw, and what help was given"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=AREA,
    )
    what_matters = forms.CharField(
        label=_("What matters to the patient?"),
        help_text=_("In the patient's own words, as far as the patient wants this written down."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=AREA,
    )

    def __init__(self, *args: Any, languages: Iterable[tuple[str, Any]], sheet: AskedOnSheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        spoken = cast(forms.ChoiceField, self.fields["spoken_language"])
        spoken.choices = [("", _("Choose")), *languages]
        self._add_people()
        self._add_sheet()
        self._add_questions()

    def _add_people(self) -> None:
        for number in range(1, PEOPLE_ROWS + 1):
            self.fields[f"person_{number}_role"] = coded(_("Who was it?"), PERSON_ROLE_WORDS)
            self.fields[f"person_{number}_name"] = short_text(_("Name, if given"))
            self.fields[f"person_{number}_left"] = yes_no_choice(_("Left the room before the signing?"))
            self.fields[f"person_{number}_asked"] = yes_no_choice(
                _("Did the patient, when alone, ask for this person to be there?")
            )

    def _add_sheet(self) -> None:
        if self.sheet.alternatives:
            self.fields["alternatives"] = forms.MultipleChoiceField(
                label=_("Which other choices did you open and talk about?"),
                help_text=_("Tick only those you really talked about, with their good and bad sides."),
                choices=list(self.sheet.alternatives),
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        for number, (_key, question, listen_for) in enumerate(self.sheet.teach_backs, start=1):
            self.fields[f"teach_back_{number}_answer"] = forms.CharField(
                label=question,
                help_text=listen_for,
                max_length=LONGEST_TEXT,
                required=False,
                widget=AREA,
            )
            self.fields[f"teach_back_{number}_understood"] = yes_no_choice(_("Understood?"))
        if self.sheet.asks_signing_states:
            self.fields["signing_states"] = forms.MultipleChoiceField(
                label=_("Is the patient in any of these states now?"),
                help_text=_("Ask and look. Tick “None of these” when you have asked and none is so."),
                choices=[(NONE_OF_THESE, _("None of these")), *word_choices(SIGNING_STATE_WORDS)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def _add_questions(self) -> None:
        for number in range(1, QUESTION_ROWS + 1):
            self.fields[f"question_{number}"] = forms.CharField(
                label=_("What the patient asked"), max_length=LONGEST_TEXT, required=False, widget=AREA
            )
            self.fields[f"answer_{number}"] = forms.CharField(
                label=_("What you answered"), max_length=LONGEST_TEXT, required=False, widget=AREA
            )

    def groups(self) -> Iterator[Group]:
        """The fields as the page shows them: fieldsets in the order of the talk."""
        return groups_of(self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self._check_interpreter(cleaned)
        for number in range(1, PEOPLE_ROWS + 1):
            self._check_person(cleaned, number)
        for number in range(1, QUESTION_ROWS + 1):
            self._check_question(cleaned, number)
        for number in range(1, len(self.sheet.teach_backs) + 1):
            self._check_teach_back(cleaned, number)
        states = cleaned.get("signing_states") or []
        if NONE_OF_THESE in states and len(states) > 1:
            self.add_error("signing_states", _("Tick either “None of these” or the states that are so."))
        return cleaned

    def _check_interpreter(self, cleaned: dict[str, Any]) -> None:
        is_described = cleaned.get("interpreter_name") or cleaned.get("interpreter_organisation")
        if is_described and not cleaned.get("interpreter_qualification"):
            self.add_error("interpreter_qualification", _("Choose who interpreted, or empty the name."))

    def _check_person(self, cleaned: dict[str, Any], number: int) -> None:
        is_described = any(cleaned.get(f"person_{number}_{part}") not in {None, ""} for part in PERSON_PARTS[1:])
        if is_described and not cleaned.get(f"person_{number}_role"):
            self.add_error(f"person_{number}_role", _("Choose who this person was."))

    def _check_question(self, cleaned: dict[str, Any], number: int) -> None:
        question, answer = cleaned.get(f"question_{number}"), cleaned.get(f"answer_{number}")
        if question and not answer:
            self.add_error(f"answer_{number}", _("Write what you answered."))
        if answer and not question:
            self.add_error(f"question_{number}", _("Write what the patient asked."))

    def _check_teach_back(self, cleaned: dict[str, Any], number: int) -> None:
        answer = cleaned.get(f"teach_back_{number}_answer")
        is_understood = cleaned.get(f"teach_back_{number}_understood")
        if answer and is_understood is None:
            self.add_error(f"teach_back_{number}_understood", _("Say whether the patient understood."))
        if is_understood is not None and not answer:
            self.add_error(f"teach_back_{number}_answer", _("Write the answer in the patient's own words."))

    def talk(self) -> ConversationInput:
        """The valid form as the action takes it."""
        data = self.cleaned_data
        interpreter, capacity = data["interpreter_qualification"], data["capacity"]
        return ConversationInput(
            spoken_language=data["spoken_language"],
            request_source=RequestSource(data["request_source"]),
            interpreter_name=data["interpreter_name"],
            interpreter_organisation=data["interpreter_organisation"],
            interpreter_qualification=InterpreterQualification(interpreter) if interpreter else None,
            interpreter_is_companion=data["interpreter_is_companion"] if interpreter else None,
            minutes_alone=data["minutes_alone"],
            people=self._people(),
            alternatives=tuple(data.get("alternatives", ())),
            questions=self._questions(),
            teach_backs=self._teach_backs(),
            capacity=Capacity(capacity) if capacity else None,
            capacity_note=data["capacity_note"],
            signing_states=self._signing_states(),
            what_matters=data["what_matters"],
        )

    def _people(self) -> tuple[PersonInput, ...]:
        data = self.cleaned_data
        return tuple(
            PersonInput(
                role=PersonRole(data[f"person_{number}_role"]),
                name=data[f"person_{number}_name"],
                left_before_signing=data[f"person_{number}_left"],
                asked_for_by_patient_alone=data[f"person_{number}_asked"],
            )
            for number in range(1, PEOPLE_ROWS + 1)
            if data[f"person_{number}_role"]
        )

    def _questions(self) -> tuple[tuple[str, str], ...]:
        data = self.cleaned_data
        return tuple(
            (data[f"question_{number}"], data[f"answer_{number}"])
            for number in range(1, QUESTION_ROWS + 1)
            if data[f"question_{number}"]
        )

    def _teach_backs(self) -> tuple[TeachBackInput, ...]:
        data = self.cleaned_data
        return tuple(
            TeachBackInput(
                key=key,
                answer=data[f"teach_back_{number}_answer"],
                is_understood=data[f"teach_back_{number}_understood"],
            )
            for number, (key, _question, _listen_for) in enumerate(self.sheet.teach_backs, start=1)
            if data[f"teach_back_{number}_answer"]
        )

    def _signing_states(self) -> tuple[SigningState, ...] | None:
        """None where nothing was ticked (not asked); empty where “None of these” was."""
        ticked = self.cleaned_data.get("signing_states")
        if not ticked:
            return None
        return tuple(SigningState(code) for code in ticked if code != NONE_OF_THESE)
