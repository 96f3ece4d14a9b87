"""What the patient leaves out leaves no gap: nothing in the file points to it any more."""

import uuid
from collections.abc import Set
from dataclasses import replace

from consent.fhir_facts import ConsentFacts, PatientFacts, ProcedureFacts


def only_these(
    facts: PatientFacts,
    *,
    consent_ids: Set[uuid.UUID],
    has_other_procedures: bool = False,
    has_appointments: bool = True,
    has_looks: bool = True,
) -> PatientFacts:
    """The facts with some of the consents only, their procedures and their documents.

    **Takes** which consents stay; whether procedures that no consent was ever asked for stay (care without her word);
    whether appointments that have nothing to do with a consent that stays may stay, and who looked.
    """
    consents = tuple(one for one in facts.consents if one.id in consent_ids)
    asked = {one.procedure_id for one in facts.consents}
    stay = {one.procedure_id for one in consents}
    procedures = tuple(
        one for one in facts.procedures if one.id in stay or (has_other_procedures and one.id not in asked)
    )
    needed = {one.appointment_id for one in procedures}
    appointments = tuple(one for one in facts.appointments if has_appointments or one.id in needed)
    looks = facts.looks if has_looks else ()
    chosen = replace(facts, consents=consents, procedures=procedures, appointments=appointments, looks=looks)
    return resolvable(chosen)


def resolvable(facts: PatientFacts) -> PatientFacts:
    """The facts without any word about something that is not among them."""
    procedures = {one.id for one in facts.procedures}
    appointments = {one.id for one in facts.appointments}
    consents = {one.id for one in facts.consents}
    return replace(
        facts,
        procedures=tuple(_procedure(one, procedures, appointments) for one in facts.procedures),
        consents=tuple(_consent(one, consents) for one in facts.consents),
        documents=tuple(one for one in facts.documents if one.consent_id in consents),
    )


def _procedure(facts: ProcedureFacts, known: set[uuid.UUID], appointments: set[uuid.UUID]) -> ProcedureFacts:
    ground = facts.without_word
    if ground is not None and ground.during_id not in known:
        ground = replace(ground, during_id=None)
    appointment_id = facts.appointment_id if facts.appointment_id in appointments else None
    return replace(facts, without_word=ground, appointment_id=appointment_id)


def _consent(facts: ConsentFacts, known: set[uuid.UUID]) -> ConsentFacts:
    return facts if facts.supersedes_id in known else replace(facts, supersedes_id=None)
