"""What is typed about a correction: what is wrong, what it should say, and the answer."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.forms.base import NOT_REMEMBERED, day_field
from clinic.forms.patients import ISO_HINT, LANGUAGE_CHOICES, chosen_languages
from clinic.vocabulary import SafeContact
from clinic.wording import SAFE_CONTACT_WORDS, word_choices
from consent.forms.parts import AREA, LONGEST_TEXT, short_text
from consent.vocabulary import CorrectionOutcome
from consent.wording_voice import CORRECTION_OUTCOME_WORDS


class CorrectionForm(KeyedForm):
    """The patient's wish."""

    about = forms.UUIDField(label=_("Where is the mistake?"), required=False)
    wrong = forms.CharField(label=_("What is wrong?"), max_length=LONGEST_TEXT, widget=AREA)
    should_say = forms.CharField(label=_("What should it say?"), max_length=LONGEST_TEXT, widget=AREA)

    def __init__(self, *args: Any, places: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.UUIDField, self.fields["about"]).widget = forms.Select(choices=list(places))


class CorrectionAnswerForm(HouseForm):
    """The clinic's answer, in words for the patient."""

    outcome = forms.TypedChoiceField(
        label=_("What is the answer?"),
        choices=word_choices(CORRECTION_OUTCOME_WORDS),
        coerce=CorrectionOutcome,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("How it was corrected; or why not"),
        help_text=_("In plain words: the patient reads this."),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )


class DetailsAnswerForm(CorrectionAnswerForm):
    """The answer to a wish about the patient's details, with all of them as they should be."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As the patient writes it, in any script."),
        max_length=200,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    latin_name = short_text(_("Name in Latin letters (if it helps)"))
    birth_date = day_field(_("Birth date"), help_text=ISO_HINT)
    first_language = forms.ChoiceField(label=_("Language the patient understands best"), choices=LANGUAGE_CHOICES)
    second_language = forms.ChoiceField(label=_("Second language"), choices=LANGUAGE_CHOICES, required=False)
    third_language = forms.ChoiceField(label=_("Third language"), choices=LANGUAGE_CHOICES, required=False)
    safe_contact = forms.TypedChoiceField(
        label=_("How may the clinic contact the patient without danger?"),
        choices=word_choices(SAFE_CONTACT_WORDS),
        coerce=SafeContact,
        widget=forms.RadioSelect,
    )
    contact_detail = short_text(_("Number or address that is safe to use"))

    def clean(self) -> dict[str, Any]:
        """The details count only where the wish is granted: otherwise nothing that stands there can be in the way."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == CorrectionOutcome.NOT_CORRECTED:
            for name in set(self.errors) - set(CorrectionAnswerForm.base_fields):
                del self.errors[name]
            return cleaned
        cleaned["languages"] = chosen_languages(self, cleaned)
        return cleaned
