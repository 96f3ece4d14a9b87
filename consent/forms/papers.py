"""Answers on paper: which form to print, what a paper says that came back, what somebody found on it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.forms.base import NOT_REMEMBERED, day_field
from clinic.forms.moments import DAY_HELP, time_field
from clinic.wording import word_choices
from consent.forms.moments import MomentForm
from consent.queries.record_language import printed_language, record_languages
from consent.vocabulary import CopyChoice, PaperAnswer, PaperFault
from consent.wording_paper import NO_NEEDS_NO_PAPER, PAPER_ANSWER_WORDS, PAPER_FAULT_WORDS
from consent.wording_talk import COPY_CHOICE_WORDS

RIGHT = "right"


def _language_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language of the form"),
        help_text=_("The words around the information. The information itself stays as it was published."),
        choices=lambda: list(record_languages().items()),
    )


class FormToPrintForm(KeyedForm):
    """Which form to print for one consent."""

    language = _language_field()


class BlankToPrintForm(HouseForm):
    """Which blank form to print."""

    sheet = forms.ChoiceField(label=_("Information"))
    language = _language_field()

    def __init__(self, *args: Any, sheets: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["sheet"]).choices = [("", _("Choose")), *sheets]
        self.initial.setdefault("language", printed_language(get_language() or "en"))


class PaperBackForm(MomentForm):
    """A paper that came back: its scan, and what it says."""

    takes_any_sign = True

    answer = forms.TypedChoiceField(
        label=_("What does the paper say?"),
        help_text=_("A no, or taking back a yes, holds as soon as you send this."),
        choices=word_choices(PAPER_ANSWER_WORDS),
        coerce=PaperAnswer,
        widget=forms.RadioSelect,
    )
    day = day_field(_("Day written on the paper"), help_text=DAY_HELP)
    time = time_field(_("Time written on the paper"))
    file = forms.FileField(
        label=_("The scan"),
        help_text=_("All pages in one file: a PDF, or a picture (PNG, JPEG or TIFF). At most 10 megabytes, 20 pages."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg,image/tiff"}),
    )
    typed_code = forms.CharField(
        label=_("Code of the paper (only if the square cannot be read)"),
        help_text=_("The letters and digits in groups of four, on top of every page."),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={**NOT_REMEMBERED, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = {"again": _("Choose the file with the scan."), "no": NO_NEEDS_NO_PAPER}
        for fault in ("required", "invalid", "missing", "empty"):
            self.fields["file"].error_messages[fault] = f"{said['again']} {said['no']}"

    def paper(self) -> dict[str, Any]:
        """What the act takes."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("answer", "happened_at", "typed_code", "form_key")}
        return {**kept, "content": bytes(data["file"].read())}


class PaperCheckForm(KeyedForm):
    """What somebody found who looked at every page. Nothing is ticked beforehand."""

    found: forms.ChoiceField = forms.ChoiceField(
        label=_("You have looked at every page. What did you find?"), widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, is_yes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        right: str | Promise = _("It is right: this patient, this procedure, this answer, all pages")
        faults = PAPER_FAULT_WORDS
        if is_yes:
            right = _("It is right: this patient, this procedure, this answer, all pages, signed")
        else:  # a no needs no signature
            faults = {fault: words for fault, words in faults.items() if fault is not PaperFault.NOT_SIGNED}
        cast(forms.ChoiceField, self.fields["found"]).choices = [(RIGHT, right), *word_choices(faults)]

    def check_made(self) -> dict[str, Any]:
        """What the act takes."""
        found, key = self.cleaned_data["found"], self.cleaned_data["form_key"]
        is_right = found == RIGHT
        return {"is_right": is_right, "fault": None if is_right else PaperFault(found), "form_key": key}


class EnterYesForm(HouseForm):
    """The yes of a paper is entered: all that is asked is how the patient wants the copy."""

    copy_choice = forms.TypedChoiceField(
        label=_("How does the patient want the copy of the record?"),
        help_text=_("Ask. Nobody has to take one home."),
        choices=word_choices(COPY_CHOICE_WORDS),
        coerce=CopyChoice,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, must_choose_copy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["copy_choice"].required = must_choose_copy
