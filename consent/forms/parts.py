"""Small pieces that several forms of this floor share."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.wording import word_choices

Words = Any  # plain or lazily translated; Django has no public name for the latter
LONGEST_TEXT = 2000
AREA = forms.Textarea(attrs={"rows": 3})
YES_NO = (("yes", _("Yes")), ("no", _("No")))
YES_NO_VALUES = {"yes": True, "no": False}


def short_text(label: Words) -> forms.CharField:
    """An optional line of text that the browser does not remember: tablets are shared."""
    return forms.CharField(
        label=label, max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def coded(label: Words, words: Mapping[Any, Any]) -> forms.ChoiceField:
    """An optional choice from a closed list, empty until chosen."""
    return forms.ChoiceField(label=label, choices=[("", _("Choose")), *word_choices(words)], required=False)


def yes_no_choice(label: Words) -> forms.TypedChoiceField:
    """Yes, no, or nothing chosen, which becomes None: not known."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("Not known")), *YES_NO],
        coerce=YES_NO_VALUES.__getitem__,
        empty_value=None,
        required=False,
    )


def yes_no_question(label: Words) -> forms.TypedChoiceField:
    """A question that has to be answered with yes or no; neither is ticked beforehand."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO, coerce=YES_NO_VALUES.__getitem__, widget=forms.RadioSelect
    )


def yes_no_if_known(label: Words, *, help_text: Words = "") -> forms.TypedChoiceField:
    """Yes, no, or neither ticked, which becomes None: not recorded."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=YES_NO,
        coerce=YES_NO_VALUES.__getitem__,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )


def several(label: Words, words: Mapping[Any, Any], *, help_text: Words = "") -> forms.MultipleChoiceField:
    """Boxes of a closed list; none ticked means: not recorded."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        choices=word_choices(words),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def free_text(label: Words, *, help_text: Words = "") -> forms.CharField:
    """An optional text of several lines."""
    return forms.CharField(label=label, help_text=help_text, max_length=LONGEST_TEXT, required=False, widget=AREA)
