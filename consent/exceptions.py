"""What can go wrong on the upper floor. Each says, in one sentence, what to do next."""

from clinic.exceptions import ClinicError, NotSavedError, TryAgainError
from consent.rules.gate import Verdict


class ConsentError(ClinicError):
    """A refusal of a consent act. Nothing was written."""


class SheetChangedError(ConsentError):
    """The digest on the screen is not the sheet this consent is about; show the new text."""


class AlreadyDecidedError(ConsentError):
    """The consent has ended or was decided otherwise meanwhile."""


class NotReadyError(ConsentError):
    """The patient wants to say yes, but the clinic has not yet done its part; `verdict` lists what is missing."""

    def __init__(self, message: str, *, verdict: Verdict) -> None:
        super().__init__(message)
        self.verdict = verdict


class IncompleteSheetError(ConsentError):
    """An information sheet lacks something it must hold; the message names the file and what is missing."""


class LedgerError(NotSavedError):
    """The ledger could not take the entry, so nothing at all was written."""


class CheckOnPaperError(LedgerError):
    """The database is older than what was signed; nothing is written until somebody has looked at the papers."""


class StreamTakenError(LedgerError, TryAgainError):
    """Two acts about one patient met at the same place of the ledger; the second is tried again as a whole."""


class KeyStoreError(Exception):
    """The keys outside the database cannot be used. For whoever runs the server: says what to do, holds no key."""
