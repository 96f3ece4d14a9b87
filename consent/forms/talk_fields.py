"""Every answer that a talk can take, made by name, so that a page has only those it asks for.

Nothing is required that the clinician may not know: what stays empty is recorded as not known, and the gate says what
is still missing.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.wording import word_choices
from consent.forms.parts import Words, coded, free_text, several, short_text, yes_no_choice, yes_no_if_known
from consent.queries.talk_pages import AskedOnSheet
from consent.wording_talk import (
    CAPACITY_WORDS,
    INTERPRETER_WORDS,
    PERSON_ROLE_WORDS,
    READING_AID_WORDS,
    REFERRAL_WORDS,
    REQUEST_SOURCE_WORDS,
    SIGNING_STATE_WORDS,
)

NONE_OF_THESE = "none"
PATIENT, COMPANION = "patient", "companion"


def _spoken_language(sheet: AskedOnSheet) -> forms.Field:
    return forms.ChoiceField(
        label=_("Language you spoke together"), choices=[("", _("Choose")), *sheet.spoken_languages]
    )


def _minutes_alone(_sheet: AskedOnSheet) -> forms.Field:
    return forms.IntegerField(
        label=_("Minutes alone with the patient, if the clock here did not run"),
        help_text=_(
            "Nobody else in the room except an interpreter. Leave this empty when you used the clock, or do not know."
        ),
        min_value=0,
        max_value=600,
        required=False,
    )


def _request_source(_sheet: AskedOnSheet) -> forms.Field:
    return forms.ChoiceField(
        label=_("Who first raised the idea of this procedure?"),
        choices=word_choices(REQUEST_SOURCE_WORDS),
        widget=forms.RadioSelect,
    )


def _one_of(label: Words, words: Mapping[Any, Any]) -> Callable[[AskedOnSheet], forms.Field]:
    return lambda _sheet: forms.ChoiceField(
        label=label,
        choices=word_choices(words),
        widget=forms.RadioSelect,
        required=False,
    )


def _signing_states(_sheet: AskedOnSheet) -> forms.Field:
    return forms.MultipleChoiceField(
        label=_("Is the patient in any of these states now?"),
        help_text=_("Ask and look. Tick “None of these” when you have asked and none is so."),
        choices=[(NONE_OF_THESE, _("None of these")), *word_choices(SIGNING_STATE_WORDS)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


SINGLE: Mapping[str, Callable[[AskedOnSheet], forms.Field]] = {
    "spoken_language": _spoken_language,
    "interpreter_qualification": lambda _sheet: forms.ChoiceField(
        label=_("Who interpreted?"),
        choices=[("", _("Nobody; we share a language")), *word_choices(INTERPRETER_WORDS)],
        required=False,
    ),
    "interpreter_name": lambda _sheet: short_text(_("Name or number of the interpreter")),
    "interpreter_organisation": lambda _sheet: short_text(_("Organisation of the interpreter")),
    "interpreter_is_companion": lambda _sheet: yes_no_choice(_("Did the interpreter come with the patient?")),
    "reading_aids": lambda _sheet: several(
        _("How did the sheet reach the patient?"),
        READING_AID_WORDS,
        help_text=_("Tick everything that was done."),
    ),
    "companion_would_not_leave": lambda _sheet: yes_no_if_known(
        _("Did anyone refuse to leave when you asked for time alone?"),
        help_text=_("If so, the advocate is asked to look before anything goes on."),
    ),
    "minutes_alone": _minutes_alone,
    "no_loss_spoken": lambda _sheet: yes_no_if_known(
        _("Did you say this aloud before anything else?"),
        help_text=_(
            "Say it before anything else: “You can say no, or stop at any time. Nothing else in your care changes, and "
            "you lose nothing.”"
        ),
    ),
    "was_live": lambda _sheet: yes_no_if_known(
        _("Did you explain it yourself, face to face or on a line?"),
        help_text=_("Not by handing over a paper alone."),
    ),
    "anaesthetic_told": lambda _sheet: yes_no_if_known(
        _("Did you tell what kind of anaesthetic it is, and what it may do?")
    ),
    "health_questions_asked": lambda _sheet: yes_no_if_known(
        _("Did you ask the health questions and write the answers into the record?")
    ),
    "witness_offered": lambda _sheet: yes_no_if_known(
        _("Did you offer the patient a witness of her or his own choice?")
    ),
    "referral": _one_of(_("Did anyone send the patient to you for this?"), REFERRAL_WORDS),
    "request_repeated_alone": lambda _sheet: yes_no_if_known(
        _("Did the patient, alone with you, ask for this in her or his own words?")
    ),
    "request_source": _request_source,
    "capacity": _one_of(_("Can the patient decide this now?"), CAPACITY_WORDS),
    "capacity_note": lambda _sheet: free_text(
        _("If you are in doubt: what you saw, and what help was given"),
        help_text=_("A doubt is looked at closely on a page of its own."),
    ),
    "signing_states": _signing_states,
    "what_matters": lambda _sheet: free_text(
        _("What matters to the patient?"),
        help_text=_("In the patient's own words, as far as the patient wants this written down."),
    ),
}

PERSON: Mapping[str, Callable[[], forms.Field]] = {
    "role": lambda: coded(_("Who was it?"), PERSON_ROLE_WORDS),
    "name": lambda: short_text(_("Name, if given")),
    "left": lambda: yes_no_choice(_("Left the room before the signing?")),
    "asked": lambda: yes_no_choice(_("Did the patient, when alone, ask for this person to be there?")),
}


def field_named(name: str, sheet: AskedOnSheet) -> forms.Field:
    """The field of one answer. **Takes** a name as `consent.rules.talk_steps` writes it."""
    if name in SINGLE:
        return SINGLE[name](sheet)
    kind, _mark, rest = name.partition("_")
    if kind == "person":
        return PERSON[rest.partition("_")[2]]()
    if kind in {"question", "answer"}:
        return free_text(_("What the patient asked") if kind == "question" else _("What you answered"))
    number, part = name.removeprefix("teach_back_").split("_")
    return _own_words(part, *sheet.teach_backs[int(number) - 1][1:])


def _own_words(part: str, question: str, listen_for: str) -> forms.Field:
    if part == "answer":
        return free_text(question, help_text=listen_for)
    if part == "understood":
        return yes_no_if_known(_("Understood?"))
    return forms.ChoiceField(
        label=_("Who answered?"),
        help_text=_("When someone else answered or helped, ask the patient again, alone."),
        choices=[(PATIENT, _("The patient")), (COMPANION, _("Someone else answered or helped"))],
        widget=forms.RadioSelect,
        required=False,
    )
