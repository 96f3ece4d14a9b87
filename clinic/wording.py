"""Words for people: every closed list of the ground floor that a page shows, in translatable plain words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.vocabulary import (
    AppointmentStatus,
    Laterality,
    ProcedureCategory,
    ProcedureStatus,
    Role,
    SafeContact,
)

ROLE_WORDS = {
    Role.PATIENT: _("Patient"),
    Role.PRACTITIONER: _("Clinician"),
    Role.RECEPTIONIST: _("Reception"),
    Role.ADVOCATE: _("Independent advocate"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMINISTRATOR: _("Administrator"),
}

APPOINTMENT_STATUS_WORDS = {
    AppointmentStatus.BOOKED: _("Booked"),
    AppointmentStatus.ARRIVED: _("Arrived"),
    AppointmentStatus.FULFILLED: _("Took place"),
    AppointmentStatus.CANCELLED: _("Cancelled"),
    AppointmentStatus.NOSHOW: _("Did not take place"),
    AppointmentStatus.ENTERED_IN_ERROR: _("Entered in error"),
}

PROCEDURE_STATUS_WORDS = {
    ProcedureStatus.PREPARATION: _("Being prepared"),
    ProcedureStatus.IN_PROGRESS: _("In progress"),
    ProcedureStatus.STOPPED: _("Stopped"),
    ProcedureStatus.COMPLETED: _("Finished"),
    ProcedureStatus.NOT_DONE: _("Will not be done"),
}

PROCEDURE_CATEGORY_WORDS = {
    ProcedureCategory.STER: _("Sterilisation"),
    ProcedureCategory.LARC_IN: _("Putting in a long-acting contraceptive"),
    ProcedureCategory.LARC_OUT: _("Taking out a long-acting contraceptive"),
    ProcedureCategory.ABRT: _("Abortion"),
    ProcedureCategory.MINOR: _("Small operation"),
    ProcedureCategory.MAJOR: _("Operation"),
    ProcedureCategory.ANAES: _("Anaesthetic"),
    ProcedureCategory.VACC: _("Vaccination"),
    ProcedureCategory.TEST: _("Test"),
    ProcedureCategory.IMG: _("Picture of the inside of the body"),
}

LATERALITY_WORDS = {
    Laterality.LEFT: pgettext_lazy("side of the body", "Left"),
    Laterality.RIGHT: pgettext_lazy("side of the body", "Right"),
    Laterality.BOTH: _("Both sides"),
    Laterality.NONE: _("No side"),
}

SAFE_CONTACT_WORDS = {
    SafeContact.NONE: _("Do not contact me"),
    SafeContact.PHONE_CALL: _("Call me"),
    SafeContact.TEXT_NEUTRAL: _("Send a text message that does not say what it is about"),
    SafeContact.EMAIL_NEUTRAL: _("Send an e-mail that does not say what it is about"),
    SafeContact.IN_PERSON: _("Only in person, at the clinic"),
}
