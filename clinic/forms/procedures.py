"""The form for planning a procedure."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import NOT_REMEMBERED, KeyedForm
from clinic.vocabulary import Laterality
from clinic.wording import LATERALITY_WORDS, word_choices

Choices = Iterable[tuple[str, str]]
BIRTH = {"yes": True, "no": False}


class ProcedureForm(KeyedForm):
    """What is planned, which side, who does it, at which appointment."""

    procedure_type = forms.TypedChoiceField(label=_("Procedure"), coerce=uuid.UUID)
    laterality = forms.TypedChoiceField(
        label=_("Side of the body"),
        choices=word_choices(LATERALITY_WORDS),
        coerce=Laterality,
        initial=Laterality.NONE.value,
        widget=forms.RadioSelect,
    )
    body_site = forms.CharField(
        label=_("Place on the body (if it matters)"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=NOT_REMEMBERED),
    )
    operator = forms.TypedChoiceField(label=_("Clinician who will do it"), coerce=uuid.UUID)
    appointment = forms.TypedChoiceField(label=_("At which appointment?"), coerce=uuid.UUID)
    accompanies_birth = forms.TypedChoiceField(
        label=_("Is it planned together with a birth?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=BIRTH.__getitem__,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(
        self, *args: Any, procedure_types: Choices, operators: Choices, appointments: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {"procedure_type": procedure_types, "operator": operators, "appointment": appointments}
        for name, choices in offered.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", _("Choose")), *choices]
