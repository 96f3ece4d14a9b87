"""Send to the advocate: a patient is not content with how a correction was answered, or that nobody answered."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import check_is_her_voice, record_voice
from consent.models import Complaint, CorrectionRequest
from consent.vocabulary import ComplaintCategory, EntryKind, Via


@one_act
def send_to_advocate(*, request_id: uuid.UUID, by: Account, via: Via) -> Complaint:
    """Turn a wish for a correction into a complaint: one tap, once. The clinic does not learn of it.

    **Gives** the complaint; the one that stands when it was sent before.
    **Raises** NotAllowedError (somebody else), WrongStateError (no such wish).
    **Writes** Complaint (something else, naming the wish); entry complaint.made.
    """
    request = CorrectionRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise WrongStateError(_("This wish is not known here."))
    patient = lock_patient(request.patient_id)
    check_is_her_voice(by, patient, via)
    earlier = Complaint.objects.filter(correction=request).first()
    if earlier is not None:
        return earlier
    complaint = Complaint(
        site_id=patient.site_id,
        patient=patient,
        category=ComplaintCategory.OTHER,
        consent_id=request.consent_id,
        correction=request,
        made_by=by,
        made_via=via,
        made_at=clock.now(),
        form_key=uuid.uuid4(),
    )
    complaint.save(force_insert=True)
    record_voice(EntryKind.COMPLAINT_MADE, patient, by=by, via=via, at=complaint.made_at, row=complaint)
    return complaint
