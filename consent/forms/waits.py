"""Forms around the wait before a procedure: two certificates, a wish and its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm
from clinic.forms.base import day_field
from consent.forms.parts import AREA, LONGEST_TEXT, yes_no_question


class EarlyBirthForm(HouseForm):
    """The operator's certificate of an early birth."""

    expected_on = day_field(
        _("The day on which the birth was expected"), help_text=_("Year, month, day: for example 2027-06-01.")
    )
    born_on = day_field(_("The day of the birth"), help_text=_("Year, month, day: for example 2027-04-28."))


class AbdominalEmergencyForm(HouseForm):
    """The operator's certificate of an emergency operation on the belly."""

    circumstances = forms.CharField(
        label=_("What is the emergency, and why can the operation not wait?"), max_length=LONGEST_TEXT, widget=AREA
    )


class ShorterWaitForm(HouseForm):
    """The patient's wish. Words only if she wants to add some."""

    words = forms.CharField(
        label=_("Anything you want to add (you do not have to)"), max_length=LONGEST_TEXT, required=False, widget=AREA
    )


class ShorterWaitAnswerForm(HouseForm):
    """The second clinician's answer."""

    was_private = yes_no_question(_("Did you speak with the patient alone?"))
    after_birth_or_abortion_72h = yes_no_question(_("Did the patient sign within 72 hours of a birth or an abortion?"))
    is_agreed = yes_no_question(_("Do you agree to the shorter wait?"))
    note = forms.CharField(
        label=_("What the patient told you, and why you answer in this way"), max_length=LONGEST_TEXT, widget=AREA
    )
