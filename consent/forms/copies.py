"""The patient's copies: in which language to print, and in what form one was taken."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm
from clinic.wording import word_choices
from consent.queries.record_language import record_languages
from consent.vocabulary import CopyForm
from consent.wording_talk import COPY_FORM_WORDS


class RecordLanguageForm(HouseForm):
    """The language of the printed words. The sheet stays in the language it was shown in."""

    language = forms.ChoiceField(label=_("Language of the paper"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(record_languages().items())  # type: ignore[attr-defined]  # a ChoiceField


class CopyTakenForm(HouseForm):
    """What became of a copy, in the patient's own hands. Leaving it is an answer like the others."""

    form = forms.TypedChoiceField(
        label=_("What became of your copy?"),
        choices=word_choices(COPY_FORM_WORDS),
        coerce=CopyForm,
        widget=forms.RadioSelect,
    )
