"""Complaints: the patient's own with their answers, and those that the advocate has to answer.

Nobody else at the clinic reads them: no page of theirs may ask this module for anything.
"""

import datetime
import uuid
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic import clock
from clinic.models import Account, Patient, PatientCard
from clinic.queries import folded
from clinic.vocabulary import Permission, Role
from consent.models import Complaint, ComplaintAnswer
from consent.rules.complaints import ComplaintState, due_on, standing
from consent.vocabulary import ComplaintCategory, Via
from consent.wording import VIA_WORDS
from consent.wording_voice import COMPLAINT_CATEGORY_WORDS

STATE_WORDS: dict[ComplaintState, str | Promise] = {
    ComplaintState.WAITING: _("Waiting for an answer"),
    ComplaintState.OVERDUE: _("Overdue"),
    ComplaintState.ANSWERED: _("Answered"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AnswerLine:
    """What the advocate answered."""

    words: str
    done: str
    by: str
    at: datetime.datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class ComplaintLine:
    """One complaint in words: for the patient's pages and her bundle, and for the advocate."""

    id: uuid.UUID
    patient_id: uuid.UUID
    made_at: datetime.datetime
    via: str | Promise
    category: str | Promise
    words: str  # the patient's own; may be empty
    about: str  # the procedure of the consent it is about; empty where it is about none
    consent_id: uuid.UUID | None
    adds_to: uuid.UUID | None
    due_on: datetime.date
    state: ComplaintState
    state_words: str | Promise
    answer: AnswerLine | None

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which it had to be answered has passed."""
        return self.state is ComplaintState.OVERDUE


def complaints_visible_to(account: Account) -> QuerySet[Complaint]:
    """A patient's own; for the advocate those of the own site; none for anybody else."""
    rows = Complaint.objects.select_related(
        "site", "patient", "consent__procedure__procedure_type", "answer__answered_by", "correction__answer"
    )
    if account.may(Permission.ANSWER_COMPLAINT):
        return rows.filter(site_id=account.site_id)
    if account.is_active and account.role == Role.PATIENT:
        return rows.filter(patient__account_id=account.pk)
    return rows.none()


def complaint_lines(complaints: Iterable[Complaint], *, at: datetime.datetime) -> tuple[ComplaintLine, ...]:
    """Complaints in words: overdue ones first, then those that wait, the oldest first; answered ones last."""
    lines = [_line(complaint, at=at) for complaint in complaints]
    return tuple(sorted(lines, key=lambda line: (line.answer is not None, line.due_on, line.made_at)))


def own_complaints(patient: Patient) -> tuple[ComplaintLine, ...]:
    """Everything a patient complained of, newest first, each with its clock and its answer."""
    lines = complaint_lines(complaints_visible_to(patient.account), at=clock.now())
    return tuple(sorted(lines, key=lambda line: line.made_at, reverse=True))


def _line(complaint: Complaint, *, at: datetime.datetime) -> ComplaintLine:
    answer: ComplaintAnswer | None = getattr(complaint, "answer", None)
    found = standing(
        made_at=complaint.made_at,
        answered_at=answer.answered_at if answer else None,
        zone=zoneinfo.ZoneInfo(complaint.site.time_zone),
        at=at,
    )
    consent = complaint.consent
    return ComplaintLine(
        id=complaint.pk,
        patient_id=complaint.patient_id,
        made_at=complaint.made_at,
        via=VIA_WORDS[Via(complaint.made_via)],
        category=COMPLAINT_CATEGORY_WORDS[ComplaintCategory(complaint.category)],
        words=complaint.words,
        about=consent.procedure.procedure_type.name_in(get_language() or "en") if consent else "",
        consent_id=complaint.consent_id,
        adds_to=complaint.adds_to_id,
        due_on=found.due_on,
        state=found.state,
        state_words=STATE_WORDS[found.state],
        answer=_answer_line(answer) if answer else None,
    )


def _answer_line(answer: ComplaintAnswer) -> AnswerLine:
    return AnswerLine(words=answer.words, done=answer.done, by=answer.answered_by.display_name, at=answer.answered_at)


def due_if_made_at(patient: Patient, at: datetime.datetime) -> datetime.date:
    """The day by which a complaint made at this instant has to be answered."""
    return due_on(at, zoneinfo.ZoneInfo(patient.site.time_zone))


def overdue_for(account: Account, *, at: datetime.datetime) -> tuple[ComplaintLine, ...]:
    """The complaints this advocate is late with."""
    waiting = complaints_visible_to(account).filter(answer__isnull=True)
    return tuple(line for line in complaint_lines(waiting, at=at) if line.is_overdue)


def speakers_at(account: Account, *, name: str, birth_date: datetime.date | None, card_code: str) -> list[Patient]:
    """Patients of the advocate's own site who may be in front of her: by card, or by whole name and birth date."""
    if not account.may(Permission.ANSWER_COMPLAINT):
        return []
    rows = Patient.objects.select_related("site").filter(site_id=account.site_id)
    if card_code:
        cards = PatientCard.objects.filter(code=card_code, ended_at__isnull=True)
        return list(rows.filter(pk__in=cards.values("patient_id")))
    wanted = folded(name)
    if not wanted or birth_date is None:
        return []
    found = rows.filter(birth_date=birth_date).order_by("registered_at")
    return [patient for patient in found if wanted in {folded(patient.name), folded(patient.latin_name)}]
