"""Keep the device: the patient herself decides that it stays. Nobody else can end her wish."""

import uuid

from clinic.actions.acting import one_act
from clinic.models import Account
from consent.actions.removal_steps import check_may_speak_for_removal, end_removal, lock_removal
from consent.models import RemovalEnd
from consent.vocabulary import RemovalOutcome, Via


@one_act
def keep_device(*, request_id: uuid.UUID, by: Account, via: Via) -> RemovalEnd:
    """Record that the patient herself decided to keep the device.

    **Gives** the end; the one that stands when it is sent twice.
    **Raises** NotAllowedError (somebody else; staff only on her word), WrongStateError (settled in another way).
    **Writes** RemovalEnd; entry removal.ended.
    **Source** CR-019.
    """
    check_may_speak_for_removal(by, lock_removal(request_id).patient, via)
    return end_removal(request_id, RemovalOutcome.PATIENT_KEEPS_IT, procedure=None, by=by, via=via)
