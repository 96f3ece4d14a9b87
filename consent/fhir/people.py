"""The patient, the staff, the clinics, and the software itself."""

import uuid

from consent.fhir.codes import LANGUAGES, LATIN_WRITING, own
from consent.fhir.values import Json, coding, concept, filled, identifier, made_id, reference, words
from consent.fhir_facts import SiteFacts, StaffFacts, SubjectFacts

SOFTWARE = "Freely Given"


def organization_id(site_id: uuid.UUID) -> uuid.UUID:
    """The clinic as an organisation; as a place it has the id of its row."""
    return made_id(site_id, "organization")


def software_id(site_id: uuid.UUID) -> uuid.UUID:
    """This software at a clinic."""
    return made_id(site_id, "software")


def patient(facts: SubjectFacts) -> Json:
    """The patient: name, day of birth and languages. No way to reach her, and nothing else about her."""
    return filled(
        {
            "resourceType": "Patient",
            "id": str(facts.id),
            "identifier": [identifier(own("patient"), str(facts.id))],
            "name": _names(facts),
            "birthDate": facts.birth_date.isoformat() if facts.birth_date else None,
            "communication": [
                {"language": concept(coding(LANGUAGES, code)), "preferred": place == 0}
                for place, code in enumerate(facts.languages)
            ],
            "managingOrganization": reference(organization_id(facts.site_id)),
        }
    )


def _names(facts: SubjectFacts) -> list[Json]:
    names: list[Json] = [{"text": words(facts.name)}] if words(facts.name) else []
    if words(facts.latin_name):
        names.append({"text": words(facts.latin_name), "extension": [{"url": LATIN_WRITING, "valueCode": "ABC"}]})
    return names


def practitioner(facts: StaffFacts) -> Json:
    """Somebody of the staff, whatever the role: FHIR calls receptionists so as well."""
    registration = words(facts.registration)
    profession = words(facts.profession)
    return filled(
        {
            "resourceType": "Practitioner",
            "id": str(facts.id),
            "identifier": [identifier(own("registration"), registration)] if registration else [],
            "name": [{"text": words(facts.name)}] if words(facts.name) else [],
            "qualification": [{"code": concept(text=profession)}] if profession else [],
        }
    )


def organization(facts: SiteFacts) -> Json:
    """The clinic as the body that keeps the record."""
    return {"resourceType": "Organization", "id": str(organization_id(facts.id)), "name": words(facts.name) or "-"}


def location(facts: SiteFacts) -> Json:
    """The clinic as a place."""
    return {
        "resourceType": "Location",
        "id": str(facts.id),
        "name": words(facts.name) or "-",
        "managingOrganization": reference(organization_id(facts.id)),
    }


def software(facts: SiteFacts) -> Json:
    """This software, which noted who looked."""
    return {
        "resourceType": "Device",
        "id": str(software_id(facts.id)),
        "deviceName": [{"name": SOFTWARE, "type": "user-friendly-name"}],
        "owner": reference(organization_id(facts.id)),
    }
