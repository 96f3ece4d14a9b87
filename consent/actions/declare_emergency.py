"""Declare an emergency: life is at risk, nobody can ask the patient, and no refusal is known. The first of two."""

import datetime
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.saving import sent_before
from clinic.exceptions import InvalidInputError, WrongStateError
from clinic.models import Account, Procedure
from consent.actions.emergency_steps import (
    NOTHING_MISSING,
    StepAnswer,
    check_takes_part,
    checked_words,
    is_late,
    keep_refusal,
)
from consent.actions.locks import live_consent_of, lock_procedure
from consent.actions.moving import record_about
from consent.models import EmergencyCare
from consent.queries.emergencies import emergency_facts, judge_emergency
from consent.rules.emergencies import minutes_later
from consent.rules.gate import Verdict
from consent.vocabulary import CannotConsent, EntryKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Need:
    """What the first clinician says."""

    is_life_at_risk: bool
    why_not_asked: CannotConsent
    danger: str  # the patient will read these words
    happened_at: datetime.datetime  # when the need arose; aware


@one_act
def declare_emergency(
    *, procedure_id: uuid.UUID, need: Need, by: Account, form_key: uuid.UUID
) -> StepAnswer[EmergencyCare]:
    """Say that this procedure must be done at once without the patient's word. Nothing starts before a second agrees.

    **Takes** the need; what arose more than six hours ago stays marked as late.
    **Gives** the verdict; the declaration when allowed (the same one when the same form comes twice).
    **Raises** NotAllowedError (no clinician of this clinic), InvalidInputError, WrongStateError (declared before).
    **Writes** EmergencyCare and entry emergency.declared; or only the entry procedure.start-refused.
    **Source** CR-024, CR-073; Civil Code of China art. 1220; FIGO 2011 (a sterilisation is never an emergency).
    """
    procedure = lock_procedure(procedure_id)
    live_consent_of(procedure)
    check_takes_part(by, procedure)
    earlier = sent_before(
        EmergencyCare.objects, form_key=form_key, by=by, by_field="declared_by", about={"procedure_id": procedure.pk}
    )
    if earlier is not None:
        return StepAnswer(verdict=NOTHING_MISSING, row=earlier)
    if EmergencyCare.objects.filter(procedure=procedure).exists():
        raise WrongStateError(_("An emergency has been declared for this procedure already. A second may agree to it."))
    if need.happened_at.tzinfo is None:
        raise InvalidInputError(_("Say when the need arose."), field="happened_at")
    danger, at = checked_words(need.danger, field="danger"), clock.now()
    verdict = _judged(procedure, need, by=by, at=at)
    if not verdict.is_allowed:
        return keep_refusal(procedure, verdict, way="emergency", by=by, at=at)
    emergency = EmergencyCare(
        procedure=procedure,
        why_not_asked=need.why_not_asked,
        danger=danger,
        happened_at=need.happened_at,
        declared_by=by,
        declared_at=at,
        form_key=form_key,
    )
    return _keep(emergency, verdict, by=by, at=at)


def _judged(procedure: Procedure, need: Need, *, by: Account, at: datetime.datetime) -> Verdict:
    facts = emergency_facts(
        procedure,
        at=at,
        is_life_at_risk=need.is_life_at_risk,
        why_not_asked=need.why_not_asked,
        happened_at=need.happened_at,
        declared_by=by.pk,
    )
    return judge_emergency(facts, procedure.patient.site)


def _keep(
    emergency: EmergencyCare, verdict: Verdict, *, by: Account, at: datetime.datetime
) -> StepAnswer[EmergencyCare]:
    emergency.save(force_insert=True)
    detail = {
        "why": str(emergency.why_not_asked),
        "minutes_later": minutes_later(emergency.happened_at, at),
        "is_late": is_late(verdict),
    }
    record_about(EntryKind.EMERGENCY_DECLARED, emergency.procedure, by=by, at=at, rows=[emergency], detail=detail)
    return StepAnswer(verdict=verdict, row=emergency)
