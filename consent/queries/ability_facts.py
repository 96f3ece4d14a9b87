"""Being able to decide, and what shortens a wait, as facts for the gate."""

import uuid

from clinic.models import Account
from clinic.vocabulary import ProcedureCategory
from consent.facts import (
    AbdominalEmergencyFacts,
    AbilityFacts,
    CapacityFindingFacts,
    GuardianFacts,
    PrematureBirthFacts,
    ShorterWaitFacts,
    WaitFacts,
)
from consent.models import Consent, ShorterWaitRequest
from consent.queries.rows_around import Said
from consent.queries.team import is_outside_team
from consent.vocabulary import CapacityFinding, Decision


def ability_facts(said: Said) -> AbilityFacts:
    """Everything recorded about being able to decide, oldest first; of each guardian the newest word."""
    newest = {" ".join(word.name.casefold().split()): word for word in said.guardian_words}
    notes = said.young_person_notes
    return AbilityFacts(
        findings=tuple(
            CapacityFindingFacts(
                finding=CapacityFinding(row.finding), assessed_at=row.assessed_at, assessed_by=row.assessed_by_id
            )
            for row in said.assessments
        ),
        is_able_young_person=notes[-1].is_able if notes else None,
        guardians=tuple(
            GuardianFacts(name=name, decision=Decision(word.decision), recorded_at=word.recorded_at)
            for name, word in newest.items()
        ),
    )


def wait_facts(consent: Consent) -> WaitFacts:
    """What was certified or agreed towards a shorter wait. Asked only where a wait can be shortened at all."""
    if consent.procedure.procedure_type.category != ProcedureCategory.STER:
        return WaitFacts()
    birth = getattr(consent, "premature_birth", None)
    emergency = getattr(consent, "abdominal_emergency", None)
    request = getattr(consent, "shorter_wait_request", None)
    return WaitFacts(
        premature_birth=birth
        and PrematureBirthFacts(
            expected_on=birth.expected_on,
            born_on=birth.born_on,
            certified_at=birth.certified_at,
            certified_by=_practitioner_id(birth.certified_by),
        ),
        abdominal_emergency=emergency
        and AbdominalEmergencyFacts(
            is_described=bool(emergency.circumstances.strip()),
            certified_at=emergency.certified_at,
            certified_by=_practitioner_id(emergency.certified_by),
        ),
        shorter_wait=request and _shorter_wait(consent, request),
    )


def _practitioner_id(account: Account) -> uuid.UUID:
    """Under which id the facts know a clinician who certifies: the one by which procedures name their operator."""
    return account.practitioner.pk


def _shorter_wait(consent: Consent, request: ShorterWaitRequest) -> ShorterWaitFacts:
    answer = getattr(request, "answer", None)
    return ShorterWaitFacts(
        asked_at=request.asked_at,
        was_asked_by_patient=request.asked_by_id == consent.patient.account_id,
        answered_at=answer.answered_at if answer else None,
        is_agreed=answer.is_agreed if answer else None,
        was_private=answer.was_private if answer else None,
        is_outside_team=is_outside_team(answer.answered_by_id, consent.procedure_id) if answer else None,
        after_birth_or_abortion_72h=answer.after_birth_or_abortion_72h if answer else None,
    )
