"""Cancel an appointment."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.appointment_steps import check_step, lock_appointment
from clinic.actions.saving import save_as
from clinic.exceptions import WrongStateError
from clinic.models import Account, Appointment
from clinic.vocabulary import AppointmentStatus, ProcedureStatus


@transaction.atomic(durable=True)
def cancel_appointment(*, appointment_id: uuid.UUID, by: Account) -> Appointment:
    """Cancel an appointment. No reason is asked for; cancelling twice changes nothing.

    **Raises** WrongStateError when it is over or a procedure of it is under way; NotAllowedError.
    **Writes** Appointment.
    """
    appointment = lock_appointment(appointment_id, by=by)
    if appointment.status == AppointmentStatus.CANCELLED:
        return appointment
    check_step(appointment, AppointmentStatus.CANCELLED)
    # Locked, so that a start that is on its way is seen: it comes first and shows here, or comes after.
    statuses = [procedure.status for procedure in appointment.procedures.select_for_update().order_by("pk")]
    if ProcedureStatus.IN_PROGRESS in statuses:
        raise WrongStateError(_("A procedure of this appointment is under way."))
    appointment.status = AppointmentStatus.CANCELLED
    save_as(appointment, by=by)
    return appointment
