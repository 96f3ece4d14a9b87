"""Shared by the acts about young people: whom the law of the site counts as one."""

from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import WrongStateError
from consent.models import Consent
from consent.queries.consent_policy import readable_policy
from consent.rules.ability import is_adult


def check_is_young(consent: Consent) -> None:
    """Raises WrongStateError where the patient is of adult age today, by the law of the site."""
    today = clock.local_date(clock.now(), time_zone=consent.site.time_zone)
    if is_adult(consent.patient.birth_date, on=today, policy=readable_policy(consent)):
        raise WrongStateError(_("This patient is of adult age here. Only her or his own word counts."))
