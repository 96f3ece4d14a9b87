"""Corrections that patients asked for: their own, with the answers, and those that the clinic has to answer."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clinic.models import Account, Patient
from clinic.vocabulary import Permission, Role
from consent.models import CorrectionAnswer, CorrectionRequest
from consent.vocabulary import CorrectionOutcome
from consent.wording_voice import CORRECTION_OUTCOME_WORDS

OWN_DETAILS = _("My name, birth date, languages, or how I can be reached")


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectionLine:
    """One wish for a correction in words: for the patient's pages and her bundle."""

    id: uuid.UUID
    asked_at: datetime.datetime
    about: str | Promise
    wrong: str
    should_say: str
    outcome: str | Promise  # empty while nobody answered
    answer: str
    answered_by: str
    answered_at: datetime.datetime | None
    can_send: bool  # to the advocate: not sent yet, and not simply granted


def corrections_visible_to(account: Account) -> QuerySet[CorrectionRequest]:
    """A patient's own; of the own site those of who may answer: about a consent only whoever may read it."""
    rows = CorrectionRequest.objects.select_related(
        "site", "patient", "consent__procedure__procedure_type", "answer__answered_by"
    ).order_by("asked_at")
    if account.is_active and account.role == Role.PATIENT:
        return rows.filter(patient__account_id=account.pk)
    if not account.may(Permission.ANSWER_CORRECTION):
        return rows.none()
    at_site = rows.filter(site_id=account.site_id)
    return at_site if account.may(Permission.READ_PATIENT_RECORD) else at_site.filter(consent__isnull=True)


def own_corrections(patient: Patient) -> tuple[CorrectionLine, ...]:
    """Every correction a patient asked for, newest first, with its answer."""
    rows = corrections_visible_to(patient.account).select_related("sent_to_advocate").order_by("-asked_at")
    return tuple(_line(row) for row in rows)


def waiting_for(account: Account) -> list[CorrectionRequest]:
    """The wishes nobody at this person's clinic has answered, the oldest first."""
    return list(corrections_visible_to(account).filter(answer__isnull=True))


def about_words(request: CorrectionRequest) -> str | Promise:
    """What a wish is about: a procedure's name, or her details."""
    if request.consent is None:
        return OWN_DETAILS
    return request.consent.procedure.procedure_type.name_in(get_language() or "en")


def decisions_of(consents: Iterable[object]) -> list[tuple[str, str]]:
    """A patient's consents as choices: her decisions by the name of the procedure."""
    language = get_language() or "en"
    return [(str(row.pk), row.procedure.procedure_type.name_in(language)) for row in consents]  # type: ignore[attr-defined]


def _line(row: CorrectionRequest) -> CorrectionLine:
    answer: CorrectionAnswer | None = getattr(row, "answer", None)
    outcome = CorrectionOutcome(answer.outcome) if answer else None
    return CorrectionLine(
        id=row.pk,
        asked_at=row.asked_at,
        about=about_words(row),
        wrong=row.wrong,
        should_say=row.should_say,
        outcome=CORRECTION_OUTCOME_WORDS[outcome] if outcome else "",
        answer=answer.words if answer else "",
        answered_by=answer.answered_by.display_name if answer else "",
        answered_at=answer.answered_at if answer else None,
        can_send=getattr(row, "sent_to_advocate", None) is None,
    )
