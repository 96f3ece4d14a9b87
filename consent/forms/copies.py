"""The patient's copies: in which language to print, and in what form one was taken."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm
from clinic.wording import word_choices
from consent.queries.record_language import language_for, record_languages
from consent.vocabulary import CopyForm
from consent.wording_talk import COPY_FORM_WORDS


class LanguageSelect(forms.Select):
    """A list of languages, each marked as what it is, so that its name is read aloud in it."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["lang"] = str(value)
        return option


class RecordLanguageForm(HouseForm):
    """The language of the printed words: at first the patient's own. A sheet stays in the one it was shown in."""

    language = forms.ChoiceField(label=_("Language of the paper"), widget=LanguageSelect)

    def __init__(self, *args: Any, patient_languages: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = list(record_languages().items())  # type: ignore[attr-defined]  # a ChoiceField
        self.initial.setdefault("language", language_for(patient_languages, page=get_language() or "en"))


class CopyTakenForm(HouseForm):
    """What became of a copy, in the patient's own hands. Leaving it is an answer like the others."""

    form = forms.TypedChoiceField(
        label=_("What became of your copy?"),
        choices=word_choices(COPY_FORM_WORDS),
        coerce=CopyForm,
        widget=forms.RadioSelect,
    )
