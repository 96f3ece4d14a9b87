"""Shapes of what people type.

A form checks that a value can be read; whether an act is allowed is asked later.
"""

from consent.forms.acts import (
    CertifyForm,
    ConfirmForm,
    EndForm,
    ErrorReportForm,
    HoldForm,
    LiftForm,
    SpokenNoForm,
    StopForm,
    WordsForm,
)
from consent.forms.copies import CopyTakenForm, RecordLanguageForm
from consent.forms.offers import ClinicalFactForm, ProposeForm, SupersedeForm
from consent.forms.record_check import RecordCheckForm
from consent.forms.signing import SignatureForm
from consent.forms.slips import SlipCheckForm
from consent.forms.statements import InterpreterForm, ObtainerForm
from consent.forms.talk import ConversationForm, TalkPageForm

__all__ = [
    "CertifyForm",
    "ClinicalFactForm",
    "ConfirmForm",
    "ConversationForm",
    "CopyTakenForm",
    "EndForm",
    "ErrorReportForm",
    "HoldForm",
    "InterpreterForm",
    "LiftForm",
    "ObtainerForm",
    "ProposeForm",
    "RecordCheckForm",
    "RecordLanguageForm",
    "SignatureForm",
    "SlipCheckForm",
    "SpokenNoForm",
    "StopForm",
    "SupersedeForm",
    "TalkPageForm",
    "WordsForm",
]
