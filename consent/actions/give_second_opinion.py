"""A second opinion on a clinical reason against taking a device out now."""

import datetime
import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields
from clinic.exceptions import InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.moving import check_may
from consent.actions.removal_steps import check_is_open, lock_removal, record_removal
from consent.models import RemovalContraindication, RemovalSecondOpinion
from consent.vocabulary import EntryKind, Via


@one_act
def give_second_opinion(
    *,
    contraindication_id: uuid.UUID,
    agrees: bool,
    told_patient: bool,
    review_on: datetime.date | None,
    note: str,
    by: Account,
) -> RemovalSecondOpinion:
    """Record what another clinician thinks of the reason.

    **Takes** the day on which it is looked at again; needed to agree, as is that the patient was told.
    **Gives** the opinion; the first one when it is sent twice.
    **Raises** NotAllowedError (role, site, or who recorded the reason), WrongStateError (settled), InvalidInputError.
    **Writes** RemovalSecondOpinion; entry removal.second-opinion.
    **Source** CR-019 (second opinion within two days, told to the patient).
    """
    reason = _find_reason(contraindication_id)
    request = lock_removal(reason.request_id)
    check_may(by, Permission.RECORD_REMOVAL, consent_site_id=request.site_id)
    _check_is_another(reason, by)
    earlier = RemovalSecondOpinion.objects.filter(contraindication=reason).first()
    if earlier is not None:
        return earlier
    check_is_open(request)
    at = clock.now()
    _check_opinion(agrees, told_patient, review_on, today=clock.local_date(at, time_zone=request.site.time_zone))
    row = RemovalSecondOpinion(
        contraindication=reason,
        agrees=agrees,
        told_patient=told_patient,
        review_on=review_on if agrees else None,
        note=note.strip(),
        given_by=by,
        given_at=at,
    )
    check_fields(row)
    row.save(force_insert=True)
    record_removal(EntryKind.REMOVAL_SECOND_OPINION, request, by=by, via=Via.STAFF, at=at, rows=[row])
    return row


def _find_reason(contraindication_id: uuid.UUID) -> RemovalContraindication:
    reason = RemovalContraindication.objects.filter(pk=contraindication_id).first()
    if reason is None:
        raise WrongStateError(_("This reason is not known here."))
    return reason


def _check_is_another(reason: RemovalContraindication, by: Account) -> None:
    if reason.recorded_by_id == by.pk:
        raise NotAllowedError(_("Another clinician than the one who recorded the reason has to look at it."))


def _check_opinion(agrees: bool, told_patient: bool, review_on: datetime.date | None, *, today: datetime.date) -> None:
    if not agrees:
        return
    if not told_patient:
        raise InvalidInputError(_("Tell the patient first, and say here that you did."), field="told_patient")
    if review_on is None or review_on <= today:
        raise InvalidInputError(_("Choose a later day on which this is looked at again."), field="review_on")
