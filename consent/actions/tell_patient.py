"""Tell the patient, as soon as that is possible, what was done without her word and why."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.emergency_steps import check_takes_part, checked_words
from consent.actions.locks import lock_procedure
from consent.actions.moving import record_about
from consent.models import PatientTold, ProcedureStart
from consent.vocabulary import EntryKind


@one_act
def tell_patient(*, procedure_id: uuid.UUID, words: str, by: Account) -> PatientTold:
    """Record that the patient was told what was done without her word.

    **Takes** what she was told, in words that she can read again on her own pages.
    **Gives** the row; the first one when it was recorded before.
    **Raises** NotAllowedError, WrongStateError (nothing was done without her word), InvalidInputError.
    **Writes** PatientTold; entry procedure.patient-told.
    **Source** CR-024, CR-025.
    """
    procedure = lock_procedure(procedure_id)
    check_takes_part(by, procedure)
    if not ProcedureStart.objects.filter(procedure=procedure, consent__isnull=True).exists():
        raise WrongStateError(_("Nothing was done here without the patient's word."))
    earlier = PatientTold.objects.filter(procedure=procedure).first()
    if earlier is not None:
        return earlier
    at = clock.now()
    told = PatientTold(procedure=procedure, words=checked_words(words, field="words"), told_by=by, told_at=at)
    told.save(force_insert=True)
    record_about(EntryKind.PATIENT_TOLD, procedure, by=by, at=at, rows=[told])
    return told
