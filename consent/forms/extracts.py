"""What a patient puts into a paper that she can show: only what she ticks, and at first only what tells least."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.vocabulary import ProcedureCategory
from clinic.wording import CATEGORY_WORDS
from consent.forms.copies import RecordLanguageForm
from consent.forms.parts import several
from consent.vocabulary import ExtractPart
from consent.wording_voice import EXTRACT_PART_WORDS

AS_PAGE, AS_PAPER = "page", "paper"
WAYS = ((AS_PAPER, _("As a paper (PDF)")), (AS_PAGE, _("As a plain page")))


class ExtractForm(RecordLanguageForm):
    """Parts and kinds of care. Everything that could tell of contraception or a decision is left out until ticked."""

    parts = several(_("What others may know"), EXTRACT_PART_WORDS)
    kinds = several(
        _("Care I had"),
        CATEGORY_WORDS,
        help_text=_("Tick only what the person you show this to should know. Nothing shows what you did not tick."),
    )
    way = forms.ChoiceField(label=_("How"), choices=WAYS, widget=forms.RadioSelect, initial=AS_PAPER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("parts", [part.value for part in ExtractPart])
        self.initial.setdefault("kinds", [ProcedureCategory.VACC.value])


class AttendanceForm(RecordLanguageForm):
    """Which visit the note is about."""

    visit = forms.TypedChoiceField(label=_("Which visit?"), coerce=uuid.UUID, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How"), choices=WAYS, widget=forms.RadioSelect, initial=AS_PAPER)

    def __init__(self, *args: Any, visits: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit"].choices = list(visits)  # type: ignore[attr-defined]  # a field with choices
