"""What a patient may show to others without telling more than she wants: an extract, and a note that she was here.

Only what she ticked is read. A part in which nothing stands has no heading: what is left out and what never was look
the same. No clinician and no department is named, because a profession can tell what somebody came for.
"""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import Appointment, Patient, Procedure
from clinic.vocabulary import AccessNeed, AppointmentStatus, ProcedureCategory, ProcedureStatus
from clinic.wording import ACCESS_NEED_WORDS, CATEGORY_WORDS
from consent.queries.own_bundle_pages import time_words, under_each_other
from consent.queries.record_language import language_on_paper, printed_language
from consent.record.labels import LABELS
from consent.record.leaflet import Leaflet, LeafletPart
from consent.vocabulary import ExtractPart

STANDING = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
WAS_THERE = (AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractChoice:
    """What goes into an extract: parts, kinds of care, and the language of its words (a Django language code)."""

    parts: frozenset[ExtractPart]
    kinds: frozenset[ProcedureCategory]
    language: str


def own_extract(patient: Patient, choice: ExtractChoice, *, at: datetime.datetime) -> Leaflet:
    """The extract of one patient."""
    with translation.override(choice.language):
        return Leaflet(
            language=printed_language(choice.language),
            title=_("Extract from my health record"),
            site_name=patient.site.name,
            about="",
            parts=tuple(part for part in _parts(patient, choice) if part.lines),
            page=_(LABELS["page"]),
            made_at=at,
        )


def _parts(patient: Patient, choice: ExtractChoice) -> Iterator[LeafletPart]:
    yield LeafletPart(heading="", lines=_who(patient))
    if ExtractPart.NEEDS in choice.parts:
        yield LeafletPart(heading=_("What helps me to read, hear and understand"), lines=_needs(patient))
    if ExtractPart.APPOINTMENTS in choice.parts:
        yield LeafletPart(heading=_("My appointments"), lines=_appointments(patient))
    for kind in ProcedureCategory:
        if kind in choice.kinds:
            yield LeafletPart(heading=str(CATEGORY_WORDS[kind]), lines=_done(patient, kind, choice.language))


def _who(patient: Patient) -> tuple[tuple[str, str], ...]:
    found = (
        (_("Name"), patient.name),
        (_("Name in Latin letters"), patient.latin_name),
        (_("Date of birth"), patient.birth_date.isoformat()),
    )
    return tuple((label, value) for label, value in found if value)


def _needs(patient: Patient) -> tuple[tuple[str, str], ...]:
    needs = under_each_other(*(ACCESS_NEED_WORDS[AccessNeed(code)] for code in patient.access_needs or ()))
    languages = under_each_other(*map(language_on_paper, patient.languages))
    found = (
        (_("Languages"), languages),
        (_("What is hard for me"), needs),
        (_("What helps me"), patient.communication_needs),
    )
    return tuple((label, value) for label, value in found if value)


def _appointments(patient: Patient) -> tuple[tuple[str, str], ...]:
    rows = Appointment.objects.select_related("site").filter(patient=patient, status__in=STANDING)
    return tuple(
        (time_words(row.starts_at, row.site.time_zone), row.site.name) for row in rows.order_by("starts_at", "pk")
    )


def _done(patient: Patient, kind: ProcedureCategory, language: str) -> tuple[tuple[str, str], ...]:
    rows = Procedure.objects.select_related("procedure_type", "appointment", "start__end").filter(
        patient=patient, procedure_type__category=kind, status=ProcedureStatus.COMPLETED
    )
    zone = zoneinfo.ZoneInfo(patient.site.time_zone)
    found = [(row.start.end.ended_at.astimezone(zone).date(), row.procedure_type.name_in(language)) for row in rows]
    return tuple((day.isoformat(), name) for day, name in sorted(found))


def visits_of(patient: Patient) -> QuerySet[Appointment]:
    """The appointments she came to, newest first."""
    rows = Appointment.objects.select_related("site").filter(patient=patient, status__in=WAS_THERE)
    return rows.order_by("-starts_at", "pk")


def visit_words(visit: Appointment) -> str:
    """Day and times of a visit, in the clinic's zone, in digits."""
    zone = zoneinfo.ZoneInfo(visit.site.time_zone)
    starts_at, ends_at = visit.starts_at.astimezone(zone), visit.ends_at.astimezone(zone)
    return f"{starts_at:%Y-%m-%d}, {starts_at:%H:%M}–{ends_at:%H:%M}"


def attendance_note(patient: Patient, visit_id: uuid.UUID, *, language: str, at: datetime.datetime) -> Leaflet | None:
    """That she was at the clinic, when, and nothing else; None where she was not. No clinician, no reason."""
    visit = visits_of(patient).filter(pk=visit_id).first()
    if visit is None:
        return None
    with translation.override(language):
        return Leaflet(
            language=printed_language(language),
            title=_("Note of attendance"),
            site_name=visit.site.name,
            about=_("The person named here was at this clinic at this time."),
            parts=(
                LeafletPart(heading="", lines=((_("Name"), patient.name), (_("Day and time"), visit_words(visit)))),
            ),
            page=_(LABELS["page"]),
            made_at=at,
        )
