"""What anybody may hand in to have a slip checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.forms.handed_in import HandedInForm

LARGEST_UPLOAD = 500_000  # bytes; a proof file has a few thousand


class SlipCheckForm(HandedInForm):
    """The text of a slip, or one of its files."""

    largest = LARGEST_UPLOAD
    too_large = _("This file is too large to be a proof.")
    nothing = _("Give the text of a slip, or a file.")

    text = forms.CharField(
        label=_("Text of the slip"),
        help_text=_("Copy it, type it, or scan the code with a phone and paste what it says. It begins with FG."),
        required=False,
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(label=_("Or the file of the proof"), required=False)
