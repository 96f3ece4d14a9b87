"""Refuse: the patient says no. It needs no reason, no signature and no readiness of anyone."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from consent.actions.ending import check_may_say_no, say_no
from consent.actions.locks import lock_consent
from consent.models import Consent
from consent.vocabulary import ConsentState, Via


@one_act
def refuse_consent(*, consent_id: uuid.UUID, by: Account, via: Via, words: str = "") -> Consent:
    """Record the patient's no before she ever said yes. After a yes, taking back is `withdraw_consent`.

    **Takes** words she may wish to add; they stay in the row and out of every printed copy.
    **Gives** the consent; saying no twice gives the same answer and writes nothing.
    **Raises** NotAllowedError, AlreadyDecidedError (she had said yes: take it back instead).
    **Writes** Consent state refused; entry consent.refused.
    """
    consent = lock_consent(consent_id)
    check_may_say_no(by, consent, via)
    if consent.state == ConsentState.REFUSED:
        return consent
    say_no(consent, by=by, via=via, at=clock.now(), words=words)
    return consent
