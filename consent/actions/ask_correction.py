"""Ask for a correction: the patient says what is wrong in her record, and what it should say."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, sent_before, tidy
from clinic.models import Account
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import check_is_her_voice, own_consent_or_none, record_voice
from consent.models import CorrectionRequest
from consent.vocabulary import EntryKind, Via


@one_act
def ask_correction(
    *,
    patient_id: uuid.UUID,
    consent_id: uuid.UUID | None,
    wrong: str,
    should_say: str,
    by: Account,
    via: Via,
    form_key: uuid.UUID,
) -> CorrectionRequest:
    """Record the wish. The clinic answers it; what the record says now stays as it is until then, and after.

    **Takes** which of her consents it is about; None for her own details.
    **Gives** the wish; the same one when the same form comes twice.
    **Raises** NotAllowedError (somebody else), WrongStateError (a consent that is not hers), InvalidInputError.
    **Writes** CorrectionRequest; entry correction.asked.
    """
    patient = lock_patient(patient_id)
    check_is_her_voice(by, patient, via)
    about = {"patient_id": patient.pk}
    earlier = sent_before(CorrectionRequest.objects, form_key=form_key, by=by, by_field="asked_by", about=about)
    if earlier is not None:
        return earlier
    request = CorrectionRequest(
        site_id=patient.site_id,
        patient=patient,
        consent=own_consent_or_none(patient, consent_id),
        wrong=tidy(wrong),
        should_say=tidy(should_say),
        asked_by=by,
        asked_via=via,
        asked_at=clock.now(),
        form_key=form_key,
    )
    check_fields(request)
    request.save(force_insert=True)
    record_voice(EntryKind.CORRECTION_ASKED, patient, by=by, via=via, at=request.asked_at, row=request)
    return request
