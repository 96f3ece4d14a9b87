"""Declare an addition in theatre: something more must be done at once. The first of two."""

import uuid
from dataclasses import dataclass

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.planning import checked_type, plan_added
from clinic.actions.saving import sent_before
from clinic.models import Account
from clinic.vocabulary import Laterality
from consent.actions.emergency_steps import (
    NOTHING_MISSING,
    StepAnswer,
    check_takes_part,
    checked_words,
    keep_refusal,
)
from consent.actions.locks import live_consent_of, lock_procedure
from consent.actions.moving import record_about
from consent.models import TheatreAddition
from consent.queries.emergencies import addition_facts, judge_addition
from consent.rules.gate import Verdict
from consent.vocabulary import EntryKind, Grounds


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What is to be added, and why it cannot wait."""

    procedure_type_id: uuid.UUID
    laterality: Laterality
    body_site: str
    grounds: Grounds
    danger: str  # the patient will read these words


@one_act
def declare_addition(
    *, procedure_id: uuid.UUID, wanted: Wanted, by: Account, form_key: uuid.UUID
) -> StepAnswer[TheatreAddition]:
    """Say that something must be added to a procedure under way. Nothing is added before a second agrees.

    **Takes** the procedure under way; what is added, and why.
    **Gives** the verdict; the addition when allowed (the same one when the same form comes twice).
    **Raises** NotAllowedError (no clinician of this clinic), InvalidInputError naming the field.
    **Writes** Procedure (planned, same patient, operator and appointment), TheatreAddition and entry
    addition.declared; or only the entry procedure.start-refused.
    **Source** CR-025, CR-010; NHS consent guidance; I.V. v. Bolivia (never a sterilisation).
    """
    during = lock_procedure(procedure_id)
    live_consent_of(during)
    check_takes_part(by, during)
    earlier = sent_before(
        TheatreAddition.objects, form_key=form_key, by=by, by_field="declared_by", about={"during_id": during.pk}
    )
    if earlier is not None:
        return StepAnswer(verdict=NOTHING_MISSING, row=earlier)
    kind = checked_type(wanted.procedure_type_id, wanted.laterality)
    danger, at = checked_words(wanted.danger, field="danger"), clock.now()
    facts = addition_facts(during, kind, at=at, status=None, grounds=wanted.grounds, declared_by=by.pk)
    verdict = judge_addition(facts, during.patient.site)
    if not verdict.is_allowed:
        return keep_refusal(during, verdict, way="addition", by=by, at=at)
    addition = TheatreAddition(
        during=during,
        procedure=plan_added(during, kind, laterality=wanted.laterality, body_site=wanted.body_site, by=by),
        grounds=wanted.grounds,
        danger=danger,
        declared_by=by,
        declared_at=at,
        form_key=form_key,
    )
    return _keep(addition, verdict, by=by)


def _keep(addition: TheatreAddition, verdict: Verdict, *, by: Account) -> StepAnswer[TheatreAddition]:
    addition.save(force_insert=True)
    detail = {"during": addition.during_id.hex, "grounds": str(addition.grounds)}
    record_about(
        EntryKind.ADDITION_DECLARED,
        addition.procedure,
        by=by,
        at=addition.declared_at,
        rows=[addition],
        detail=detail,
    )
    return StepAnswer(verdict=verdict, row=addition)
