"""Asking for an erasure: who it is about, why, and the file number. No words about the patient."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import KeyedForm
from clinic.forms.base import day_field
from clinic.wording import word_choices
from consent.vocabulary import ErasureBasis
from consent.wording import ERASURE_BASIS_WORDS


def _line(label: object, *, help_text: object = "") -> forms.CharField:
    """A line of text that must be there and that the browser does not remember."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy words are fine
        help_text=help_text,  # type: ignore[arg-type]
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ErasureForm(KeyedForm):
    """The patient is named exactly, so that nobody can look around among patients here."""

    takes_any_sign = True

    name = _line(_("Patient's name, exactly as registered"))
    birth_date = day_field(_("Patient's birth date"))
    basis = forms.TypedChoiceField(
        label=_("Why the data must go"),
        choices=word_choices(ERASURE_BASIS_WORDS),
        coerce=ErasureBasis,
        widget=forms.RadioSelect,
    )
    authority = _line(
        _("File number of the letter or decision"),
        help_text=_("Letters, figures and . _ : / + - only; no name. It stays readable for good."),
    )
