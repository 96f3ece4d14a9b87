"""What is typed about a removal: never why she wants it."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.forms.base import day_field
from consent.forms.parts import AREA, LONGEST_TEXT, short_text, yes_no_question


class RemovalWishForm(KeyedForm):
    """The wish. What it is may stay empty; there is no field for a reason."""

    device = short_text(_("What should be taken out? (You may leave this empty.)"))


class RemovedForm(HouseForm):
    """Which removal met the wish."""

    procedure_id = forms.TypedChoiceField(label=_("Which removal was it?"), coerce=uuid.UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, done: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["procedure_id"]).choices = list(done)


class ContraindicationForm(KeyedForm):
    """A clinical reason, in words for the second clinician and for the patient."""

    reason = forms.CharField(label=_("The clinical reason"), max_length=LONGEST_TEXT, widget=AREA)


class SecondOpinionForm(HouseForm):
    """What the second clinician thinks."""

    agrees = yes_no_question(_("Do you agree that it would harm the patient to take it out now?"))
    told_patient = yes_no_question(_("Have you told the patient, and said when it is looked at again?"))
    review_on = day_field(_("Day on which it is looked at again"), help_text=_("Needed when you agree."))
    note = forms.CharField(label=_("What you saw"), max_length=LONGEST_TEXT, widget=AREA)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_on"].required = False
