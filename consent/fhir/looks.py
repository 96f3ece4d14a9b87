"""Who looked at her record, in the shape of IHE's Basic Audit Log Patterns.

No conformance is claimed: these patterns ask for the network addresses of both machines, and none is kept here.
"""

import uuid

from consent.fhir.codes import (
    AUDIT_ENTITY,
    AUDIT_SOURCE,
    AUDIT_TYPE,
    DICOM,
    OBJECT_ROLE,
    PARTICIPATION,
    RESTFUL,
    own,
)
from consent.fhir.people import software_id
from consent.fhir.values import Json, coding, concept, instant, reference, words
from consent.fhir_facts import LookFacts, SiteFacts, StaffFacts, SubjectFacts


def look(
    facts: LookFacts, *, by: StaffFacts, at_site: SiteFacts, patient: SubjectFacts, patient_site: SiteFacts
) -> Json:
    """One look: who, in which role, where, when, at which kind of page."""
    noted_by = reference(software_id(patient_site.id))
    return {
        "resourceType": "AuditEvent",
        "id": str(facts.id),
        "type": coding(AUDIT_TYPE, "rest"),
        "subtype": [coding(RESTFUL, "read")],
        "action": "R",
        "recorded": instant(facts.looked_at, patient_site.time_zone),
        "outcome": "0",
        "agent": [_reader(by, at_site), _server(noted_by)],
        "source": {
            "site": words(patient_site.name) or "-",
            "observer": noted_by,
            "type": [coding(AUDIT_SOURCE, "4")],
        },
        "entity": [_patient(patient.id), _page(facts.page)],
    }


def _reader(by: StaffFacts, at_site: SiteFacts) -> Json:
    return {
        "type": concept(coding(PARTICIPATION, "IRCP")),
        "role": [concept(coding(own("role"), by.role.value))],
        "who": reference(by.id),
        "requestor": True,
        "location": reference(at_site.id),
    }


def _server(software: Json) -> Json:
    return {"type": concept(coding(DICOM, "110152")), "who": software, "requestor": False}


def _patient(key: uuid.UUID) -> Json:
    return {"what": reference(key), "type": coding(AUDIT_ENTITY, "1"), "role": coding(OBJECT_ROLE, "1")}


def _page(page: str) -> Json:
    return {"type": coding(AUDIT_ENTITY, "2"), "role": coding(OBJECT_ROLE, "4"), "name": words(page) or "-"}
