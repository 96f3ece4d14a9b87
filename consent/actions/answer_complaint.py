"""Answer a complaint: the advocate says to the patient what was found and what was done."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import check_fields, tidy
from clinic.exceptions import WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.moving import check_may
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import record_voice
from consent.models import Complaint, ComplaintAnswer
from consent.vocabulary import EntryKind, Via


@one_act
def answer_complaint(*, complaint_id: uuid.UUID, words: str, done: str, by: Account) -> ComplaintAnswer:
    """Record the one answer to a complaint. It is part of the patient's record; if she disagrees, she adds to it.

    **Takes** the answer, and what was done, both in words for her.
    **Gives** the answer; the one that stands when the same advocate sends it twice.
    **Raises** NotAllowedError, WrongStateError (unknown, or answered already by somebody else), InvalidInputError.
    **Writes** ComplaintAnswer; entry complaint.answered.
    """
    complaint = Complaint.objects.filter(pk=complaint_id).first()
    if complaint is None:
        raise WrongStateError(_("This complaint is not known here."))
    check_may(by, Permission.ANSWER_COMPLAINT, consent_site_id=complaint.site_id)
    patient = lock_patient(complaint.patient_id)
    earlier = ComplaintAnswer.objects.filter(complaint=complaint).first()
    if earlier is not None:
        if earlier.answered_by_id != by.pk:
            raise WrongStateError(_("Another advocate has answered this already."))
        return earlier
    answer = ComplaintAnswer(
        complaint=complaint, words=tidy(words), done=tidy(done), answered_by=by, answered_at=clock.now()
    )
    check_fields(answer)
    answer.save(force_insert=True)
    record_voice(EntryKind.COMPLAINT_ANSWERED, patient, by=by, via=Via.STAFF, at=answer.answered_at, row=answer)
    return answer
