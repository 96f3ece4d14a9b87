"""Forms about offering: which sheet, for whom, and what has to be asked before it may be offered at all.

A question is on the page only where the rules need its answer. Nothing is ticked beforehand.
"""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.wording import word_choices
from consent.forms.parts import AREA, LONGEST_TEXT
from consent.queries.offers import OfferQuestions
from consent.vocabulary import ExcludedSubject, Purpose, ReadingAid, RequestSource
from consent.wording_talk import EXCLUDED_SUBJECT_WORDS, PURPOSE_WORDS, READING_AID_WORDS, REQUEST_SOURCE_WORDS

NONE_OF_THESE = "none"


class OfferForm(KeyedForm):
    """The language of the sheet, and the questions that this kind of care or this patient brings with it."""

    language = forms.ChoiceField(label=_("Language of the sheet"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, questions: OfferQuestions, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = list(questions.languages)
        chosen = self.data.get(self.add_prefix("language"))
        is_unreadable = chosen is not None and chosen not in questions.readable
        if questions.asks_reading_aid or not questions.readable or is_unreadable:
            self.fields["reading_aid"] = _reading_aid()
        if questions.asks_excluded:
            self.fields["excluded_as"] = _excluded_as()
        if questions.asks_purpose:
            self.fields["purpose"] = _purpose()

    def clean_excluded_as(self) -> tuple[ExcludedSubject, ...]:
        chosen = self.cleaned_data["excluded_as"]
        if NONE_OF_THESE in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Tick either “None of these” or what is so."))
        return tuple(ExcludedSubject(code) for code in chosen if code != NONE_OF_THESE)


class ProposeForm(OfferForm):
    """Which sheet the patient gets to read, and who first raised the idea."""

    request_source = forms.TypedChoiceField(
        label=_("Who first raised the idea of this procedure?"),
        choices=word_choices(REQUEST_SOURCE_WORDS),
        coerce=RequestSource,
        widget=forms.RadioSelect,
    )
    field_order = ("language", "request_source")


class SupersedeForm(OfferForm):
    """The language of the newer sheet."""


class ClinicalFactForm(HouseForm):
    """Something new about the patient's health since the no."""

    fact = forms.CharField(
        label=_("What is new about the patient's health?"),
        help_text=_(
            "Only a fact that nobody could know when the patient said no. Not a wish, not a plan, not a request."
        ),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )


def _reading_aid() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("How does the sheet reach the patient?"),
        help_text=_("Ask the patient. A sheet that somebody cannot read or hear tells nothing."),
        choices=word_choices(READING_AID_WORDS),
        coerce=ReadingAid,
        widget=forms.RadioSelect,
    )


def _excluded_as() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Is one of these so for the patient now?"),
        help_text=_("Nobody may take this consent from someone of whom it is so. Ask, and tick what you found."),
        choices=[(NONE_OF_THESE, _("None of these")), *word_choices(EXCLUDED_SUBJECT_WORDS)],
        widget=forms.CheckboxSelectMultiple,
    )


def _purpose() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("What is the operation for?"),
        choices=word_choices(PURPOSE_WORDS),
        coerce=Purpose,
        widget=forms.RadioSelect,
    )
