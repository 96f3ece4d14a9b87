"""Confirm: shortly before the procedure the patient says that she still wants it."""

import datetime
import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_digest, check_is_patient, move, record, save_as
from consent.models import Consent
from consent.vocabulary import Act, EntryKind, Via

DOUBLE_CLICK = datetime.timedelta(seconds=10)


@one_act
def confirm_consent(*, consent_id: uuid.UUID, shown_digest: str, was_alone: bool, by: Account, via: Via) -> Consent:
    """Record the patient's yes on the day.

    **Takes** the digest of the words on her screen; whether no companion was with her, in her own answer.
    **Gives** the consent. Confirming again renews the time; a double click writes once.
    **Raises** SheetChangedError, AlreadyDecidedError (not given, taken back, used), NotAllowedError.
    **Writes** Consent state confirmed (an earlier certificate no longer counts); entry consent.confirmed.
    """
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    check_digest(consent, shown_digest)
    move(consent, Act.CONFIRM)
    at = clock.now()
    is_fresh = consent.confirmed_at is not None and at - consent.confirmed_at < DOUBLE_CLICK
    if is_fresh and consent.was_alone_at_confirmation == was_alone:
        return consent
    consent.confirmed_by, consent.confirmed_at, consent.was_alone_at_confirmation = by, at, was_alone
    consent.certified_by, consent.certified_at = None, None
    save_as(consent, by=by)
    record(
        EntryKind.CONSENT_CONFIRMED,
        consent,
        by=by,
        via=via,
        at=at,
        rows=[consent],
        detail={"alone": was_alone},
    )
    return consent
