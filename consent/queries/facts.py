"""Turns rows into the facts the gate reads. Always from the database, never from a page and never from a cache.

The caller holds the locks when the answer matters (`consent.actions`); a page that only reports may call without.
"""

import datetime
import uuid

from clinic.models import Procedure
from clinic.vocabulary import Laterality, Preset, ProcedureCategory, ProcedureStatus
from consent.facts import ConsentFacts, ConversationFacts, GateFacts, PersonPresentFacts, ProcedureFacts
from consent.models import Consent, Conversation, Hold, InformationSheetVersion, Signature
from consent.vocabulary import (
    Capacity,
    ConsentState,
    Decision,
    InterpreterQualification,
    PersonRole,
    RequestSource,
    SignatureMeaning,
    SignatureMethod,
    SigningState,
)


def procedure_facts(procedure: Procedure) -> ProcedureFacts:
    """The planned procedure as facts."""
    return ProcedureFacts(
        id=procedure.pk,
        patient_id=procedure.patient_id,
        operator_id=procedure.operator_id,
        code=procedure.procedure_type.code,
        category=ProcedureCategory(procedure.procedure_type.category),
        needs_laterality=procedure.procedure_type.needs_laterality,
        laterality=Laterality(procedure.laterality),
        body_site=procedure.body_site,
        status=ProcedureStatus(procedure.status),
        accompanies_birth=procedure.accompanies_birth,
    )


def _is_sheet_current(version: InformationSheetVersion) -> bool:
    return not InformationSheetVersion.objects.filter(
        site_id=version.site_id, sheet_id=version.sheet_id, language=version.language, major__gt=version.major
    ).exists()


def consent_facts(consent: Consent, *, shown_digest: str | None = None) -> ConsentFacts:
    """One consent as facts. At signing, `shown_digest` stands for the digest about to be signed."""
    signature = (
        Signature.objects.filter(consent=consent, meaning=SignatureMeaning.GIVES_CONSENT).order_by("-signed_at").first()
    )
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
        signed_digest=shown_digest or consent.signed_digest or None,
        is_sheet_current=_is_sheet_current(consent.sheet_version),
        given_at=consent.given_at,
        signing_method=SignatureMethod(signature.method) if signature else None,
        witness_is_independent=signature.witness_is_independent if signature else None,
        confirmed_at=consent.confirmed_at,
        was_alone_at_confirmation=consent.was_alone_at_confirmation,
        certified_at=consent.certified_at,
        certified_by=consent.certified_by_id,
    )


def conversation_facts(consent: Consent) -> ConversationFacts | None:
    """The newest talk about a consent as facts; None when nobody recorded one."""
    talk = Conversation.objects.filter(consent=consent).order_by("-held_at").first()
    if talk is None:
        return None
    answers = list(talk.teach_backs.all())
    return ConversationFacts(
        held_at=talk.held_at,
        held_by=talk.held_by_id,
        spoken_language=talk.spoken_language,
        text_language=talk.text_language,
        patient_languages=tuple(consent.patient.languages),
        interpreter_qualification=(
            InterpreterQualification(talk.interpreter_qualification) if talk.interpreter_qualification else None
        ),
        interpreter_is_companion=talk.interpreter_is_companion,
        minutes_alone=talk.minutes_alone,
        people_present=tuple(
            PersonPresentFacts(
                role=PersonRole(person.role),
                left_before_signing=person.left_before_signing,
                asked_for_by_patient_alone=person.asked_for_by_patient_alone,
            )
            for person in talk.people_present.all()
        ),
        alternatives_opened=tuple(sorted(row.key for row in talk.alternatives_opened.all())),
        teach_back_asked=len(answers),
        teach_back_understood=sum(answer.is_understood and bool(answer.answer.strip()) for answer in answers),
        request_source=RequestSource(talk.request_source),
        capacity=Capacity(talk.capacity) if talk.capacity else None,
        signing_states=(
            None if talk.signing_states is None else tuple(SigningState(code) for code in talk.signing_states)
        ),
    )


def open_holds(consent: Consent) -> int:
    """How many holds on a consent are not lifted."""
    return Hold.objects.filter(consent=consent, lift__isnull=True).count()


def start_facts(
    *, procedure: Procedure, consent: Consent | None, at: datetime.datetime, operator_id: uuid.UUID | None
) -> GateFacts:
    """Everything the gate may know when somebody stands ready to start."""
    site = procedure.patient.site
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=procedure.patient.birth_date,
        procedure=procedure_facts(procedure),
        consent=consent_facts(consent) if consent else None,
        conversation=conversation_facts(consent) if consent else None,
        open_holds=open_holds(consent) if consent else 0,
        starting_operator_id=operator_id,
    )


def signing_facts(
    *,
    consent: Consent,
    at: datetime.datetime,
    shown_digest: str,
    method: SignatureMethod,
    witness_is_independent: bool | None,
) -> GateFacts:
    """Everything the gate may know when the patient is about to say yes."""
    site = consent.site
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=consent.patient.birth_date,
        procedure=procedure_facts(consent.procedure),
        consent=consent_facts(consent, shown_digest=shown_digest),
        conversation=conversation_facts(consent),
        open_holds=open_holds(consent),
        starting_operator_id=None,
        proposed_signature=method,
        proposed_witness_is_independent=witness_is_independent,
    )
