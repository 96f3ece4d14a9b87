"""Appointments and procedures."""

import uuid
from collections.abc import Iterable

from clinic.vocabulary import Laterality
from consent.fhir.codes import own
from consent.fhir.releases import Release
from consent.fhir.values import Json, coding, concept, filled, identifier, instant, period, reference, words
from consent.fhir_facts import AppointmentFacts, ProcedureFacts, WithoutWordFacts


def appointment(facts: AppointmentFacts, *, patient_id: uuid.UUID, zone: str, about: Iterable[uuid.UUID]) -> Json:
    """A planned meeting (R4). It says no reason; what it is about is only pointed at, in the same file."""
    came = (patient_id, facts.practitioner_id, facts.site_id)
    return filled(
        {
            "resourceType": "Appointment",
            "id": str(facts.id),
            "identifier": [identifier(own("appointment"), str(facts.id))],
            "status": facts.status.value,
            "start": instant(facts.starts_at, zone),
            "end": instant(facts.ends_at, zone),
            "created": instant(facts.booked_at, zone),
            "participant": [{"actor": reference(key), "status": "accepted"} for key in came],
            "supportingInformation": [reference(key) for key in about],
        }
    )


def procedure_code(facts: ProcedureFacts) -> Json:
    """What is done, as a code and in plain words."""
    return concept(coding(facts.code_system, facts.code), text=facts.name)


def category_code(facts: ProcedureFacts) -> Json:
    """The kind of care."""
    return concept(coding(own("procedure-category"), facts.category.value))


def procedure(facts: ProcedureFacts, *, patient_id: uuid.UUID, zone: str, release: Release) -> Json:
    """One procedure. Done without her word, it says so in a note and names no consent."""
    category = category_code(facts)
    is_r4 = release is Release.R4
    stopped = facts.stop_reason
    during = facts.without_word.during_id if facts.without_word else None
    return filled(
        {
            "resourceType": "Procedure",
            "id": str(facts.id),
            "identifier": [identifier(own("procedure"), str(facts.id))],
            "partOf": [reference(during)] if during else [],
            "status": facts.status.value,
            "statusReason": concept(coding(own("stop-reason"), stopped.value)) if stopped else None,
            "category": category if is_r4 else [category],
            "code": procedure_code(facts),
            "subject": reference(patient_id),
            "performedPeriod" if is_r4 else "occurrencePeriod": period(facts.started_at, facts.ended_at, zone),
            "performer": [{"actor": reference(facts.operator_id)}],
            "location": reference(facts.site_id),
            "bodySite": _body_site(facts),
            **(_without_word(facts.without_word, zone=zone, is_r4=is_r4) if facts.without_word else {}),
        }
    )


def _body_site(facts: ProcedureFacts) -> list[Json]:
    has_side = facts.laterality is not Laterality.NONE
    side = [coding(own("laterality"), facts.laterality.value)] if has_side else []
    found = concept(*side, text=facts.body_site)
    return [found] if found else []


def _without_word(facts: WithoutWordFacts, *, zone: str, is_r4: bool) -> Json:
    """Why nobody asked her, as a code and one neutral sentence; never the words of the staff."""
    why = concept(coding(own("without-word"), facts.why.value))
    note = {
        "text": words(facts.words),
        "time": instant(facts.declared_at, zone),
        "authorReference": reference(facts.declared_by),
    }
    return {"reasonCode" if is_r4 else "reason": [why if is_r4 else {"concept": why}], "note": [note]}
