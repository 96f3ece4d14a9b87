"""What is typed about a complaint. No name of anybody is asked for, and no reason."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.forms.base import NOT_REMEMBERED, day_field
from clinic.forms.patients import ISO_HINT
from clinic.wording import word_choices
from consent.forms.parts import AREA, LONGEST_TEXT, free_text
from consent.vocabulary import ComplaintCategory
from consent.wording_voice import COMPLAINT_CATEGORY_WORDS

TAP_ONE = _("Tap one of the buttons.")


class ComplaintForm(KeyedForm):
    """The patient's own complaint: one tap. The rest may stay empty."""

    takes_any_sign = True

    words = free_text(_("Say more, if you want to (you do not have to)"))
    about = forms.UUIDField(label=_("Is it about one of your decisions? (You may leave this.)"), required=False)
    category = forms.TypedChoiceField(
        label=_("What happened?"),
        choices=word_choices(COMPLAINT_CATEGORY_WORDS),
        coerce=ComplaintCategory,
        error_messages={"required": TAP_ONE, "invalid_choice": TAP_ONE},
    )

    def __init__(self, *args: Any, decisions: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No, or I do not want to say")), *decisions]
        cast(forms.UUIDField, self.fields["about"]).widget = forms.Select(choices=choices)


class AddToComplaintForm(KeyedForm):
    """What the patient adds to a complaint."""

    takes_any_sign = True

    words = forms.CharField(label=_("What do you want to add?"), max_length=LONGEST_TEXT, widget=AREA)


class SpokenComplaintForm(KeyedForm):
    """What a patient says to the advocate, who writes it down word for word. She is found by her card or her name."""

    takes_any_sign = True

    card_code = forms.CharField(
        label=_("Code on the card"), max_length=20, required=False, widget=forms.TextInput(attrs=NOT_REMEMBERED)
    )
    name = forms.CharField(
        label=_("Without a card: the whole name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    birth_date = day_field(_("Without a card: the birth date"), help_text=ISO_HINT)
    category = forms.TypedChoiceField(
        label=_("What happened? Let the patient choose."),
        choices=word_choices(COMPLAINT_CATEGORY_WORDS),
        coerce=ComplaintCategory,
        widget=forms.RadioSelect,
    )
    words = free_text(
        _("What the patient says, word for word"), help_text=_("It may stay empty. Read it back before you save it.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["birth_date"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("card_code") and not (cleaned.get("name") and cleaned.get("birth_date")):
            self.add_error("card_code", _("Type the code on the card, or the whole name and the birth date."))
        return cleaned


class AnswerForm(HouseForm):
    """The advocate's answer. The patient reads both."""

    words = forms.CharField(
        label=_("Your answer to the patient"),
        help_text=_("In plain words. The patient reads this with her or his own card; nobody else does."),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )
    done = forms.CharField(
        label=_("What was done"),
        help_text=_("If nothing could be done, say so, and why."),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )
