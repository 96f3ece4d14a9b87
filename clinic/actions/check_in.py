"""Check a patient in."""

import uuid

from django.db import transaction

from clinic.actions.appointment_steps import check_step, lock_appointment
from clinic.actions.booking import refused_as_taken
from clinic.actions.saving import save_as
from clinic.models import Account, Appointment
from clinic.vocabulary import AppointmentStatus


def check_in(*, appointment_id: uuid.UUID, by: Account) -> Appointment:
    """Note that the patient has come. Checking in twice changes nothing.

    **Raises** WrongStateError; TimeTakenError when she was noted as not come and her time was given away meanwhile;
    NotAllowedError.
    **Writes** Appointment.
    """
    with refused_as_taken(), transaction.atomic(durable=True):
        appointment = lock_appointment(appointment_id, by=by)
        if appointment.status != AppointmentStatus.ARRIVED:
            check_step(appointment, AppointmentStatus.ARRIVED)
            appointment.status = AppointmentStatus.ARRIVED
            save_as(appointment, by=by)
        return appointment
