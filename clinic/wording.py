"""Words for people: every closed list of the ground floor that a page shows, in translatable plain words.

>>> str(LATERALITY_WORDS[Laterality.LEFT])
'left'
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.vocabulary import (
    AccessNeed,
    AppointmentStatus,
    Laterality,
    Particular,
    ProcedureCategory,
    ProcedureStatus,
    Role,
    SafeContact,
)

ROLE_WORDS = {
    Role.PATIENT: _("patient"),
    Role.PRACTITIONER: _("clinician"),
    Role.RECEPTIONIST: _("reception desk"),
    Role.ADVOCATE: _("patient advocate"),
    Role.AUDITOR: _("auditor"),
    Role.ADMINISTRATOR: _("administrator"),
}

APPOINTMENT_WORDS = {
    AppointmentStatus.BOOKED: pgettext_lazy("appointment", "Booked"),
    AppointmentStatus.ARRIVED: pgettext_lazy("appointment", "Has come"),
    AppointmentStatus.FULFILLED: pgettext_lazy("appointment", "Took place"),
    AppointmentStatus.CANCELLED: pgettext_lazy("appointment", "Cancelled"),
    AppointmentStatus.NOSHOW: pgettext_lazy("appointment", "Did not come"),
    AppointmentStatus.ENTERED_IN_ERROR: pgettext_lazy("appointment", "Entered in error"),
}

PROCEDURE_WORDS = {
    ProcedureStatus.PREPARATION: pgettext_lazy("procedure", "Planned"),
    ProcedureStatus.IN_PROGRESS: pgettext_lazy("procedure", "Under way"),
    ProcedureStatus.STOPPED: pgettext_lazy("procedure", "Stopped"),
    ProcedureStatus.COMPLETED: pgettext_lazy("procedure", "Done"),
    ProcedureStatus.NOT_DONE: pgettext_lazy("procedure", "Called off"),
}

LATERALITY_WORDS = {
    Laterality.LEFT: pgettext_lazy("side of the body", "left"),
    Laterality.RIGHT: pgettext_lazy("side of the body", "right"),
    Laterality.BOTH: pgettext_lazy("side of the body", "both sides"),
    Laterality.NONE: pgettext_lazy("side of the body", "not applicable"),
}

SAFE_CONTACT_WORDS = {
    SafeContact.NONE: _("Not at all"),
    SafeContact.PHONE_CALL: _("By telephone call"),
    SafeContact.TEXT_NEUTRAL: _("By text message that does not say what it is about"),
    SafeContact.EMAIL_NEUTRAL: _("By e-mail that does not say what it is about"),
    SafeContact.IN_PERSON: _("Only in person, at the clinic"),
}

ACCESS_NEED_WORDS = {
    AccessNeed.CANNOT_READ: _("Does not read, or reads with difficulty"),
    AccessNeed.BLIND: _("Blind or sees little"),
    AccessNeed.DEAF: _("Deaf or hears little"),
    AccessNeed.LEARNING_DISABILITY: _("Needs easy words: a learning disability"),
}

# Names of addresses, as kept in the log of views, in words for the patient who reads it.
PAGE_WORDS = {
    "today": _("The list of a day's appointments"),
    "patients": _("A search that found you"),
    "patient-new": _("A list of patients who look like somebody new"),
    "patient": _("Your page"),
    "patient-access-needs": _("What helps you to read and hear"),
    "patient-card": _("Your card"),
    "card-unlock": _("Your card: opened again"),
    "appointment-new": _("Booking an appointment"),
    "appointment-move": _("Moving an appointment"),
    "appointment-cancel": _("Cancelling an appointment"),
    "procedure-new": _("Planning a procedure"),
    "procedure-cancel": _("Calling off a procedure"),
}


def words_for(words: Mapping[Any, str | Promise], code: str) -> str | Promise:
    """The words of a code; the code itself where nobody has found words yet."""
    return words.get(code, code)


def word_choices(words: Mapping[Any, str | Promise]) -> list[tuple[str, str | Promise]]:
    """Choices for a form field: code and words, in the order of the list."""
    return [(code.value if isinstance(code, StrEnum) else str(code), text) for code, text in words.items()]


CATEGORY_WORDS = {
    ProcedureCategory.STER: _("Sterilisation"),
    ProcedureCategory.LARC_IN: _("Putting in an IUD or implant"),
    ProcedureCategory.LARC_OUT: _("Taking out an IUD or implant"),
    ProcedureCategory.ABRT: _("Abortion"),
    ProcedureCategory.MINOR: _("Minor procedure"),
    ProcedureCategory.MAJOR: _("Major operation"),
    ProcedureCategory.ANAES: _("Anaesthetic"),
    ProcedureCategory.VACC: _("Vaccination"),
    ProcedureCategory.TEST: _("Test"),
    ProcedureCategory.IMG: _("Image, such as X-ray or ultrasound"),
}

PARTICULAR_WORDS = {
    Particular.PREGNANCY_TEST: _("Pregnancy test"),
    Particular.HYSTERECTOMY: _("Taking out the womb"),
}
