"""The tables of the upper floor. Each names its database guard; `consent.guards` installs them."""

from consent.models.ability import CapacityAssessment, GuardianWord, YoungPersonNote
from consent.models.bundles import BundleTaken
from consent.models.complaints import Complaint, ComplaintAnswer
from consent.models.consents import Consent
from consent.models.conversations import (
    AlternativeOpened,
    Conversation,
    PersonPresent,
    QuestionAsked,
    TeachBack,
)
from consent.models.corrections import CorrectionAnswer, CorrectionRequest
from consent.models.emergencies import EmergencyCare, EmergencyReview, PatientTold, TheatreAddition
from consent.models.erasures import Erasure, ErasureRequest, RedactedRow
from consent.models.errors import ErrorConfirmation, ErrorReport
from consent.models.frozen import CopyHandover, FrozenRecord
from consent.models.holds import Hold, HoldLift
from consent.models.information_sheets import InformationSheet, InformationSheetVersion
from consent.models.ledger import (
    Ledger,
    LedgerBinding,
    LedgerEntry,
    LedgerLeaf,
    LedgerLease,
    LedgerWaiting,
)
from consent.models.ledger_proofs import (
    KnownCheckpoint,
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerKey,
    LedgerStamp,
    LedgerTile,
    WitnessedLog,
)
from consent.models.offers import ClinicalFact, RefusedOffer, TalkRequest
from consent.models.papers import PaperCheck, PaperForm, PaperScan
from consent.models.policies import PolicyVersion
from consent.models.procedure_starts import ProcedureEnd, ProcedureStart, RecordIssue
from consent.models.removals import RemovalContraindication, RemovalEnd, RemovalRequest, RemovalSecondOpinion
from consent.models.signatures import Signature
from consent.models.talk_drafts import TalkDraft
from consent.models.waits import AbdominalEmergency, PrematureBirth, ShorterWaitAnswer, ShorterWaitRequest

__all__ = [
    "AbdominalEmergency",
    "AlternativeOpened",
    "BundleTaken",
    "CapacityAssessment",
    "ClinicalFact",
    "Complaint",
    "ComplaintAnswer",
    "Consent",
    "Conversation",
    "CopyHandover",
    "CorrectionAnswer",
    "CorrectionRequest",
    "EmergencyCare",
    "EmergencyReview",
    "Erasure",
    "ErasureRequest",
    "ErrorConfirmation",
    "ErrorReport",
    "FrozenRecord",
    "GuardianWord",
    "Hold",
    "HoldLift",
    "InformationSheet",
    "InformationSheetVersion",
    "KnownCheckpoint",
    "Ledger",
    "LedgerBinding",
    "LedgerCheckpoint",
    "LedgerCosignature",
    "LedgerEntry",
    "LedgerKey",
    "LedgerLeaf",
    "LedgerLease",
    "LedgerStamp",
    "LedgerTile",
    "LedgerWaiting",
    "PaperCheck",
    "PaperForm",
    "PaperScan",
    "PatientTold",
    "PersonPresent",
    "PolicyVersion",
    "PrematureBirth",
    "ProcedureEnd",
    "ProcedureStart",
    "QuestionAsked",
    "RecordIssue",
    "RedactedRow",
    "RefusedOffer",
    "RemovalContraindication",
    "RemovalEnd",
    "RemovalRequest",
    "RemovalSecondOpinion",
    "ShorterWaitAnswer",
    "ShorterWaitRequest",
    "Signature",
    "TalkDraft",
    "TalkRequest",
    "TeachBack",
    "TheatreAddition",
    "WitnessedLog",
    "YoungPersonNote",
]
