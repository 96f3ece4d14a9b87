"""Withdraw: the patient takes her consent back. Always open, at once, without a reason."""

import uuid
from dataclasses import dataclass

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from clinic.vocabulary import ProcedureStatus
from consent.actions.ending import check_may_say_no, take_back
from consent.actions.locks import lock_consent
from consent.models import Consent
from consent.vocabulary import ENDED_STATES, Via


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The answer to a withdrawal: the consent as it is now, and whether the procedure had already begun."""

    consent: Consent
    was_in_progress: bool


@one_act
def withdraw_consent(*, consent_id: uuid.UUID, by: Account, via: Via, words: str = "") -> Withdrawal:
    """Record that the patient takes her consent back. The gate is closed in the same transaction.

    **Takes** words she may wish to add; never asked for.
    **Gives** the withdrawal. Already ended: shows how it ended and writes nothing.
    **Raises** NotAllowedError only (somebody else's consent).
    **Writes** Consent state withdrawn (what she had decided, and when, stays); entry consent.withdrawn.
    **Source** GMC Decision making and consent 2020 (consent may be withdrawn at any time); rule CR-080, CR-083, CR-085.
    """
    consent = lock_consent(consent_id)
    check_may_say_no(by, consent, via)
    in_progress = consent.procedure.status == ProcedureStatus.IN_PROGRESS
    if consent.state in ENDED_STATES:
        return Withdrawal(consent=consent, was_in_progress=in_progress)
    take_back(consent, by=by, via=via, at=clock.now(), words=words)
    return Withdrawal(consent=consent, was_in_progress=in_progress)
