"""The forms of care without the patient's word: each condition is one question, and nothing is ticked beforehand."""

import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.forms.base import day_field
from clinic.forms.moments import DAY_HELP, time_field
from clinic.vocabulary import Laterality
from clinic.wording import LATERALITY_WORDS, word_choices
from consent.actions.declare_addition import Wanted
from consent.actions.declare_emergency import Need
from consent.forms.moments import MomentForm
from consent.forms.parts import AREA, LONGEST_TEXT, short_text, yes_no_question
from consent.vocabulary import CannotConsent, Grounds, ReviewFinding
from consent.wording_talk import CANNOT_CONSENT_WORDS, GROUNDS_WORDS, REVIEW_FINDING_WORDS

DANGER_HELP = _("The patient will read these words. Plain words, and no blame.")


class EmergencyForm(MomentForm):
    """What the first of two clinicians says."""

    is_life_at_risk = yes_no_question(_("Is the patient's life at risk now?"))
    why_not_asked = forms.TypedChoiceField(
        label=_("Why can nobody ask the patient?"),
        choices=word_choices(CANNOT_CONSENT_WORDS),
        coerce=CannotConsent,
        widget=forms.RadioSelect,
    )
    danger = forms.CharField(
        label=_("What is the danger, and what has to be done?"),
        help_text=DANGER_HELP,
        max_length=LONGEST_TEXT,
        widget=AREA,
    )
    day = day_field(_("Day on which the need arose"), help_text=DAY_HELP)
    time = time_field(_("Time at which the need arose"))

    def need(self) -> Need:
        """What the act takes."""
        names = ("is_life_at_risk", "why_not_asked", "danger", "happened_at")
        return Need(**{name: self.cleaned_data[name] for name in names})


class AdditionForm(KeyedForm):
    """What has to be added to a procedure under way, and why it cannot wait."""

    procedure_type = forms.TypedChoiceField(label=_("What has to be added?"), coerce=uuid.UUID)
    laterality = forms.TypedChoiceField(
        label=_("Side of the body"),
        choices=word_choices(LATERALITY_WORDS),
        coerce=Laterality,
        initial=Laterality.NONE.value,
        widget=forms.RadioSelect,
    )
    body_site = short_text(_("Place on the body (if it matters)"))
    grounds = forms.TypedChoiceField(
        label=_("Why can it not wait until the patient can be asked?"),
        choices=word_choices(GROUNDS_WORDS),
        coerce=Grounds,
        widget=forms.RadioSelect,
    )
    danger = forms.CharField(
        label=_("What was found, and what has to be done?"),
        help_text=DANGER_HELP,
        max_length=LONGEST_TEXT,
        widget=AREA,
    )

    def __init__(self, *args: Any, procedure_types: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = cast(forms.ChoiceField, self.fields["procedure_type"])
        kinds.choices = [("", _("Choose")), *procedure_types]

    def wanted(self) -> Wanted:
        """What the act takes."""
        names = ("laterality", "body_site", "grounds", "danger")
        kept = {name: self.cleaned_data[name] for name in names}
        return Wanted(procedure_type_id=self.cleaned_data["procedure_type"], **kept)


class ReviewForm(HouseForm):
    """What the advocate found."""

    finding = forms.TypedChoiceField(
        label=_("What did you find?"),
        choices=word_choices(REVIEW_FINDING_WORDS),
        coerce=ReviewFinding,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Why do you say so?"),
        help_text=_("The patient can read this."),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )


class ToldForm(HouseForm):
    """What the patient was told afterwards."""

    words = forms.CharField(
        label=_("What did you tell the patient?"),
        help_text=_("What was done, why nobody could ask, what it means, and whom the patient can complain to."),
        max_length=LONGEST_TEXT,
        widget=AREA,
    )
