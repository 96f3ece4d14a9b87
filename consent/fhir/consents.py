"""Consents in both releases, and the no that stands beside one that was taken back."""

import datetime
import uuid
from dataclasses import dataclass

from consent.fhir.care import category_code, procedure_code
from consent.fhir.codes import CONSENT_DOCUMENT, CONSENT_VERIFICATION, LOINC, OURS, PARTICIPATION, SCOPE, own
from consent.fhir.people import organization_id
from consent.fhir.states import StateRow, decision_sent, row_of, standing_of
from consent.fhir.values import (
    Json,
    address,
    coding,
    concept,
    day_of,
    filled,
    identifier,
    instant,
    made_id,
    reference,
    whole_day,
)
from consent.fhir_facts import ConsentFacts, ProcedureFacts
from consent.vocabulary import ConsentState, Decision


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What a Consent is written with, beside its own facts."""

    patient_id: uuid.UUID
    zone: str
    made_at: datetime.datetime
    procedure: ProcedureFacts
    documents: tuple[uuid.UUID, ...] = ()  # current ones, the best first


def deny_id(consent_id: uuid.UUID) -> uuid.UUID:
    """The id of the no that a withdrawal makes."""
    return made_id(consent_id, "withdrawn")


def state_row(facts: ConsentFacts, around: Around) -> StateRow:
    """The line of the state table that holds for a consent."""
    return row_of(standing_of(facts, made_at=around.made_at, zone=around.zone))


def decided_at(facts: ConsentFacts) -> datetime.datetime | None:
    """When she said yes or no; None where she has not answered."""
    return facts.ended_at if facts.state is ConsentState.REFUSED else facts.given_at


def consents_as_r4(facts: ConsentFacts, around: Around) -> list[Json]:
    """The Consent, and after a withdrawal the no that points to it."""
    row = state_row(facts, around)
    sent = decision_sent(row, facts.decision)
    own_part = {
        "id": str(facts.id),
        "meta": {"lastUpdated": instant(facts.changed_at, around.zone)},
        "identifier": _identifiers(facts.id, facts.decision_receipt),
        "status": row.r4_status,
        "sourceReference": reference(around.documents[0]) if around.documents else None,
        "verification": _verification_r4(facts, around),
        **_decided_r4(decided_at(facts), around),
        "provision": _provision(facts, around, sent, row, is_r4=True),
    }
    written = [filled(_common_r4(facts, around) | own_part)]
    if row.then_deny:
        written.append(filled(_common_r4(facts, around) | _deny_r4(facts, around, row)))
    return written


def _common_r4(facts: ConsentFacts, around: Around) -> Json:
    return {
        "resourceType": "Consent",
        "scope": concept(coding(SCOPE, "treatment")),
        "category": [concept(coding(LOINC, CONSENT_DOCUMENT)), category_code(around.procedure)],
        "patient": reference(around.patient_id),
        "organization": [reference(organization_id(facts.site_id))],
        "policy": [{"authority": address(organization_id(facts.site_id)), "uri": uri} for uri in _policies(facts)],
    }


def _deny_r4(facts: ConsentFacts, around: Around, row: StateRow) -> Json:
    return {
        "id": str(deny_id(facts.id)),
        "meta": {"lastUpdated": instant(facts.changed_at, around.zone)},
        "identifier": _identifiers(deny_id(facts.id), facts.withdrawal_receipt),
        "status": "active",
        "sourceReference": reference(facts.id),
        **_decided_r4(facts.ended_at, around),
        "provision": _provision(facts, around, Decision.DENY, row, is_r4=True),
    }


def _decided_r4(at: datetime.datetime | None, around: Around) -> Json:
    return {"dateTime": instant(at, around.zone), "performer": [reference(around.patient_id)]} if at else {}


def consents_as_r5(facts: ConsentFacts, around: Around) -> list[Json]:
    """The Consent, and after a withdrawal the no that points to it."""
    row = state_row(facts, around)
    sent = decision_sent(row, facts.decision)
    own_part = {
        "id": str(facts.id),
        "meta": {"lastUpdated": instant(facts.changed_at, around.zone)},
        "identifier": _identifiers(facts.id, facts.decision_receipt),
        "status": row.r5_status,
        "period": whole_day(around.made_at, around.zone) if row.has_day else None,
        "grantee": [] if sent is Decision.DENY else [reference(facts.operator_id)],
        "sourceReference": [reference(key) for key in around.documents],
        "verification": _verification_r5(facts, around),
        "decision": sent.value if sent else None,
        **_decided_r5(decided_at(facts), around),
        "provision": [_provision(facts, around, sent, row, is_r4=False)],
    }
    written = [filled(_common_r5(facts, around) | own_part)]
    if row.then_deny:
        written.append(filled(_common_r5(facts, around) | _deny_r5(facts, around, row)))
    return written


def _common_r5(facts: ConsentFacts, around: Around) -> Json:
    keeper = [reference(organization_id(facts.site_id))]
    return {
        "resourceType": "Consent",
        "category": [
            concept(coding(LOINC, CONSENT_DOCUMENT)),
            concept(coding(SCOPE, "treatment")),
            category_code(around.procedure),
        ],
        "subject": reference(around.patient_id),
        "manager": keeper,
        "controller": keeper,
        "policyBasis": {"url": _policies(facts)[1]},
        "policyText": [reference(facts.sheet.id)],
    }


def _deny_r5(facts: ConsentFacts, around: Around, row: StateRow) -> Json:
    return {
        "id": str(deny_id(facts.id)),
        "meta": {"lastUpdated": instant(facts.changed_at, around.zone)},
        "identifier": _identifiers(deny_id(facts.id), facts.withdrawal_receipt),
        "status": "active",
        "sourceReference": [reference(facts.id)],
        "decision": Decision.DENY.value,
        **_decided_r5(facts.ended_at, around),
        "provision": [_provision(facts, around, Decision.DENY, row, is_r4=False)],
    }


def _decided_r5(at: datetime.datetime | None, around: Around) -> Json:
    """R5 keeps the day only; the moment stands in the Provenance."""
    if at is None:
        return {}
    return {"date": day_of(at, around.zone).isoformat(), "grantor": [reference(around.patient_id)]}


def _identifiers(key: uuid.UUID, receipt: str) -> list[Json]:
    receipts = [identifier(own("receipt"), receipt)] if receipt else []
    return [identifier(own("consent"), str(key)), *receipts]


def _policies(facts: ConsentFacts) -> tuple[str, str]:
    """Addresses of the words she was shown, and of the rules they were shown under."""
    sheet = facts.sheet
    shown = ":".join((sheet.key, sheet.version, sheet.language, sheet.digest))
    return f"{OURS}sheet:{shown}", f"{OURS}rules:{facts.rules_digest}"


def _provision(facts: ConsentFacts, around: Around, sent: Decision | None, row: StateRow, *, is_r4: bool) -> Json:
    """What exactly. A no names no operator: it holds against everybody."""
    operator = {"role": concept(coding(PARTICIPATION, "PPRF")), "reference": reference(facts.operator_id)}
    return filled(
        {
            "type": sent.value if sent and is_r4 else None,
            "period": whole_day(around.made_at, around.zone) if row.has_day else None,
            "actor": [] if sent is Decision.DENY else [operator],
            "code": [procedure_code(around.procedure)],
            "data": [{"meaning": "instance", "reference": reference(around.procedure.id)}],
        }
    )


def _verification_r4(facts: ConsentFacts, around: Around) -> list[Json]:
    """That she said it again on the day."""
    if facts.confirmed_at is None:
        return []
    at = instant(facts.confirmed_at, around.zone)
    return [{"verified": True, "verifiedWith": reference(around.patient_id), "verificationDate": at}]


def _verification_r5(facts: ConsentFacts, around: Around) -> list[Json]:
    if facts.confirmed_at is None:
        return []
    said_again = {
        "verified": True,
        "verificationType": concept(coding(CONSENT_VERIFICATION, "validation")),
        "verifiedBy": reference(facts.certified_by) if facts.certified_by else None,
        "verifiedWith": reference(around.patient_id),
        "verificationDate": [instant(facts.confirmed_at, around.zone)],
    }
    return [filled(said_again)]
