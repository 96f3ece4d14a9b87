"""Agree to an addition in theatre: a second clinician says the same, and what is added starts."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Account
from consent.actions.emergency_steps import NOTHING_MISSING, StepAnswer, begin, check_takes_part, keep_refusal
from consent.actions.locks import live_consent_of, lock_procedure
from consent.models import ProcedureStart, TheatreAddition
from consent.queries.emergencies import facts_of_addition, judge_addition
from consent.vocabulary import EntryKind


@one_act
def agree_to_addition(*, procedure_id: uuid.UUID, by: Account) -> StepAnswer[ProcedureStart]:
    """Start what is added to a procedure under way, as the second of two clinicians; one of the two operates.

    **Takes** the added procedure.
    **Gives** the verdict; the start when allowed (the same start on a second click).
    **Raises** NotAllowedError (no clinician of this clinic), WrongStateError (nobody declared an addition).
    **Writes** ProcedureStart without a consent, Procedure in-progress and entry addition.agreed; or only the entry
    procedure.start-refused. The procedure under way has to be under way still.
    **Source** CR-025.
    """
    addition = TheatreAddition.objects.filter(procedure_id=procedure_id).first()
    if addition is None:
        raise WrongStateError(_("Nobody has declared an addition here."))
    during = lock_procedure(addition.during_id)
    procedure = lock_procedure(procedure_id)
    live_consent_of(during)
    check_takes_part(by, procedure)
    earlier = ProcedureStart.objects.filter(addition=addition, started_by=by).first()
    if earlier is not None:
        return StepAnswer(verdict=NOTHING_MISSING, row=earlier)
    at = clock.now()
    verdict = judge_addition(facts_of_addition(addition, at=at, agreed_by=by.pk), during.patient.site)
    if not verdict.is_allowed:
        return keep_refusal(procedure, verdict, way="addition", by=by, at=at)
    start = begin(EntryKind.ADDITION_AGREED, procedure, addition, by=by, at=at, detail={"is_late": False})
    return StepAnswer(verdict=verdict, row=start)
