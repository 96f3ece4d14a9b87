"""Frozen records and information sheets as DocumentReference, known by their SHA-256."""

import base64
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from consent.fhir.codes import CONFIDENTIALITY, CONSENT_DOCUMENT, LOINC, OURS, own
from consent.fhir.people import organization_id
from consent.fhir.releases import Release
from consent.fhir.values import Json, coding, concept, filled, identifier, instant, reference, words
from consent.fhir_facts import ConsentFacts, DocumentFacts, SheetFacts
from consent.vocabulary import ConsentState

BEST_FIRST = ("application/json", "application/pdf")
RELATIONS = "http://hl7.org/fhir/document-relationship-type"


@dataclass(frozen=True, slots=True)
class Kept:
    """A document, and the older one whose place it took."""

    facts: DocumentFacts
    is_newest: bool
    older_id: uuid.UUID | None


def kept_documents(documents: Iterable[DocumentFacts]) -> list[Kept]:
    """Documents oldest first; of each consent, language and kind of file the newest holds."""
    ordered = sorted(documents, key=lambda one: (one.made_at, one.id))
    newest: dict[tuple[uuid.UUID, str, str], uuid.UUID] = {}
    older: dict[uuid.UUID, uuid.UUID | None] = {}
    for one in ordered:
        place = (one.consent_id, one.language, one.content_type)
        older[one.id] = newest.get(place)
        newest[place] = one.id
    held = set(newest.values())
    return [Kept(one, one.id in held, older[one.id]) for one in ordered]


def current_documents(kept: Sequence[Kept]) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """The documents that hold, by consent: the one that is hashed first, then the newest."""
    found: dict[uuid.UUID, list[DocumentFacts]] = {}
    for one in kept:
        if one.is_newest:
            found.setdefault(one.facts.consent_id, []).append(one.facts)
    return {consent_id: tuple(one.id for one in sorted(held, key=_best)) for consent_id, held in found.items()}


def _best(facts: DocumentFacts) -> tuple[int, float, uuid.UUID]:
    kind = BEST_FIRST.index(facts.content_type) if facts.content_type in BEST_FIRST else len(BEST_FIRST)
    return kind, -facts.made_at.timestamp(), facts.id


def document(kept: Kept, *, consent: ConsentFacts, patient_id: uuid.UUID, zone: str, release: Release) -> Json:
    """One frozen record."""
    facts, is_r4 = kept.facts, release is Release.R4
    replaces: Json | str = "replaces" if is_r4 else concept(coding(RELATIONS, "replaces"))
    return filled(
        {
            "resourceType": "DocumentReference",
            "id": str(facts.id),
            "identifier": [identifier(own("sha-256"), facts.digest)],
            "status": _status(kept, consent),
            "docStatus": "final",
            "type": concept(coding(LOINC, CONSENT_DOCUMENT)),
            "subject": reference(patient_id),
            "date": instant(facts.made_at, zone),
            "custodian": reference(organization_id(consent.site_id)),
            "relatesTo": [{"code": replaces, "target": reference(kept.older_id)}] if kept.older_id else [],
            "securityLabel": [concept(coding(CONFIDENTIALITY, "R"))],
            "content": [{"attachment": _attachment(facts, zone=zone, is_r4=is_r4)}],
            "context": {"related": [reference(consent.id)]} if is_r4 else None,
        }
    )


def _status(kept: Kept, consent: ConsentFacts) -> str:
    if consent.state is ConsentState.ENTERED_IN_ERROR:
        return "entered-in-error"
    return "current" if kept.is_newest else "superseded"


def _attachment(facts: DocumentFacts, *, zone: str, is_r4: bool) -> Json:
    """Where the file lies. R5 writes sizes as text."""
    size = facts.size if is_r4 or facts.size is None else str(facts.size)
    return filled(
        {
            "contentType": facts.content_type,
            "language": facts.language,
            "url": facts.url or f"{OURS}sha-256:{facts.digest}",
            "size": size,
            "hash": base64.b64encode(facts.sha1).decode("ascii") if facts.sha1 else None,
            "creation": instant(facts.made_at, zone),
        }
    )


def sheet(facts: SheetFacts, *, zone: str) -> Json:
    """The words a patient was shown (R5, where a Consent points to them)."""
    attachment = {
        "contentType": "application/json",
        "language": facts.language,
        "url": f"{OURS}sha-256:{facts.digest}",
        "title": words(facts.title),
        "creation": instant(facts.published_at, zone),
    }
    return filled(
        {
            "resourceType": "DocumentReference",
            "id": str(facts.id),
            "identifier": [identifier(own("sha-256"), facts.digest)],
            "version": facts.version,
            "status": "current",
            "docStatus": "final",
            "type": concept(coding(own("document-kind"), "information-sheet")),
            "date": instant(facts.published_at, zone),
            "content": [{"attachment": filled(attachment)}],
        }
    )
