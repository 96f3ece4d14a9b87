"""Shared by the acts of care without consent: who may take part, the attempt that is kept, and the start."""

import datetime
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from clinic.exceptions import InvalidInputError, NotAllowedError
from clinic.models import Account, Procedure
from clinic.printable import check_printable
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.moving import check_may, record_about, save_as
from consent.actions.policy_rows import policy_in_force
from consent.ledger_store import new_entry_id
from consent.models import EmergencyCare, ProcedureStart, TheatreAddition
from consent.rules.emergencies import LATE
from consent.rules.gate import Verdict
from consent.vocabulary import EntryKind

R = TypeVar("R", bound=models.Model)
NOTHING_MISSING = Verdict(unmet=(), warnings=())


@dataclass(frozen=True, slots=True)
class StepAnswer(Generic[R]):
    """What the rules said, and the row when they allowed it."""

    verdict: Verdict
    row: R | None


def check_takes_part(by: Account, procedure: Procedure) -> None:
    """Raises NotAllowedError unless this is a clinician of the patient's clinic, under an own account."""
    check_may(by, Permission.DECLARE_EMERGENCY, consent_site_id=procedure.patient.site_id)
    if getattr(by, "practitioner", None) is None:
        raise NotAllowedError(_("Your role may not do this."))


def checked_words(text: str, *, field: str) -> str:
    """What was written, without blanks around it. Raises InvalidInputError: nothing, or what no paper can show."""
    if not text.strip():
        raise InvalidInputError(_("Write it down in a few words."), field=field)
    check_printable(text, field=field, several_lines=True)
    return text.strip()


def keep_refusal(
    procedure: Procedure, verdict: Verdict, *, way: str, by: Account, at: datetime.datetime
) -> StepAnswer[R]:
    """Keep an attempt that the rules refused.

    **Writes** the entry procedure.start-refused with the ids of what is missing and the way that was tried.
    """
    unmet = [one.requirement_id for one in verdict.unmet]
    record_about(EntryKind.START_REFUSED, procedure, by=by, at=at, rows=[], detail={"unmet": unmet, "way": way})
    return StepAnswer(verdict=verdict, row=None)


def is_late(verdict: Verdict) -> bool:
    """Whether the rules let it pass as a late entry."""
    return any(one.requirement_id == LATE for one in verdict.warnings)


def begin(
    kind: EntryKind,
    procedure: Procedure,
    ground: EmergencyCare | TheatreAddition,
    *,
    by: Account,
    at: datetime.datetime,
    detail: dict[str, bool],
) -> ProcedureStart:
    """Start a procedure on this ground. The caller holds the lock and has asked the rules.

    **Writes** ProcedureStart without a consent, Procedure in-progress, and the one entry.
    """
    policy, new_rows = policy_in_force(procedure.patient.site)
    procedure.status = ProcedureStatus.IN_PROGRESS
    save_as(procedure, by=by)
    start = ProcedureStart(
        procedure=procedure,
        emergency=ground if isinstance(ground, EmergencyCare) else None,
        addition=ground if isinstance(ground, TheatreAddition) else None,
        policy=policy,
        entry_id=new_entry_id(),
        started_by=by,
        started_at=at,
    )
    start.save(force_insert=True)
    rows = [ground, start, *new_rows]
    record_about(kind, procedure, by=by, at=at, rows=rows, detail=detail, entry_id=start.entry_id)
    return start
