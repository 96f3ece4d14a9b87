"""Answer a correction: what was corrected, and how; or why not. The record as it was stays beside it."""

import uuid
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.correct_patient import correct_patient
from clinic.actions.saving import check_fields, tidy
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission, SafeContact
from consent.actions.moving import check_may
from consent.actions.removal_steps import lock_patient
from consent.actions.voice_steps import record_voice
from consent.models import CorrectionAnswer, CorrectionRequest
from consent.vocabulary import CorrectionOutcome, EntryKind, Via


@dataclass(frozen=True, kw_only=True)
class Details:
    """A patient's details as they should be, all of them."""

    name: str
    latin_name: str
    birth_date: date
    languages: tuple[str, ...]
    safe_contact: SafeContact
    contact_detail: str


@one_act
def answer_correction(
    *, request_id: uuid.UUID, outcome: CorrectionOutcome, words: str, details: Details | None, by: Account
) -> CorrectionAnswer:
    """Record the one answer; a wish about her details that is granted changes them in the same act.

    **Takes** words for the patient: how it was corrected, or why not; her details, where the wish is about them and is
    granted. A consent is never changed: it is replaced or marked as an error before, by acts of their own.
    **Gives** the answer; the one that stands when the same person sends it twice.
    **Raises** NotAllowedError (role, site; about a consent: only who may read it), WrongStateError (unknown, or
    answered already by somebody else), InvalidInputError.
    **Writes** CorrectionAnswer; Patient where the details were corrected; entry correction.answered.
    """
    request = CorrectionRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise WrongStateError(_("This wish is not known here."))
    check_may(by, Permission.ANSWER_CORRECTION, consent_site_id=request.site_id)
    if request.consent_id is not None and not by.may(Permission.READ_PATIENT_RECORD):
        raise NotAllowedError(_("Your role may not do this."))
    patient = lock_patient(request.patient_id)
    earlier = CorrectionAnswer.objects.filter(request=request).first()
    if earlier is not None:
        if earlier.answered_by_id != by.pk:
            raise WrongStateError(_("Somebody else has answered this already."))
        return earlier
    if details is not None and outcome == CorrectionOutcome.CORRECTED and request.consent_id is None:
        correct_patient(patient_id=patient.pk, by=by, **asdict(details))
    answer = CorrectionAnswer(
        request=request, outcome=outcome, words=tidy(words), answered_by=by, answered_at=clock.now()
    )
    check_fields(answer)
    answer.save(force_insert=True)
    record_voice(EntryKind.CORRECTION_ANSWERED, patient, by=by, via=Via.STAFF, at=answer.answered_at, row=answer)
    return answer
