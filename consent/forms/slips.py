"""What anybody may hand in to be checked: typed or scanned text, or a file."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm

LARGEST_UPLOAD = 500_000  # bytes; a proof file has a few thousand


class SlipCheckForm(HouseForm):
    """The text of a slip, or one of its files. Nothing else is asked, no name and no reason."""

    takes_any_sign = True

    text = forms.CharField(
        label=_("Text of the slip"),
        help_text=_("Copy it, type it, or scan the code with a phone and paste what it says. It begins with FG."),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or the file of the proof"), required=False)

    def clean(self) -> None:
        """One of the two, and not too large."""
        super().clean()
        file = self.cleaned_data.get("file")
        if file is not None and file.size > LARGEST_UPLOAD:
            raise ValidationError(_("This file is too large to be a proof."))
        if file is None and not (self.cleaned_data.get("text") or "").strip():
            raise ValidationError(_("Give the text of a slip, or a file."))

    def data_handed_in(self) -> bytes:
        """The bytes to check."""
        file = self.cleaned_data.get("file")
        return bytes(file.read()) if file is not None else self.cleaned_data["text"].encode("utf-8", "surrogatepass")
