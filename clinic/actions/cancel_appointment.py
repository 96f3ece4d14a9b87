"""Cancel an appointment."""

import uuid

from django.db import transaction

from clinic.actions.appointment_steps import check_nothing_under_way, check_step, lock_appointment
from clinic.actions.saving import save_as
from clinic.models import Account, Appointment
from clinic.vocabulary import AppointmentStatus


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
    check_nothing_under_way(appointment)
    appointment.status = AppointmentStatus.CANCELLED
    save_as(appointment, by=by)
    return appointment
