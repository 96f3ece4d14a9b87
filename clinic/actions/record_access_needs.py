"""Record access needs: what keeps a patient from reading or hearing an information sheet."""

import uuid
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import has_changed, save_as
from clinic.exceptions import WrongStateError
from clinic.models import Account, Patient
from clinic.vocabulary import AccessNeed, Permission


@transaction.atomic(durable=True)
def record_access_needs(*, patient_id: uuid.UUID, access_needs: Collection[AccessNeed], by: Account) -> Patient:
    """Write down what the patient answered; nothing at all is an answer too. The history keeps what stood before.

    **Raises** NotAllowedError (role, or another clinic), WrongStateError (not known here).
    **Writes** Patient, only when something changed.
    **Source** CR-039.
    """
    check_may(by, Permission.REGISTER_PATIENTS)
    patient = Patient.objects.select_for_update(of=("self",)).filter(pk=patient_id).first()
    if patient is None:
        raise WrongStateError(_("This patient is not known here."))
    check_same_site(by, patient.site_id)
    if has_changed(patient, {"access_needs": [need.value for need in AccessNeed if need in access_needs]}):
        save_as(patient, by=by)
    return patient
