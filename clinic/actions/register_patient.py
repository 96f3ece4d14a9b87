"""Register a patient, with an account of her own."""

import datetime
import functools
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.patient_checks import check_patient
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import check_fields, save_as, tidy, write_once
from clinic.exceptions import LookAlikeError
from clinic.models import Account, Patient, Site
from clinic.queries import look_alikes
from clinic.vocabulary import AccessNeed, Permission, Role, SafeContact

_once = functools.partial(write_once, Patient.objects, by_field="registered_by")


def register_patient(
    *,
    site_id: uuid.UUID,
    name: str,
    latin_name: str,
    birth_date: datetime.date,
    languages: Sequence[str],
    communication_needs: str,
    safe_contact: SafeContact,
    contact_detail: str,
    by: Account,
    form_key: uuid.UUID,
    has_looked: bool,
    access_needs: Sequence[AccessNeed] | None = None,
) -> Patient:
    """Register a patient: a name in any script, a birth date, her languages in her order. Nothing else is needed.

    **Takes** `access_needs`: None when nobody asked; `has_looked`: the desk has seen the patients who look alike.
    **Raises** LookAlikeError until it has; InvalidInputError naming the field; NotAllowedError.
    **Writes** Account (role patient, no password), Patient.
    """
    check_may(by, Permission.REGISTER_PATIENTS)
    check_same_site(by, site_id)
    patient = Patient(
        site=Site.objects.get(pk=site_id),
        name=tidy(name),
        latin_name=tidy(latin_name),
        birth_date=birth_date,
        languages=list(languages),
        communication_needs=tidy(communication_needs),
        access_needs=_codes(access_needs),
        safe_contact=safe_contact,
        contact_detail=tidy(contact_detail),
        registered_by=by,
        registered_at=clock.now(),
        form_key=form_key,
    )
    check_patient(patient)
    write = functools.partial(_write, patient, by=by, has_looked=has_looked)
    return _once(form_key=form_key, by=by, about={"site_id": site_id}, write=write)


def _codes(access_needs: Sequence[AccessNeed] | None) -> list[str] | None:
    return None if access_needs is None else [need.value for need in AccessNeed if need in access_needs]


def _write(patient: Patient, *, by: Account, has_looked: bool) -> Patient:
    if not has_looked:
        _check_nobody_looks_alike(patient)
    patient.account = _open_patient_account(patient)
    save_as(patient, by=by)
    return patient


def _open_patient_account(patient: Patient) -> Account:
    account = Account(
        username=f"patient-{uuid.uuid4().hex}",
        display_name=patient.name,
        role=Role.PATIENT,
        site=patient.site,
        opened_at=patient.registered_at,
    )
    account.set_unusable_password()
    check_fields(account)
    account.save(force_insert=True)
    return account


def _check_nobody_looks_alike(patient: Patient) -> None:
    if look_alikes(
        site_id=patient.site_id,
        name=patient.name,
        latin_name=patient.latin_name,
        birth_date=patient.birth_date,
    ):
        raise LookAlikeError(_("Someone who looks alike is registered already. Look first."))
