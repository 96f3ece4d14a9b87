"""The tables of the upper floor. Each names its database guard; `consent.guards` installs them."""

from consent.models.consents import Consent
from consent.models.conversations import (
    AlternativeOpened,
    Conversation,
    PersonPresent,
    QuestionAsked,
    TeachBack,
)
from consent.models.errors import ErrorConfirmation, ErrorReport
from consent.models.holds import Hold, HoldLift
from consent.models.information_sheets import InformationSheet, InformationSheetVersion
from consent.models.ledger import Ledger, LedgerEntry, LedgerRoot, LedgerSalt
from consent.models.procedure_starts import ProcedureEnd, ProcedureStart, RecordIssue
from consent.models.signatures import Signature

__all__ = [
    "AlternativeOpened",
    "Consent",
    "Conversation",
    "ErrorConfirmation",
    "ErrorReport",
    "Hold",
    "HoldLift",
    "InformationSheet",
    "InformationSheetVersion",
    "Ledger",
    "LedgerEntry",
    "LedgerRoot",
    "LedgerSalt",
    "PersonPresent",
    "ProcedureEnd",
    "ProcedureStart",
    "QuestionAsked",
    "RecordIssue",
    "Signature",
    "TeachBack",
]
