"""Start a procedure: the gate (CR-081). There is no other door, and no way round it.

Allowed: one `ProcedureStart` with its consent and its entry. Refused: a value, not an exception, so that the entry that
keeps the attempt is committed. Nothing a page says is trusted; facts are read fresh under the locks.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError
from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureStatus, Role
from consent.actions.locks import live_consent_of, lock_procedure
from consent.actions.moving import check_may, move, record, save_as
from consent.actions.policy_rows import policy_in_force
from consent.ledger_store import Actor, append, new_entry_id
from consent.models import Consent, ProcedureStart
from consent.queries.facts import start_facts
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.vocabulary import Act, EntryKind, Via


@dataclass(frozen=True, slots=True)
class StartAnswer:
    """What the gate said, and the start when it opened."""

    verdict: Verdict
    start: ProcedureStart | None


def _refuse(procedure: Procedure, verdict: Verdict, *, by: Account, at: datetime.datetime) -> StartAnswer:
    append(
        site=procedure.patient.site,
        kind=EntryKind.START_REFUSED,
        subject=procedure.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=Via.STAFF),
        rows=[],
        occurred_at=at,
        detail={"procedure": procedure.pk.hex, "unmet": [unmet.requirement_id for unmet in verdict.unmet]},
    )
    return StartAnswer(verdict=verdict, start=None)


def _open(
    procedure: Procedure, consent: Consent, verdict: Verdict, *, by: Account, at: datetime.datetime
) -> StartAnswer:
    move(consent, Act.START)
    save_as(consent, by=by)
    procedure.status = ProcedureStatus.IN_PROGRESS
    save_as(procedure, by=by)
    policy, new_rows = policy_in_force(procedure.patient.site)
    start = ProcedureStart(
        procedure=procedure, consent=consent, policy=policy, entry_id=new_entry_id(), started_by=by, started_at=at
    )
    start.save(force_insert=True)
    record(
        EntryKind.PROCEDURE_STARTED,
        consent,
        entry_id=start.entry_id,
        by=by,
        via=Via.STAFF,
        at=at,
        rows=[consent, start, *new_rows],
        detail={"procedure": procedure.pk.hex},
    )
    return StartAnswer(verdict=verdict, start=start)


@one_act
def start_procedure(*, procedure_id: uuid.UUID, by: Account) -> StartAnswer:
    """Ask the gate, and start the procedure if it opens.

    **Gives** the verdict with every unmet requirement; the start when allowed (the same start on a second click).
    **Raises** NotAllowedError (role, site, or not a practitioner).
    **Writes** ProcedureStart, Consent used, Procedure in-progress and entry procedure.started; or only the entry
    procedure.start-refused with the ids of what is missing.
    """
    procedure = lock_procedure(procedure_id)
    check_may(by, Permission.START_PROCEDURE, consent_site_id=procedure.patient.site_id)
    practitioner = getattr(by, "practitioner", None)
    if practitioner is None:
        raise NotAllowedError(_("Your role may not do this."))
    earlier = ProcedureStart.objects.filter(procedure=procedure, started_by=by).first()
    if earlier is not None and procedure.status == ProcedureStatus.IN_PROGRESS:
        return StartAnswer(verdict=Verdict(unmet=(), warnings=()), start=earlier)
    consent = live_consent_of(procedure)
    at = clock.now()
    facts = start_facts(procedure=procedure, consent=consent, at=at, operator_id=practitioner.pk)
    verdict = judge(facts, stage=Stage.START, site=procedure.patient.site, consent=consent)
    if consent is None or not verdict.is_allowed:
        return _refuse(procedure, verdict, by=by, at=at)
    return _open(procedure, consent, verdict, by=by, at=at)
