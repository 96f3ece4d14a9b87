"""Forms about patients: finding, registering, the card and its PIN."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import NOT_REMEMBERED, HouseForm, KeyedForm, day_field
from clinic.languages import LANGUAGE_NAMES
from clinic.vocabulary import AccessNeed, SafeContact
from clinic.wording import ACCESS_NEED_WORDS, SAFE_CONTACT_WORDS, word_choices

ISO_HINT = _("Year, month, day: for example 1990-12-31.")
LANGUAGE_CHOICES = [("", "–"), *LANGUAGE_NAMES.items()]
LANGUAGE_FIELDS = ("first_language", "second_language", "third_language")
NONE_OF_THESE = "none"
PIN_ATTRS = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}


class PatientSearchForm(HouseForm):
    """Two identifiers: a part of the name, and the birth date."""

    takes_any_sign = True

    name_part = forms.CharField(
        label=_("Name, or a part of it"), max_length=200, widget=forms.TextInput(attrs=NOT_REMEMBERED)
    )
    birth_date = day_field(_("Birth date"), help_text=ISO_HINT)


class CardSearchForm(HouseForm):
    """The code on the patient's card."""

    takes_any_sign = True

    card_code = forms.CharField(
        label=_("Code on the card"), max_length=20, widget=forms.TextInput(attrs=NOT_REMEMBERED)
    )


def _access_needs_field(*, help_text: Any, required: bool) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Does anything keep the patient from reading or hearing an information sheet?"),
        help_text=help_text,
        choices=[(NONE_OF_THESE, _("None of these")), *word_choices(ACCESS_NEED_WORDS)],
        widget=forms.CheckboxSelectMultiple,
        required=required,
    )


def _needs_among(chosen: list[str]) -> list[AccessNeed] | None:
    if NONE_OF_THESE in chosen and len(chosen) > 1:
        raise forms.ValidationError(_("Tick either “None of these” or what is so."))
    needs = [AccessNeed(code) for code in chosen if code != NONE_OF_THESE]
    return needs if chosen else None


class AccessNeedsForm(HouseForm):
    """What the patient answered when asked about reading and hearing."""

    access_needs = _access_needs_field(help_text=_("Ask the patient, and tick what is so."), required=True)

    def clean_access_needs(self) -> list[AccessNeed] | None:
        return _needs_among(self.cleaned_data["access_needs"])


def chosen_languages(form: forms.Form, cleaned: dict[str, Any]) -> list[str]:
    """The languages of the three boxes, in their order; one that is chosen twice gets its sentence."""
    chosen: list[str] = []
    for name in LANGUAGE_FIELDS:
        code = cleaned.get(name)
        if code and code in chosen:
            form.add_error(name, _("Choose each language once."))
        elif code:
            chosen.append(code)
    return chosen


class PatientForm(KeyedForm):
    """Who the patient is. Only a name, a birth date and one language are needed."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("As the patient writes it, in any script."),
        max_length=200,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    latin_name = forms.CharField(
        label=_("Name in Latin letters (if it helps)"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    birth_date = day_field(_("Birth date"), help_text=ISO_HINT)
    first_language = forms.ChoiceField(label=_("Language the patient understands best"), choices=LANGUAGE_CHOICES)
    second_language = forms.ChoiceField(label=_("Second language"), choices=LANGUAGE_CHOICES, required=False)
    third_language = forms.ChoiceField(label=_("Third language"), choices=LANGUAGE_CHOICES, required=False)
    communication_needs = forms.CharField(
        label=_("What helps the patient to understand and be understood (if anything)"),
        help_text=_("For example: large print, reads lips, someone reads aloud."),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, **NOT_REMEMBERED}),
    )
    access_needs = _access_needs_field(
        help_text=_("Ask, if you can. Leave all empty when you have not asked."), required=False
    )
    safe_contact = forms.TypedChoiceField(
        label=_("How may the clinic contact the patient without danger?"),
        choices=word_choices(SAFE_CONTACT_WORDS),
        coerce=SafeContact,
        widget=forms.RadioSelect,
    )
    contact_detail = forms.CharField(
        label=_("Number or address that is safe to use"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    has_looked = forms.BooleanField(
        label=_("I have looked: this is someone else"), required=False, widget=forms.HiddenInput
    )

    def clean_access_needs(self) -> list[AccessNeed] | None:
        """The needs; none when asked and nothing is so; None when nobody asked."""
        return _needs_among(self.cleaned_data["access_needs"])

    def show_look_alike_question(self) -> None:
        """Ask on the page whether the desk has looked at the patients who look alike."""
        self.fields["has_looked"].widget = forms.CheckboxInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["languages"] = chosen_languages(self, cleaned)
        return cleaned


class PinForm(HouseForm):
    """The PIN, typed twice by the patient herself."""

    pin = forms.CharField(
        label=_("PIN: six digits that only the patient knows"),
        help_text=_("The patient types this. Staff look away."),
        widget=forms.PasswordInput(attrs=PIN_ATTRS),
    )
    pin_again = forms.CharField(label=_("The same PIN again"), widget=forms.PasswordInput(attrs=PIN_ATTRS))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("pin"), cleaned.get("pin_again")
        if first and second and first != second:
            self.add_error("pin_again", _("The two PINs are not the same. Type both again."))
        return cleaned


class CardSignInForm(HouseForm):
    """Card code and PIN."""

    takes_any_sign = True

    card_code = forms.CharField(
        label=_("Code on your card"),
        help_text=_("Eight letters and digits. Capital or small letters do not matter."),
        max_length=20,
        widget=forms.TextInput(attrs={**NOT_REMEMBERED, "autocapitalize": "characters", "spellcheck": "false"}),
    )
    pin = forms.CharField(label=_("Your PIN"), max_length=6, widget=forms.PasswordInput(attrs=PIN_ATTRS))
