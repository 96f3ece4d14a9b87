"""What booking and moving an appointment share: the practitioner's lock, the free time, the words of a refusal."""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.permission import check_same_site
from clinic.exceptions import InvalidInputError, TimeTakenError
from clinic.guards import OCCUPYING, is_overlap
from clinic.models import Account, Appointment, Practitioner, Site
from clinic.scheduling.local_times import is_in_diary
from clinic.scheduling.overlap import LONGEST, Span, first_overlap

MOST_MINUTES = int(LONGEST.total_seconds() // 60)


def check_span(*, starts_at: datetime.datetime, minutes: int, site: Site) -> Span:
    """The span of a wanted appointment.

    **Raises** InvalidInputError unless it starts on a whole minute, lasts 1 minute to 24 hours, and is on a day
    of the diary that is not over at the clinic.
    """
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidInputError(_("An appointment lasts at least one minute and at most 24 hours."), field="minutes")
    if not is_in_diary(starts_at.date()):
        raise InvalidInputError(_("The diary does not reach that day. Check the year."), field="day")
    starts_at = starts_at.astimezone(datetime.UTC)
    if starts_at.second or starts_at.microsecond:
        raise InvalidInputError(_("An appointment starts on a whole minute."), field="time")
    zone = site.time_zone
    if clock.local_date(starts_at, time_zone=zone) < clock.local_date(clock.now(), time_zone=zone):
        raise InvalidInputError(_("That day is over."), field="day")
    return starts_at, starts_at + datetime.timedelta(minutes=minutes)


def lock_practitioner(practitioner_id: uuid.UUID, *, by: Account) -> Practitioner:
    """The practitioner, locked, so that two bookings of the same person wait for each other.

    **Raises** InvalidInputError when there is none at work; NotAllowedError for one of another clinic.
    """
    practitioner = (
        Practitioner.objects.select_for_update(of=("self",))
        .select_related("account")
        .filter(pk=practitioner_id, account__is_active=True)
        .first()
    )
    if practitioner is None:
        raise InvalidInputError(_("Choose a clinician."), field="practitioner")
    check_same_site(by, practitioner.site_id)
    return practitioner


def check_free(practitioner: Practitioner, wanted: Span, *, leaving_out: uuid.UUID | None = None) -> None:
    """Raises TimeTakenError when the locked practitioner has an appointment that overlaps."""
    others = Appointment.objects.exclude(pk=leaving_out) if leaving_out else Appointment.objects.all()
    taken = others.filter(
        practitioner=practitioner,
        status__in=OCCUPYING,
        starts_at__lt=wanted[1],
        starts_at__gt=wanted[0] - LONGEST,
        ends_at__gt=wanted[0],
    ).values_list("starts_at", "ends_at")
    other = first_overlap(wanted, taken)
    if other is not None:
        raise TimeTakenError(_taken_words(practitioner, other), field="time")


@contextmanager
def refused_as_taken() -> Iterator[None]:
    """Turns the database's own refusal of an overlap into TimeTakenError. Stands outside the transaction."""
    try:
        yield
    except IntegrityError as error:
        if not is_overlap(error):
            raise
        raise TimeTakenError(_("That time has just been taken. Choose another."), field="time") from error


def _taken_words(practitioner: Practitioner, span: Span) -> str:
    zone = zoneinfo.ZoneInfo(practitioner.site.time_zone)
    start, end = (instant.astimezone(zone) for instant in span)
    return _("%(name)s is taken from %(start)s to %(end)s (%(zone)s). Choose another time.") % {
        "name": practitioner.account.display_name,
        "start": f"{start:%H:%M}",
        "end": f"{end:%H:%M}",
        "zone": practitioner.site.time_zone,
    }
