"""What must be so of a patient's details, whoever writes them down and whenever."""

import datetime
import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.saving import check_fields
from clinic.exceptions import InvalidInputError
from clinic.models import Patient, Site
from clinic.vocabulary import SafeContact

LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
OLDEST_YEARS = 130
NEEDS_DETAIL = frozenset({SafeContact.PHONE_CALL, SafeContact.TEXT_NEUTRAL, SafeContact.EMAIL_NEUTRAL})


def check_patient(patient: Patient) -> None:
    """Raises InvalidInputError naming the field: an impossible birth date, no language, a contact that does not fit."""
    _check_birth_date(patient.birth_date, patient.site)
    _check_languages(patient.languages)
    _check_contact(patient)
    check_fields(patient)


def _check_birth_date(birth_date: datetime.date, site: Site) -> None:
    today = clock.local_date(clock.now(), time_zone=site.time_zone)
    if birth_date > today:
        raise InvalidInputError(_("The birth date lies in the future."), field="birth_date")
    if birth_date.year < today.year - OLDEST_YEARS:
        raise InvalidInputError(_("The birth date lies too far back. Check the year."), field="birth_date")


def _check_languages(languages: Sequence[str]) -> None:
    if not languages:
        raise InvalidInputError(_("Choose at least one language."), field="languages")
    if len(set(languages)) != len(languages) or not all(LANGUAGE_CODE.fullmatch(code) for code in languages):
        raise InvalidInputError(_("Choose each language once."), field="languages")


def _check_contact(patient: Patient) -> None:
    if patient.safe_contact in NEEDS_DETAIL and not patient.contact_detail:
        raise InvalidInputError(_("Write the number or address that is safe to use."), field="contact_detail")
    if patient.safe_contact not in NEEDS_DETAIL and patient.contact_detail:
        raise InvalidInputError(
            _("This way of contact needs no number or address. Leave this empty."), field="contact_detail"
        )
