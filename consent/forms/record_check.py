"""What anybody may hand in to have a printed record checked."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consent.forms.handed_in import LARGEST_PAPER, HandedInForm
from consent.queries.record_check import code_in


class RecordCheckForm(HandedInForm):
    """The code of a record, or its file."""

    largest = LARGEST_PAPER
    too_large = _("This file is too large to be a record.")
    nothing = _("Give the code of a record, or its file.")

    text = forms.CharField(
        label=_("Code of the record"),
        help_text=_("Scan the square code with a phone and paste what it says, or type the 64 digits and letters."),
        required=False,
        max_length=1_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Or its file"),
        help_text=_("The PDF as the clinic gave it, or the file record.json from inside it. It is read and not kept."),
        required=False,
    )

    def clean_text(self) -> str:
        """A text that is typed has to be a code."""
        text = str(self.cleaned_data["text"])
        if text and code_in(text) is None:
            raise ValidationError(_("This is no code of a record: it has 64 characters, the digits and a to f."))
        return text

    def code(self) -> str | None:
        """The code, where no file was handed in."""
        if self.cleaned_data.get("file") is not None:
            return None
        return code_in(self.cleaned_data["text"])
