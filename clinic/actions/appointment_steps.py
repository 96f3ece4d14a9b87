"""What every change of a booked appointment shares: its lock, and the table of allowed steps."""

import uuid

from django.utils.translation import gettext as _

from clinic.actions.permission import check_may, check_same_site
from clinic.exceptions import WrongStateError
from clinic.models import Account, Appointment
from clinic.vocabulary import APPOINTMENT_STEPS, AppointmentStatus, Permission, ProcedureStatus


def lock_appointment(appointment_id: uuid.UUID, *, by: Account) -> Appointment:
    """The appointment, locked until the transaction ends. Raises NotAllowedError, WrongStateError."""
    check_may(by, Permission.BOOK_APPOINTMENTS)
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("site", "practitioner")
        .filter(pk=appointment_id)
        .first()
    )
    if appointment is None:
        raise WrongStateError(_("This appointment is not known here."))
    check_same_site(by, appointment.site_id)
    return appointment


def check_step(appointment: Appointment, to: AppointmentStatus) -> None:
    """Raises WrongStateError unless the table allows the step."""
    if to not in APPOINTMENT_STEPS[AppointmentStatus(appointment.status)]:
        raise WrongStateError(_("This appointment has moved on meanwhile. Look at it again."))


def check_nothing_under_way(appointment: Appointment) -> None:
    """Raises WrongStateError while a procedure of this appointment is being done.

    The procedures are locked, last, so that a start that is on its way is seen: it shows here, or comes after.
    """
    statuses = [procedure.status for procedure in appointment.procedures.select_for_update().order_by("pk")]
    if ProcedureStatus.IN_PROGRESS in statuses:
        raise WrongStateError(_("A procedure of this appointment is under way."))
