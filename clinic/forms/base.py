"""What every form of the house shares: plain text, a place for an action's refusal, a key against the double click."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.exceptions import ClinicError
from clinic.forms.plain import plain_data
from clinic.printable import why_not_printable

STALE = _("This page is not complete any more. Load it again.")
NOT_REMEMBERED = {"autocomplete": "off"}  # clinic computers are shared


class HouseForm(forms.Form):
    """A form that reads plain text only, says which sign of it no paper could show, and why an action refused."""

    takes_any_sign = False  # True where nothing may stand in the way of a word, or where it never stands on her paper
    refusal: ClinicError | None = None

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(None if data is None else plain_data(data), *args, **kwargs)

    def full_clean(self) -> None:
        """Clean as Django does, then refuse a sign that no paper could show."""
        super().full_clean()
        if self.takes_any_sign or not self.is_bound:
            return
        for name, text in list(self._typed()):
            has_several_lines = isinstance(self.fields[name].widget, forms.Textarea)
            sentence = why_not_printable(text, several_lines=has_several_lines)
            if sentence is not None:
                self.add_error(name, sentence)

    def _typed(self) -> Iterator[tuple[str, str]]:
        """The texts that a person typed and could see."""
        for name, field in self.fields.items():
            text, widget = self.cleaned_data.get(name), field.widget
            if isinstance(text, str) and isinstance(widget, forms.TextInput | forms.Textarea) and not widget.is_hidden:
                yield name, text

    def add_refusal(self, error: ClinicError) -> None:
        """Put the action's sentence at the field it names, or above the form."""
        self.refusal = error
        field = error.field if error.field in self.fields else None
        self.add_error(field, error.message)


class KeyedForm(HouseForm):
    """A form whose second click is recognised: the key is made with the page and sent back with it."""

    form_key = forms.UUIDField(
        widget=forms.HiddenInput, initial=uuid.uuid4, error_messages={"required": STALE, "invalid": STALE}
    )


def day_field(label: object, *, help_text: object = "") -> forms.DateField:
    """One day, typed as 2026-03-31. A browser's own date box may turn day and month round: wrong for a birth date."""
    return forms.DateField(
        error_messages={
            "invalid": _("Write the day as year, month, day: for example 1990-12-31."),
            "required": _("Write the day as year, month, day: for example 1990-12-31."),
        },
        label=label,  # type: ignore[arg-type]  # lazy words are fine
        help_text=help_text,  # type: ignore[arg-type]
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "text", "inputmode": "numeric", "size": 12, **NOT_REMEMBERED}
        ),
    )
