"""The short forms: one act each. Nothing is ticked beforehand, and no form asks why someone says no."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import HouseForm, KeyedForm
from clinic.wording import word_choices
from consent.forms.parts import AREA, LONGEST_TEXT, yes_no_question
from consent.vocabulary import HoldReason, StopReason
from consent.wording_talk import HOLD_REASON_WORDS, STOP_REASON_WORDS


class WordsForm(HouseForm):
    """A no, in the patient's own hands: words only if the patient wants to add some, as many as there are.

    No length is refused: nothing about the words may ever stand between the patient and the no.
    """

    takes_any_sign = True

    words = forms.CharField(
        label=_("Anything you want to add (you do not have to)"),
        required=False,
        widget=AREA,
    )


class SpokenNoForm(HouseForm):
    """A no that the patient said to staff."""

    takes_any_sign = True

    words = forms.CharField(
        label=_("What the patient wanted to add, in the patient's own words"),
        help_text=_("Leave this empty unless the patient asked you to write something down. Do not ask why."),
        required=False,
        widget=AREA,
    )


class ConfirmForm(HouseForm):
    """The yes on the day."""

    shown_digest = forms.CharField(required=False, widget=forms.HiddenInput)
    was_alone = yes_no_question(_("Are you answering without anyone who came with you?"))


class CertifyForm(HouseForm):
    """The operator's certificate."""

    typed_name = forms.CharField(
        label=_("Your name"),
        help_text=_("Type it as it stands at the top of this page. It counts as your signature."),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class HoldForm(KeyedForm):
    """A concern that this decision may not be free."""

    takes_any_sign = True

    reason = forms.TypedChoiceField(
        label=_("What is the concern?"),
        choices=word_choices(HOLD_REASON_WORDS),
        coerce=HoldReason,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Anything the advocate should know"),
        help_text=_("Only the advocate reads this. It is on no printed copy."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=AREA,
    )


class LiftForm(HouseForm):
    """The advocate has spoken with the patient."""

    takes_any_sign = True

    note = forms.CharField(
        label=_("What you found (you do not have to write anything)"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=AREA,
    )


class ErrorReportForm(HouseForm):
    """A record that is about the wrong patient or the wrong procedure."""

    takes_any_sign = True

    explanation = forms.CharField(label=_("What is wrong with this record?"), max_length=LONGEST_TEXT, widget=AREA)
    patient_agreed = yes_no_question(_("Does the patient agree that this is a mistake?"))


class StopForm(HouseForm):
    """Why a procedure that had begun was stopped."""

    takes_any_sign = True

    reason = forms.TypedChoiceField(
        label=_("Why was it stopped?"),
        choices=word_choices(STOP_REASON_WORDS),
        coerce=StopReason,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What was done, and how the patient is"), max_length=LONGEST_TEXT, required=False, widget=AREA
    )


class EndForm(HouseForm):
    """A procedure that was done."""

    takes_any_sign = True

    note = forms.CharField(
        label=_("Anything to add about how it went"), max_length=LONGEST_TEXT, required=False, widget=AREA
    )
