"""Ask for an erasure: the first of two people says why a patient's personal data must go. Nothing is erased yet."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.exceptions import WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.erasure_steps import detail_of, record_erasure
from consent.actions.moving import check_may
from consent.actions.removal_steps import lock_patient
from consent.models import ErasureRequest
from consent.vocabulary import EntryKind, ErasureBasis, Via


@one_act
def ask_erasure(
    *, patient_id: uuid.UUID, basis: ErasureBasis, authority: str, by: Account, form_key: uuid.UUID
) -> ErasureRequest:
    """Ask that a patient's personal data be erased. A second person then does it, or does not.

    **Takes** the file number of the letter or decision: letters and figures, no name and no sentence.
    **Gives** the request; the one this form wrote when it was sent before.
    **Raises** NotAllowedError, WrongStateError (asked already, or no such patient), InvalidInputError.
    **Writes** ErasureRequest; entry subject.erasure-asked.
    """
    earlier = sent_before(
        ErasureRequest.objects, form_key=form_key, by=by, by_field="asked_by", about={"patient_id": patient_id}
    )
    if earlier is not None:
        return earlier
    patient = lock_patient(patient_id)
    check_may(by, Permission.ERASE_PATIENT, consent_site_id=patient.site_id)
    if ErasureRequest.objects.filter(patient=patient, erasure__isnull=True).exists():
        raise WrongStateError(_("Erasing this patient's data was asked for already."))
    request = ErasureRequest(
        patient=patient, basis=basis, authority=tidy(authority), asked_by=by, asked_at=clock.now(), form_key=form_key
    )
    check_fields(request)
    request.save(force_insert=True)
    record_erasure(
        EntryKind.ERASURE_ASKED,
        request,
        by=by,
        via=Via.STAFF,
        at=request.asked_at,
        rows=[request],
        detail=detail_of(request),
    )
    return request
