"""Plan a procedure for a patient. Starting one is not done on this floor."""

import functools
import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.planning import checked_type
from clinic.actions.saving import save_as, tidy, write_once
from clinic.exceptions import InvalidInputError
from clinic.models import Account, Appointment, Practitioner, Procedure
from clinic.queries import OPEN_STATUSES
from clinic.vocabulary import Laterality, Permission

_once = functools.partial(write_once, Procedure.objects, by_field="planned_by")


def plan_procedure(
    *,
    patient_id: uuid.UUID,
    procedure_type_id: uuid.UUID,
    operator_id: uuid.UUID,
    appointment_id: uuid.UUID,
    laterality: Laterality,
    body_site: str,
    accompanies_birth: bool | None,
    by: Account,
    form_key: uuid.UUID,
) -> Procedure:
    """Plan one procedure: what, which side, who does it, at which appointment.

    **Takes** `accompanies_birth`: whether it comes together with a birth; None when nobody said.
    **Raises** InvalidInputError naming the field; NotAllowedError.
    **Writes** Procedure in the status preparation.
    """
    check_may(by, Permission.PLAN_PROCEDURES)

    def write() -> Procedure:
        appointment = _lock_appointment(appointment_id, patient_id)
        check_same_site(by, appointment.site_id)
        procedure = Procedure(
            patient=appointment.patient,
            procedure_type=checked_type(procedure_type_id, laterality),
            operator=_operator(operator_id, by),
            appointment=appointment,
            laterality=laterality,
            body_site=tidy(body_site),
            accompanies_birth=accompanies_birth,
            planned_by=by,
            planned_at=clock.now(),
            form_key=form_key,
        )
        save_as(procedure, by=by)
        return procedure

    return _once(form_key=form_key, by=by, about={"patient_id": patient_id}, write=write)


def _lock_appointment(appointment_id: uuid.UUID, patient_id: uuid.UUID) -> Appointment:
    """The patient's own appointment, still to come or just arrived."""
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(pk=appointment_id, patient_id=patient_id, status__in=OPEN_STATUSES)
        .first()
    )
    if appointment is None:
        raise InvalidInputError(_("Choose an appointment of this patient that is still open."), field="appointment")
    return appointment


def _operator(operator_id: uuid.UUID, by: Account) -> Practitioner:
    operator = Practitioner.objects.filter(pk=operator_id, site_id=by.site_id, account__is_active=True).first()
    if operator is None:
        raise InvalidInputError(_("Choose the clinician who will do it."), field="operator")
    return operator
