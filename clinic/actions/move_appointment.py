"""Move an appointment to another time or another clinician."""

import datetime
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.appointment_steps import check_nothing_under_way, lock_appointment
from clinic.actions.booking import check_free, check_span, lock_practitioner, refused_as_taken
from clinic.actions.saving import has_changed, save_as
from clinic.exceptions import WrongStateError
from clinic.models import Account, Appointment
from clinic.vocabulary import AppointmentStatus


def move_appointment(
    *,
    appointment_id: uuid.UUID,
    practitioner_id: uuid.UUID,
    starts_at: datetime.datetime,
    minutes: int,
    by: Account,
) -> Appointment:
    """Move a booked appointment. Moving it to where it is already changes nothing.

    **Takes** as book_appointment does.
    **Raises** TimeTakenError, WrongStateError (the patient has come, it was cancelled, or a procedure of it is under
    way), InvalidInputError, NotAllowedError.
    **Writes** Appointment.
    """
    with refused_as_taken(), transaction.atomic(durable=True):
        practitioner = lock_practitioner(practitioner_id, by=by)
        appointment = lock_appointment(appointment_id, by=by)
        if appointment.status != AppointmentStatus.BOOKED:
            raise WrongStateError(_("Only a booked appointment can be moved. Look at it again."))
        check_nothing_under_way(appointment)
        span = check_span(starts_at=starts_at, minutes=minutes, site=appointment.site)
        check_free(practitioner, span, leaving_out=appointment.pk)
        if has_changed(appointment, {"practitioner": practitioner, "starts_at": span[0], "ends_at": span[1]}):
            save_as(appointment, by=by)
        return appointment
