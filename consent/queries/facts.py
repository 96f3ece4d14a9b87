"""Turns rows into the facts the gate reads. Always from the database, never from a page and never from a cache.

The caller holds the locks when the answer matters (`consent.actions`); a page that only reports may call without.
"""

import datetime
import uuid
from dataclasses import dataclass

from clinic.models import Account, Procedure
from clinic.vocabulary import AccessNeed, Laterality, Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.facts import (
    ConsentFacts,
    GateFacts,
    OfferFacts,
    ProcedureFacts,
)
from consent.models import Consent
from consent.queries.ability_facts import ability_facts, wait_facts
from consent.queries.past import pasts_of
from consent.queries.rows_around import Around, rows_around
from consent.queries.talk_facts import codes, conversation_facts
from consent.rules.sheet_text import reading_seconds, words_of
from consent.vocabulary import (
    ConsentState,
    CopyChoice,
    Decision,
    ExcludedSubject,
    Purpose,
    ReadingAid,
    RequestSource,
    SignatureMethod,
)

__all__ = ["Offer", "SigningNow", "offer_facts", "rows_around", "signing_facts", "start_facts"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """An offer as it is about to be made. None means: not asked."""

    request_source: RequestSource
    language: str
    reading_aid: ReadingAid | None = None
    excluded_as: tuple[ExcludedSubject, ...] | None = None
    purpose: Purpose | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SigningNow:
    """How the patient is about to sign."""

    shown_digest: str
    method: SignatureMethod
    witness_is_independent: bool | None
    copy_choice: CopyChoice | None
    is_reused: bool | None  # looks like another person's signature


def procedure_facts(procedure: Procedure) -> ProcedureFacts:
    """The planned procedure as facts."""
    kind = procedure.procedure_type
    return ProcedureFacts(
        id=procedure.pk,
        patient_id=procedure.patient_id,
        operator_id=procedure.operator_id,
        code=kind.code,
        category=ProcedureCategory(kind.category),
        needs_laterality=kind.needs_laterality,
        laterality=Laterality(procedure.laterality),
        body_site=procedure.body_site,
        status=ProcedureStatus(procedure.status),
        accompanies_birth=procedure.accompanies_birth,
        particular=Particular(kind.particular),
        is_experimental=kind.is_experimental,
        ethics_approval=kind.ethics_approval,
    )


def consent_facts(consent: Consent, around: Around, *, now: SigningNow | None = None) -> ConsentFacts:
    """One consent as facts. At signing, what she is about to do stands for what she has done."""
    signature = around.signature
    interpreter, obtainer = around.interpreter_statement, around.obtainer_statement
    content = consent.sheet_version.content
    copy_choice = now.copy_choice if now else consent.copy_choice
    return ConsentFacts(
        id=consent.pk,
        patient_id=consent.patient_id,
        procedure_id=consent.procedure_id,
        procedure_code=consent.procedure_code,
        laterality=Laterality(consent.laterality),
        body_site=consent.body_site,
        operator_id=consent.operator_id,
        state=ConsentState(consent.state),
        decision=Decision(consent.decision) if consent.decision else None,
        sheet_digest=consent.sheet_version.digest,
        signed_digest=(now.shown_digest if now else consent.signed_digest) or None,
        is_sheet_current=around.is_sheet_current,
        given_at=consent.given_at,
        signing_method=SignatureMethod(signature.method) if signature else None,
        witness_is_independent=signature.witness_is_independent if signature else None,
        signature_is_reused=now.is_reused if now else _is_reused(around),
        sheet_reading_seconds=reading_seconds(words_of(content), language=consent.sheet_version.language),
        sheet_elements=tuple(element["id"] for element in content.get("element", [])),
        copy_choice=CopyChoice(copy_choice) if copy_choice else None,
        interpreter_stated_at=interpreter.signed_at if interpreter else None,
        obtainer_stated_at=obtainer.signed_at if obtainer else None,
        obtainer_stated_by=obtainer.signed_by_id if obtainer else None,
        confirmed_at=consent.confirmed_at,
        was_alone_at_confirmation=consent.was_alone_at_confirmation,
        certified_at=consent.certified_at,
        certified_by=consent.certified_by_id,
    )


def _is_reused(around: Around) -> bool | None:
    """A typed name and a mark cannot look like another's drawing."""
    if around.signature is None:
        return None
    return bool(around.signature.is_reused)


def made_offer(consent: Consent) -> OfferFacts:
    """How the consent was offered, from its row."""
    return OfferFacts(
        offered_at=consent.proposed_at,
        offered_by=consent.proposed_by_id,
        request_source=RequestSource(consent.request_source),
        sheet_language=consent.sheet_version.language,
        patient_languages=tuple(consent.patient.languages),
        reading_aid=ReadingAid(consent.reading_aid) if consent.reading_aid else None,
        access_needs=codes(AccessNeed, consent.patient.access_needs),
        excluded_as=codes(ExcludedSubject, consent.excluded_as),
        purpose=Purpose(consent.purpose) if consent.purpose else None,
    )


def offer_facts(
    *, procedure: Procedure, offer: Offer, at: datetime.datetime, by: Account, has_sheet: bool = True
) -> GateFacts:
    """Everything the gate may know when a clinician is about to offer a procedure."""
    patient = procedure.patient
    return GateFacts(
        at=at,
        time_zone=patient.site.time_zone,
        preset=Preset(patient.site.preset),
        birth_date=patient.birth_date,
        procedure=procedure_facts(procedure),
        consent=None,
        conversation=None,
        open_holds=0,
        offer=OfferFacts(
            offered_at=at,
            offered_by=by.pk,
            request_source=offer.request_source,
            sheet_language=offer.language if has_sheet else "",
            patient_languages=tuple(patient.languages),
            reading_aid=offer.reading_aid,
            access_needs=codes(AccessNeed, patient.access_needs),
            excluded_as=offer.excluded_as,
            purpose=offer.purpose,
        ),
        past=pasts_of([procedure], at=at)[procedure.pk],
        ability=None,
        waits=None,
        starting_operator_id=None,
    )


def start_facts(
    *,
    procedure: Procedure,
    consent: Consent | None,
    at: datetime.datetime,
    operator_id: uuid.UUID | None,
    around: Around | None = None,
) -> GateFacts:
    """Everything the gate may know when somebody stands ready to start.

    **Takes** the rows around the consent where a list has read them for many at once; else they are read here.
    """
    site = procedure.patient.site
    if around is None:
        around = rows_around([consent], at=at)[consent.pk] if consent else Around()
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=procedure.patient.birth_date,
        procedure=procedure_facts(procedure),
        consent=consent_facts(consent, around) if consent else None,
        conversation=conversation_facts(consent, around) if consent else None,
        open_holds=around.open_holds,
        offer=made_offer(consent) if consent else None,
        past=around.past,
        ability=ability_facts(around.said) if consent else None,
        waits=wait_facts(consent) if consent else None,
        starting_operator_id=operator_id,
    )


def signing_facts(*, consent: Consent, at: datetime.datetime, now: SigningNow) -> GateFacts:
    """Everything the gate may know when the patient is about to say yes."""
    site, around = consent.site, rows_around([consent], at=at)[consent.pk]
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=consent.patient.birth_date,
        procedure=procedure_facts(consent.procedure),
        consent=consent_facts(consent, around, now=now),
        conversation=conversation_facts(consent, around),
        open_holds=around.open_holds,
        offer=made_offer(consent),
        past=around.past,
        ability=ability_facts(around.said),
        waits=wait_facts(consent),
        starting_operator_id=None,
        proposed_signature=now.method,
        proposed_witness_is_independent=now.witness_is_independent,
    )
