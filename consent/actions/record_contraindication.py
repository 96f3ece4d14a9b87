"""A clinical reason against taking a device out now. It needs a second clinician before it moves anything."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.moving import check_may
from consent.actions.removal_steps import check_is_open, lock_removal, record_removal
from consent.models import RemovalContraindication
from consent.vocabulary import EntryKind, Via


@one_act
def record_contraindication(
    *, request_id: uuid.UUID, reason: str, by: Account, form_key: uuid.UUID
) -> RemovalContraindication:
    """Record a clinical reason. It moves no day until a second clinician has agreed and the patient was told.

    **Raises** NotAllowedError, WrongStateError (settled), InvalidInputError (no reason).
    **Writes** RemovalContraindication; entry removal.contraindicated. **Source** CR-019.
    """
    request = lock_removal(request_id)
    check_may(by, Permission.RECORD_REMOVAL, consent_site_id=request.site_id)
    earlier = sent_before(
        RemovalContraindication.objects,
        form_key=form_key,
        by=by,
        by_field="recorded_by",
        about={"request_id": request.pk},
    )
    if earlier is not None:
        return earlier
    check_is_open(request)
    if not reason.strip():
        raise InvalidInputError(_("Write the clinical reason."), field="reason")
    row = RemovalContraindication(
        request=request, reason=reason.strip(), recorded_by=by, recorded_at=clock.now(), form_key=form_key
    )
    check_fields(row)
    row.save(force_insert=True)
    record_removal(EntryKind.REMOVAL_CONTRAINDICATED, request, by=by, via=Via.STAFF, at=row.recorded_at, rows=[row])
    return row
