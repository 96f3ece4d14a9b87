"""Turns rows into the facts the gate reads. Always from the database, never from a page and never from a cache.

The caller holds the locks when the answer matters (`consent.actions`); a page that only reports may call without.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Max

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


@dataclass(slots=True)
class Said:
    """What was ever recorded about one procedure, oldest first; what was entered in error counts for nothing."""

    request_sources: list[RequestSource] = field(default_factory=list)
    capacity: list[Capacity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Around:
    """The rows around one consent that the gate asks about."""

    signature: Signature | None = None
    talk: Conversation | None = None
    said: Said = field(default_factory=Said)
    open_holds: int = 0
    is_sheet_current: bool = True


def rows_around(consents: Collection[Consent]) -> dict[uuid.UUID, Around]:
    """The newest signature and talk, what was said before, the open holds and the currency of the sheet, by consent.

    The number of questions to the database is the same for one consent and for a hundred.
    """
    ids = [consent.pk for consent in consents]
    signatures = Signature.objects.filter(consent__in=ids, meaning=SignatureMeaning.GIVES_CONSENT)
    talks = Conversation.objects.filter(consent__in=ids).prefetch_related(
        "people_present", "alternatives_opened", "teach_backs"
    )
    holds = Hold.objects.filter(consent__in=ids, lift__isnull=True).values_list("consent").annotate(Count("pk"))
    newest_signature = {row.consent_id: row for row in signatures.defer("strokes", "image").order_by("signed_at")}
    newest_talk = {row.consent_id: row for row in talks.order_by("held_at")}
    open_holds = dict(holds)
    newest_major = _newest_majors(consents)
    said = _said_about({consent.procedure_id for consent in consents})
    return {
        consent.pk: Around(
            signature=newest_signature.get(consent.pk),
            talk=newest_talk.get(consent.pk),
            said=said[consent.procedure_id],
            open_holds=open_holds.get(consent.pk, 0),
            is_sheet_current=newest_major[_sheet_key(consent.sheet_version)] == consent.sheet_version.major,
        )
        for consent in consents
    }


def _said_about(procedure_ids: Collection[uuid.UUID]) -> defaultdict[uuid.UUID, Said]:
    """Who was ever named as the source of the idea, and every finding about capacity, by procedure."""
    said: defaultdict[uuid.UUID, Said] = defaultdict(Said)
    proposals = Consent.objects.filter(procedure__in=procedure_ids).exclude(state=ConsentState.ENTERED_IN_ERROR)
    for procedure_id, source in proposals.order_by("proposed_at").values_list("procedure_id", "request_source"):
        said[procedure_id].request_sources.append(RequestSource(source))
    talks = Conversation.objects.filter(consent__in=proposals).order_by("held_at")
    for procedure_id, source, capacity in talks.values_list("consent__procedure_id", "request_source", "capacity"):
        said[procedure_id].request_sources.append(RequestSource(source))
        said[procedure_id].capacity += [Capacity(capacity)] if capacity else []
    return said


def _sheet_key(version: InformationSheetVersion) -> tuple[uuid.UUID, uuid.UUID, str]:
    return version.site_id, version.sheet_id, version.language


def _newest_majors(consents: Collection[Consent]) -> dict[tuple[uuid.UUID, uuid.UUID, str], int]:
    """The highest major version published of each sheet, by site, sheet and language."""
    rows = (
        InformationSheetVersion.objects.filter(sheet__in={consent.sheet_version.sheet_id for consent in consents})
        .values_list("site_id", "sheet_id", "language")
        .annotate(Max("major"))
    )
    return {(site_id, sheet_id, language): major for site_id, sheet_id, language, major in rows}


def consent_facts(consent: Consent, around: Around, *, shown_digest: str | None = None) -> ConsentFacts:
    """One consent as facts. At signing, `shown_digest` stands for the digest about to be signed."""
    signature = around.signature
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
        is_sheet_current=around.is_sheet_current,
        given_at=consent.given_at,
        signing_method=SignatureMethod(signature.method) if signature else None,
        witness_is_independent=signature.witness_is_independent if signature else None,
        confirmed_at=consent.confirmed_at,
        was_alone_at_confirmation=consent.was_alone_at_confirmation,
        certified_at=consent.certified_at,
        certified_by=consent.certified_by_id,
    )


def conversation_facts(consent: Consent, around: Around) -> ConversationFacts | None:
    """The newest talk about a consent as facts, with what was said before; None when nobody recorded one."""
    talk = around.talk
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
        request_sources_named=tuple(around.said.request_sources),
        capacity_history=tuple(around.said.capacity),
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
        around = rows_around([consent])[consent.pk] if consent else Around()
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=procedure.patient.birth_date,
        procedure=procedure_facts(procedure),
        consent=consent_facts(consent, around) if consent else None,
        conversation=conversation_facts(consent, around) if consent else None,
        open_holds=around.open_holds,
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
    site, around = consent.site, rows_around([consent])[consent.pk]
    return GateFacts(
        at=at,
        time_zone=site.time_zone,
        preset=Preset(site.preset),
        birth_date=consent.patient.birth_date,
        procedure=procedure_facts(consent.procedure),
        consent=consent_facts(consent, around, shown_digest=shown_digest),
        conversation=conversation_facts(consent, around),
        open_holds=around.open_holds,
        starting_operator_id=None,
        proposed_signature=method,
        proposed_witness_is_independent=witness_is_independent,
    )
