"""Log that a member of staff looked at a patient's record."""

import uuid

from clinic.actions.acting import one_act
from clinic.actions.looks import keep_look
from clinic.actions.permission import check_same_site
from clinic.models import Account, Patient, RecordView


@one_act
def log_record_view(*, patient_id: uuid.UUID, by: Account, page: str) -> RecordView:
    """Note who looked, when, at which page. The patient can read this list.

    **Takes** the name of the page's address, without ids.
    **Raises** NotAllowedError for a patient of another clinic.
    **Writes** RecordView; it can never be changed or removed.
    """
    patient = Patient.objects.get(pk=patient_id)
    check_same_site(by, patient.site_id)
    return keep_look(patient=patient, by=by, page=page)
