"""What this person may see: the only place that narrows rows by person and role.

Staff see their own clinic, a patient sees herself, everyone else sees nothing here. A row that is not yours and a row
that does not exist are the same `Http404`.
"""

import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404

from clinic.models import Account, Appointment, Patient, Practitioner, Procedure
from clinic.vocabulary import Permission, Role

M = TypeVar("M", bound=Model)


def patients_visible_to(account: Account) -> QuerySet[Patient]:
    """Patients of the own clinic for those who may look for patients; a patient herself."""
    rows = Patient.objects.select_related("account", "site")
    if account.may(Permission.FIND_PATIENTS):
        return rows.filter(site_id=account.site_id)
    if _is_patient(account):
        return rows.filter(account_id=account.pk)
    return rows.none()


def appointments_visible_to(account: Account) -> QuerySet[Appointment]:
    """Appointments of the own clinic for those who may see the diary; a patient's own."""
    rows = Appointment.objects.select_related("patient", "site", "practitioner__account")
    if account.may(Permission.SEE_DIARY):
        return rows.filter(site_id=account.site_id)
    if _is_patient(account):
        return rows.filter(patient__account_id=account.pk)
    return rows.none()


def procedures_visible_to(account: Account) -> QuerySet[Procedure]:
    """Procedures of the own clinic for clinicians only: the desk sees times, never what for. A patient's own."""
    rows = Procedure.objects.select_related("patient__site", "procedure_type", "operator__account", "appointment__site")
    if account.may(Permission.SEE_PROCEDURES):
        return rows.filter(patient__site_id=account.site_id)
    if _is_patient(account):
        return rows.filter(patient__account_id=account.pk)
    return rows.none()


def practitioners_visible_to(account: Account) -> QuerySet[Practitioner]:
    """Clinicians at work in the own clinic, for those who book."""
    rows = Practitioner.objects.select_related("account", "site").order_by("account__display_name")
    if account.may(Permission.BOOK_APPOINTMENTS):
        return rows.filter(site_id=account.site_id, account__is_active=True)
    return rows.none()


def patient_or_404(account: Account, patient_id: uuid.UUID) -> Patient:
    """The patient, if this person may see her. Raises Http404."""
    return _one(patients_visible_to(account), patient_id)


def appointment_or_404(account: Account, appointment_id: uuid.UUID) -> Appointment:
    """The appointment, if this person may see it. Raises Http404."""
    return _one(appointments_visible_to(account), appointment_id)


def procedure_or_404(account: Account, procedure_id: uuid.UUID) -> Procedure:
    """The procedure, if this person may see it. Raises Http404."""
    return _one(procedures_visible_to(account), procedure_id)


def _is_patient(account: Account) -> bool:
    return account.is_active and account.role == Role.PATIENT


def _one(rows: QuerySet[M], row_id: uuid.UUID) -> M:
    row = rows.filter(pk=row_id).first()
    if row is None:
        raise Http404
    return row
