"""Ask for a shorter wait: the patient's own wish, from her own hands. Nobody can ask in her name."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, tidy
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, record
from consent.actions.shorter_waits import check_wait_runs, check_way_exists
from consent.models import Hold, ShorterWaitRequest
from consent.vocabulary import EntryKind, Via

OWN_HANDS = frozenset({Via.OWN_CARD, Via.CLINIC_TABLET})


@one_act
def ask_shorter_wait(*, consent_id: uuid.UUID, words: str, by: Account, via: Via) -> ShorterWaitRequest:
    """Record the patient's wish. A clinician from outside the team speaks with her alone before anything changes.

    **Takes** words she may wish to add; they are never asked for.
    **Gives** the wish; asking twice writes once.
    **Raises** NotAllowedError (anyone else, or any way but her own card and the tablet handed over to her),
    WrongStateError (no wait runs, not under these rules, or a check is still open: in words that tell no worry),
    AlreadyDecidedError.
    **Writes** ShorterWaitRequest; entry wait.shorter-asked.
    **Source** CR-005.
    """
    consent = lock_consent(consent_id)
    check_is_patient(by, consent)
    if via not in OWN_HANDS:
        raise NotAllowedError(_("Only the patient can do this."))
    earlier = ShorterWaitRequest.objects.filter(consent=consent).first()
    if earlier is not None:
        return earlier
    check_way_exists(consent, "shortening_hours")
    check_wait_runs(consent)
    if Hold.objects.filter(consent=consent, lift__isnull=True).exists():
        raise WrongStateError(_("One check is still open, so this cannot be asked for yet. Please try again later."))
    at = clock.now()
    row = ShorterWaitRequest(consent=consent, words=tidy(words), asked_by=by, asked_at=at)
    check_fields(row)
    row.save(force_insert=True)
    record(EntryKind.SHORTER_WAIT_ASKED, consent, by=by, via=via, at=at, rows=[consent, row])
    return row
