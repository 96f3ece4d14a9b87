"""Ask for time: neither yes nor no. Nothing runs out because of it."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from consent.actions.ending import check_may_say_no
from consent.actions.locks import lock_consent
from consent.actions.moving import move, record, save_as
from consent.models import Consent
from consent.vocabulary import Act, EntryKind, Via


@one_act
def ask_for_time(*, consent_id: uuid.UUID, by: Account, via: Via) -> Consent:
    """Record that the patient wants time to think.

    **Gives** the consent, its state as before; asking again before anything else happened writes nothing.
    **Raises** NotAllowedError, AlreadyDecidedError.
    **Writes** Consent.more_time_asked_at; entry consent.more-time-asked.
    """
    consent = lock_consent(consent_id)
    check_may_say_no(by, consent, via)
    move(consent, Act.ASK_FOR_TIME)
    informed_at = consent.informed_at or consent.proposed_at
    if consent.more_time_asked_at is not None and consent.more_time_asked_at >= informed_at:
        return consent
    consent.more_time_asked_at = clock.now()
    save_as(consent, by=by)
    record(EntryKind.MORE_TIME_ASKED, consent, by=by, via=via, at=consent.more_time_asked_at, rows=[consent])
    return consent
