"""Agree to an emergency: a second clinician looked, says the same, and the procedure starts."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.emergency_steps import (
    NOTHING_MISSING,
    StepAnswer,
    begin,
    check_takes_part,
    is_late,
    keep_refusal,
)
from consent.actions.locks import live_consent_of, lock_procedure
from consent.models import EmergencyCare, ProcedureStart
from consent.queries.emergencies import facts_of_declared, judge_emergency
from consent.vocabulary import EntryKind


@one_act
def agree_to_emergency(*, procedure_id: uuid.UUID, by: Account) -> StepAnswer[ProcedureStart]:
    """Start a procedure without consent, as the second of two clinicians.

    **Gives** the verdict; the start when allowed (the same start on a second click).
    **Raises** NotAllowedError (no clinician of this clinic), WrongStateError (nobody declared an emergency).
    **Writes** ProcedureStart without a consent, Procedure in-progress and entry emergency.agreed; or only the entry
    procedure.start-refused. A refusal that came in between wins.
    **Source** CR-024; Civil Code of China art. 1220.
    """
    procedure = lock_procedure(procedure_id)
    live_consent_of(procedure)
    check_takes_part(by, procedure)
    emergency = EmergencyCare.objects.filter(procedure=procedure).first()
    if emergency is None:
        raise WrongStateError(_("Nobody has declared an emergency for this procedure."))
    earlier = ProcedureStart.objects.filter(emergency=emergency, started_by=by).first()
    if earlier is not None:
        return StepAnswer(verdict=NOTHING_MISSING, row=earlier)
    at = clock.now()
    facts = facts_of_declared(emergency, at=at, agreed_by=by.pk)
    verdict = judge_emergency(facts, procedure.patient.site)
    if not verdict.is_allowed:
        return keep_refusal(procedure, verdict, way="emergency", by=by, at=at)
    detail = {"is_late": is_late(verdict)}
    start = begin(EntryKind.EMERGENCY_AGREED, procedure, emergency, by=by, at=at, detail=detail)
    return StepAnswer(verdict=verdict, row=start)
