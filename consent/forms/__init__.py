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
    ProposeForm,
    SpokenNoForm,
    StopForm,
    SupersedeForm,
    WordsForm,
)
from consent.forms.signing import SignatureForm
from consent.forms.talk import ConversationForm

__all__ = [
    "CertifyForm",
    "ConfirmForm",
    "ConversationForm",
    "EndForm",
    "ErrorReportForm",
    "HoldForm",
    "LiftForm",
    "ProposeForm",
    "SignatureForm",
    "SpokenNoForm",
    "StopForm",
    "SupersedeForm",
    "WordsForm",
]
