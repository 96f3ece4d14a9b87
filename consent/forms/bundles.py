"""What a patient puts into the archive she takes home: everything is ticked, and she takes out what she likes."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import KeyedForm
from consent.forms.copies import RecordLanguageForm
from consent.forms.parts import several
from consent.vocabulary import BundlePart
from consent.wording_voice import BUNDLE_PART_WORDS


class BundleForm(RecordLanguageForm, KeyedForm):
    """Each of her records, and the parts beside them, in the language of her choice."""

    records = forms.TypedMultipleChoiceField(
        label=_("My records"), coerce=uuid.UUID, widget=forms.CheckboxSelectMultiple, required=False
    )
    parts = several(_("What else"), BUNDLE_PART_WORDS)

    def __init__(self, *args: Any, decisions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = list(decisions)
        self.fields["language"].label = _("Language of the file")
        self.fields["language"].help_text = _(
            "A record that is not kept in this language comes in the one in which it was written down."
        )
        self.fields["records"].choices = choices  # type: ignore[attr-defined]  # a field with choices
        self.initial.setdefault("records", [key for key, _words in choices])
        self.initial.setdefault("parts", [part.value for part in BundlePart])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("records") and not cleaned.get("parts"):
            self.add_error(None, _("Choose at least one part."))
        return cleaned
