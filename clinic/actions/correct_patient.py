"""Correct a patient's details: her name, birth date, languages, or how she may be reached, as she asked for it."""

import datetime
import uuid
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.patient_checks import check_patient
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import has_changed, save_as, tidy
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account, Patient
from clinic.vocabulary import Permission, SafeContact


@transaction.atomic
def correct_patient(
    *,
    patient_id: uuid.UUID,
    name: str,
    latin_name: str,
    birth_date: datetime.date,
    languages: Sequence[str],
    safe_contact: SafeContact,
    contact_detail: str,
    by: Account,
) -> Patient:
    """Write down what the patient says is right. The history keeps what stood before; papers made before stay.

    Inside the transaction of a caller, where there is one: the answer to her wish and the change hold together.

    **Raises** NotAllowedError (role, or another clinic), WrongStateError (not known here), InvalidInputError (a field
    that cannot be so, or nothing would change).
    **Writes** Patient with its history; the name of her account.
    """
    check_may(by, Permission.ANSWER_CORRECTION)
    patient = Patient.objects.select_for_update(of=("self",)).select_related("account").filter(pk=patient_id).first()
    if patient is None:
        raise WrongStateError(_("This patient is not known here."))
    check_same_site(by, patient.site_id)
    details = {
        "name": tidy(name),
        "latin_name": tidy(latin_name),
        "birth_date": birth_date,
        "languages": list(languages),
        "safe_contact": safe_contact,
        "contact_detail": tidy(contact_detail),
    }
    if not has_changed(patient, details):
        raise InvalidInputError(_("Nothing is different from what stands there now."), field="name")
    check_patient(patient)
    save_as(patient, by=by)
    if patient.account.display_name != patient.name:
        patient.account.display_name = patient.name
        patient.account.save(update_fields=["display_name"])
    return patient
