"""Book an appointment."""

import datetime
import functools
import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.booking import check_free, check_span, lock_practitioner, refused_as_taken
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import save_as, write_once
from clinic.exceptions import WrongStateError
from clinic.models import Account, Appointment, Patient
from clinic.vocabulary import Permission

_once = functools.partial(write_once, Appointment.objects, by_field="booked_by")


def book_appointment(
    *,
    patient_id: uuid.UUID,
    practitioner_id: uuid.UUID,
    starts_at: datetime.datetime,
    minutes: int,
    by: Account,
    form_key: uuid.UUID,
) -> Appointment:
    """Book a time with one clinician for one patient. It holds a time, never a reason.

    **Takes** an aware instant on a whole minute; whole minutes, 24 hours at most.
    **Raises** TimeTakenError when the clinician is taken; InvalidInputError naming the field; NotAllowedError.
    **Writes** Appointment.
    """
    check_may(by, Permission.BOOK_APPOINTMENTS)
    patient = _patient(patient_id, by)
    span = check_span(starts_at=starts_at, minutes=minutes, site=patient.site)

    def write() -> Appointment:
        practitioner = lock_practitioner(practitioner_id, by=by)
        first = Appointment.objects.filter(form_key=form_key).first()  # a double click waited for the lock
        if first is not None:
            return first
        check_free(practitioner, span)
        appointment = Appointment(
            site=patient.site,
            patient=patient,
            practitioner=practitioner,
            starts_at=span[0],
            ends_at=span[1],
            booked_by=by,
            booked_at=clock.now(),
            form_key=form_key,
        )
        save_as(appointment, by=by)
        return appointment

    with refused_as_taken():
        return _once(form_key=form_key, by=by, about={"patient_id": patient.pk}, write=write)


def _patient(patient_id: uuid.UUID, by: Account) -> Patient:
    patient = Patient.objects.select_related("site").filter(pk=patient_id).first()
    if patient is None:
        raise WrongStateError(_("This patient is not known here."))
    check_same_site(by, patient.site_id)
    return patient
