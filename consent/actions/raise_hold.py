"""Raise a hold: someone is worried that the decision is not free. Only forward moves stop."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.models import Account
from clinic.vocabulary import Permission, Role
from consent.actions.locks import lock_consent
from consent.actions.moving import check_is_patient, check_may, record
from consent.exceptions import AlreadyDecidedError
from consent.models import Hold
from consent.vocabulary import ENDED_STATES, EntryKind, HoldReason, Via


@one_act
def raise_hold(
    *, consent_id: uuid.UUID, reason: HoldReason, note: str, by: Account, via: Via, form_key: uuid.UUID
) -> Hold:
    """Stop this consent from moving forward until the advocate has spoken with the patient.

    **Takes** a reason class; a note that only the advocate reads and that no paper carries.
    **Gives** the hold; the same one when the same form comes twice.
    **Raises** NotAllowedError, AlreadyDecidedError (the consent has ended: nothing is left to stop).
    **Writes** Hold; entry hold.raised.
    """
    consent = lock_consent(consent_id)
    if by.role == Role.PATIENT:
        check_is_patient(by, consent)
    else:
        check_may(by, Permission.RAISE_HOLD, consent_site_id=consent.site_id)
    earlier = sent_before(
        Hold.objects, form_key=form_key, by=by, by_field="raised_by", about={"consent_id": consent.pk}
    )
    if earlier is not None:
        return earlier
    if consent.state in ENDED_STATES:
        raise AlreadyDecidedError(_("This consent has ended, so there is nothing left to stop."))
    at = clock.now()
    hold = Hold(consent=consent, reason=reason, note=note.strip(), raised_by=by, raised_at=at, form_key=form_key)
    hold.save(force_insert=True)
    record(
        EntryKind.HOLD_RAISED,
        consent,
        by=by,
        via=via,
        at=at,
        rows=[consent, hold],
    )
    return hold
