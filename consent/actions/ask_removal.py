"""Ask for removal: the patient wants her IUD or implant taken out. No reason is asked for, and none is kept."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_lengths, sent_before
from clinic.models import Account
from consent.actions.removal_steps import check_may_speak_for_removal, lock_patient, record_removal
from consent.models import RemovalRequest
from consent.vocabulary import EntryKind, Via


@one_act
def ask_removal(*, patient_id: uuid.UUID, device: str, by: Account, via: Via, form_key: uuid.UUID) -> RemovalRequest:
    """Record the wish and start its clock.

    **Takes** the device in the patient's words; may be empty.
    **Gives** the wish; the one that is open already where there is one, so that no second clock can run later.
    **Raises** NotAllowedError (somebody else; staff only on her word), InvalidInputError.
    **Writes** RemovalRequest; entry removal.asked.
    **Source** CR-019; WHO Family Planning Handbook 2022 (removal whenever it is asked for).
    """
    patient = lock_patient(patient_id)
    check_may_speak_for_removal(by, patient, via)
    earlier = sent_before(
        RemovalRequest.objects, form_key=form_key, by=by, by_field="asked_by", about={"patient_id": patient.pk}
    )
    standing = earlier or RemovalRequest.objects.filter(patient=patient, end__isnull=True).order_by("asked_at").first()
    if standing is not None:
        return standing
    request = RemovalRequest(
        site_id=patient.site_id,
        patient=patient,
        device=device.strip(),
        asked_by=by,
        asked_via=via,
        asked_at=clock.now(),
        form_key=form_key,
    )
    check_lengths(request)
    request.save(force_insert=True)
    record_removal(EntryKind.REMOVAL_ASKED, request, by=by, via=via, at=request.asked_at, rows=[request])
    return request
