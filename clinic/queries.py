"""Reads of the ground floor: rows turned into plain lines that pages may show. Nothing here writes.

Everything that belongs to someone starts from `clinic.access`, so that a page cannot show what is not its reader's.
"""

import datetime
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Q

from clinic.access import (
    appointments_visible_to,
    patients_visible_to,
    practitioners_visible_to,
    procedures_visible_to,
)
from clinic.models import Account, Appointment, Patient, PatientCard, Procedure, ProcedureType, RecordView
from clinic.scheduling.local_times import day_bounds
from clinic.vocabulary import AppointmentStatus, Permission, Role

OPEN_STATUSES = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED)


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcedureLine:
    """One planned procedure in a list."""

    id: uuid.UUID
    name: str
    laterality: str
    body_site: str
    operator_name: str
    status: str
    starts_at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class DiaryLine:
    """One appointment in a list: a time and a name. Procedures only for those who may see them."""

    id: uuid.UUID
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    status: str
    patient_id: uuid.UUID
    patient_name: str
    practitioner_name: str
    procedures: tuple[ProcedureLine, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class PatientLine:
    """A patient found by two identifiers, or one who looks like another."""

    id: uuid.UUID
    name: str
    latin_name: str
    birth_date: datetime.date


@dataclass(frozen=True, kw_only=True, slots=True)
class CardLine:
    """The card in use, without its code."""

    issued_at: datetime.datetime
    is_locked: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewLine:
    """Who looked at a patient's record."""

    viewed_at: datetime.datetime
    name: str
    role: Role
    site: str
    page: str


def diary(account: Account, day: datetime.date, *, language: str) -> list[DiaryLine]:
    """Appointments of one day at the own clinic, in order of time; for a clinician only her or his own."""
    start, end = day_bounds(day, time_zone=account.site.time_zone)
    rows = appointments_visible_to(account).filter(starts_at__gte=start, starts_at__lt=end)
    if account.role == Role.PRACTITIONER:
        rows = rows.filter(practitioner__account_id=account.pk)
    shown = rows.exclude(status=AppointmentStatus.ENTERED_IN_ERROR).order_by("starts_at", "pk")
    return _with_procedures(account, [_diary_line(row) for row in shown], language)


def appointments_of(account: Account, patient_id: uuid.UUID, *, language: str) -> list[DiaryLine]:
    """All appointments of one patient, newest first, as far as the reader may see them."""
    rows = appointments_visible_to(account).filter(patient_id=patient_id).order_by("-starts_at", "pk")
    return _with_procedures(account, [_diary_line(row) for row in rows], language)


def open_appointments_of(account: Account, patient_id: uuid.UUID) -> list[DiaryLine]:
    """Appointments of one patient that are booked or where she has come, in order of time."""
    rows = appointments_visible_to(account).filter(patient_id=patient_id, status__in=OPEN_STATUSES)
    return [_diary_line(row) for row in rows.order_by("starts_at", "pk")]


def procedures_of(account: Account, patient_id: uuid.UUID, *, language: str) -> list[ProcedureLine]:
    """All procedures of one patient, newest first, as far as the reader may see them."""
    rows = procedures_visible_to(account).filter(patient_id=patient_id).order_by("-appointment__starts_at", "pk")
    return [_procedure_line(row, language) for row in rows]


def find_patients(account: Account, *, name_part: str, birth_date: datetime.date) -> list[PatientLine]:
    """Patients found by two identifiers: a part of the name in any script, and the birth date."""
    wanted = folded(name_part)
    if not wanted:
        return []
    rows = patients_visible_to(account).filter(birth_date=birth_date).order_by("name", "pk")
    return [_patient_line(row) for row in rows if wanted in folded(row.name) or wanted in folded(row.latin_name)]


def find_by_card(account: Account, *, code: str) -> list[PatientLine]:
    """The patient who carries this card, if she is one of this clinic's."""
    rows = patients_visible_to(account).filter(cards__code=code, cards__ended_at__isnull=True)
    return [_patient_line(row) for row in rows]


def look_alikes(*, site_id: uuid.UUID, name: str, latin_name: str, birth_date: datetime.date) -> list[PatientLine]:
    """Patients of a clinic who may be the same person: the same name, or the same birth date and a name in common."""
    wanted = _name_parts(name, latin_name)
    rows = Patient.objects.filter(site_id=site_id).filter(
        Q(birth_date=birth_date) | Q(name__iexact=name) | (Q(latin_name__iexact=latin_name) & ~Q(latin_name=""))
    )
    return [
        _patient_line(row)
        for row in rows.order_by("name", "pk")
        if row.birth_date != birth_date or wanted & _name_parts(row.name, row.latin_name)
    ]


def card_of(account: Account, patient_id: uuid.UUID) -> CardLine | None:
    """The card a patient of this reader has in use."""
    card = PatientCard.objects.filter(
        patient__in=patients_visible_to(account), patient_id=patient_id, ended_at__isnull=True
    ).first()
    return CardLine(issued_at=card.issued_at, is_locked=card.locked_at is not None) if card else None


def practitioner_choices(account: Account) -> list[tuple[str, str]]:
    """Clinicians this reader may book, as form choices."""
    return [
        (str(row.pk), f"{row.account.display_name} ({row.profession})") for row in practitioners_visible_to(account)
    ]


def practitioner_id_of(account: Account) -> uuid.UUID | None:
    """The clinician this reader is, if she or he is one."""
    return practitioners_visible_to(account).filter(account_id=account.pk).values_list("pk", flat=True).first()


def procedure_type_choices(language: str) -> list[tuple[str, str]]:
    """Everything that can be planned, by plain name, as form choices."""
    return sorted(((str(row.pk), row.name_in(language)) for row in ProcedureType.objects.all()), key=lambda row: row[1])


def record_views_of(patient_id: uuid.UUID) -> list[ViewLine]:
    """Who looked at a patient's record, newest first, all of it: many later looks must not push an early one out."""
    rows = RecordView.objects.filter(patient_id=patient_id).select_related("viewed_by__site")
    return [
        ViewLine(
            viewed_at=row.viewed_at,
            name=row.viewed_by.display_name,
            role=Role(row.viewed_by.role),
            site=row.viewed_by.site.name,
            page=row.page,
        )
        for row in rows.order_by("-viewed_at", "-pk")
    ]


def procedure_ids(lines: Iterable[DiaryLine]) -> list[uuid.UUID]:
    """Ids of every procedure in a list of appointments."""
    return [procedure.id for line in lines for procedure in line.procedures]


def folded(text: str) -> str:
    """A name for comparing: one width, one case, no blanks at its ends, in any script."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _name_parts(*names: str) -> frozenset[str]:
    """Words of the names; of names written without blanks (Chinese, Japanese) their pairs of signs."""
    parts: set[str] = set()
    for word in folded(" ".join(names)).split():
        is_wide = unicodedata.east_asian_width(word[0]) == "W"
        parts |= {word[at : at + 2] for at in range(max(1, len(word) - 1))} if is_wide else {word}
    return frozenset(parts)


def _with_procedures(account: Account, lines: list[DiaryLine], language: str) -> list[DiaryLine]:
    if not account.may(Permission.SEE_PROCEDURES):
        return lines
    rows = procedures_visible_to(account).filter(appointment_id__in=[line.id for line in lines])
    found: dict[uuid.UUID, list[ProcedureLine]] = {line.id: [] for line in lines}
    for row in rows.order_by("planned_at", "pk"):
        found[row.appointment_id].append(_procedure_line(row, language))
    return [replace(line, procedures=tuple(found[line.id])) for line in lines]


def _diary_line(row: Appointment) -> DiaryLine:
    return DiaryLine(
        id=row.pk,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        status=row.status,
        patient_id=row.patient_id,
        patient_name=row.patient.name,
        practitioner_name=row.practitioner.account.display_name,
    )


def _procedure_line(row: Procedure, language: str) -> ProcedureLine:
    return ProcedureLine(
        id=row.pk,
        name=row.procedure_type.name_in(language),
        laterality=row.laterality,
        body_site=row.body_site,
        operator_name=row.operator.account.display_name,
        status=row.status,
        starts_at=row.appointment.starts_at,
    )


def _patient_line(row: Patient) -> PatientLine:
    return PatientLine(id=row.pk, name=row.name, latin_name=row.latin_name, birth_date=row.birth_date)
