"""Joins the entries of one patient's stream with open columns, into the facts that the self-audit asks about."""

import datetime
import uuid
import zoneinfo
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from clinic.models import Site
from clinic.vocabulary import ProcedureCategory
from consent.models import (
    CapacityAssessment,
    ClinicalFact,
    Consent,
    Conversation,
    Hold,
    ProcedureStart,
    RemovalContraindication,
    RemovalEnd,
    RemovalRequest,
    RemovalSecondOpinion,
    ShorterWaitAnswer,
    TalkRequest,
)
from consent.models.digests import model_label
from consent.queries.audit_entries import Read, Stream
from consent.queries.audit_rows import OpenRows, Row, StoredRules, reused
from consent.rules.days import civil_day
from consent.rules.removals import RemovalDays
from consent.rules.self_audit.facts import (
    AssessedTrail,
    AuditFacts,
    ConsentTrail,
    EntryFacts,
    HoldFacts,
    Matter,
    MatterStep,
    ReasonFacts,
    RemovalTrail,
    StartWithoutConsent,
    TalkFacts,
)
from consent.vocabulary import ConsentState, CopyChoice, EntryKind, InterpreterQualification, Via

KIND_OF_CARE = "procedure__procedure_type__"
WITHOUT_CONSENT = frozenset({EntryKind.EMERGENCY_AGREED, EntryKind.ADDITION_AGREED})
JUDGED = frozenset({EntryKind.CONSENT_GIVEN, EntryKind.PROCEDURE_STARTED})
IN_MATTER = frozenset(
    {
        EntryKind.CONSENT_PROPOSED,
        EntryKind.CONSENT_REFUSED,
        EntryKind.CONSENT_WITHDRAWN,
        EntryKind.TALK_REQUESTED,
        EntryKind.CLINICAL_FACT_RECORDED,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Surroundings:
    """What is the same for all streams of a site."""

    site: Site
    at: datetime.datetime
    zone: zoneinfo.ZoneInfo
    rules: StoredRules
    removal_days: RemovalDays
    newer_sheets: dict[uuid.UUID, datetime.datetime]


def facts_of_stream(stream: Stream, rows: OpenRows, around: Surroundings) -> Iterator[AuditFacts]:
    """Everything there is to ask about one patient's stream."""
    yield from (read.facts for read in stream)
    about: defaultdict[str, list[Read]] = defaultdict(list)  # by consent
    for read in stream:
        for key in _consents(read, stream, rows):
            about[key].append(read)
    for key, reads in about.items():
        row = rows.of(Consent, key)
        if row is not None:
            yield _trail(reads, row, rows, around)
    yield from _matters(stream, rows, around)
    yield from _assessed(stream, rows)
    yield from _without_consent(stream, rows, around)
    yield from _removals(stream, rows, around)


def _consents(read: Read, stream: Stream, rows: OpenRows) -> set[str]:
    """The consents an entry is about: those it binds; where it binds none, those of the procedure it names."""
    bound = {key for label, key in read.keys if label == model_label(Consent)}
    if bound or not read.procedure:
        return bound
    named = {key for one in stream for label, key in one.keys if label == model_label(Consent)}
    return {key for key in named if (row := rows.of(Consent, key)) and row["procedure_id"].hex == read.procedure}


def _trail(reads: list[Read], row: Row, rows: OpenRows, around: Surroundings) -> ConsentTrail:
    talks = [(read.facts, rows.of(Conversation, read.key(model_label(Conversation)))) for read in reads]
    answers = [rows.of(ShorterWaitAnswer, read.key(model_label(ShorterWaitAnswer))) for read in reads]
    starts = [rows.of(ProcedureStart, read.key(model_label(ProcedureStart))) for read in reads]
    tables = [row["signed_policy_id"] or row["policy_id"], *(start["policy_id"] for start in starts if start)]
    judged = [read.facts for read in reads if read.facts.kind in JUDGED] or [reads[-1].facts]
    day = civil_day(judged[-1].occurred_at, around.zone)
    return ConsentTrail(
        entries=tuple(read.facts for read in reads),
        at=around.at,
        category=ProcedureCategory(row[f"{KIND_OF_CARE}category"]),
        zone=around.zone,
        policy=around.rules.policy(tables, row, prefix=KIND_OF_CARE, on=day),
        talks=tuple(_talk(entry, talk) for entry, talk in talks if talk),
        holds=_holds(reads),
        reading_minutes=row["sheet_version__reading_minutes"],
        sheet_digest=row["sheet_version__digest"],
        signed_digest=row["signed_digest"],
        newer_sheet_at=around.newer_sheets.get(row["sheet_version_id"]),
        copy_choice=CopyChoice(row["copy_choice"]) if row["copy_choice"] else None,
        signature_is_reused=row["pk"] in reused(rows),
        is_on_paper=row["given_via"] == Via.PAPER,
        shorter_wait_is_agreed=any(answer["is_agreed"] and answer["was_private"] for answer in answers if answer),
    )


def _talk(entry: EntryFacts, row: Row) -> TalkFacts:
    interpreter = row["interpreter_qualification"]
    return TalkFacts(
        entry=entry,
        interpreter=InterpreterQualification(interpreter) if interpreter else None,
        interpreter_is_companion=row["interpreter_is_companion"],
        sheet_opened_at=row["sheet_opened_at"],
        was_live=row["was_live"],
        no_loss_spoken=row["no_loss_spoken"],
        witness_offered=row["witness_offered"],
        minutes_alone=row["minutes_alone"],
    )


def _holds(reads: list[Read]) -> tuple[HoldFacts, ...]:
    label = model_label(Hold)
    lifted = {read.key(label): read.facts for read in reads if read.facts.kind is EntryKind.HOLD_LIFTED}
    return tuple(
        HoldFacts(raised=read.facts, lifted=lifted.get(read.key(label)))
        for read in reads
        if read.facts.kind is EntryKind.HOLD_RAISED
    )


def _consent_of(read: Read, rows: OpenRows) -> Row | None:
    """The one consent an entry about a matter speaks of, also where it binds only a wish or a fact."""
    key = read.key(model_label(Consent))
    for model in (TalkRequest, ClinicalFact):
        said = rows.of(model, read.key(model_label(model)))
        key = said["consent_id"].hex if said else key
    return rows.of(Consent, key)


def _matters(stream: Stream, rows: OpenRows, around: Surroundings) -> Iterator[Matter]:
    steps: defaultdict[uuid.UUID, list[MatterStep]] = defaultdict(list)
    for read in stream:
        row = _consent_of(read, rows) if read.facts.kind in IN_MATTER else None
        if row is None or row["state"] == ConsentState.ENTERED_IN_ERROR:
            continue
        day = civil_day(read.facts.occurred_at, around.zone)
        policy = around.rules.policy([row["policy_id"]], row, prefix=KIND_OF_CARE, on=day)
        steps[row["procedure__procedure_type_id"]].append(MatterStep(entry=read.facts, policy=policy))
    for matter in steps.values():
        yield Matter(steps=tuple(matter), zone=around.zone)


def _assessed(stream: Stream, rows: OpenRows) -> Iterator[AssessedTrail]:
    label = model_label(CapacityAssessment)
    found: defaultdict[uuid.UUID, list[EntryFacts]] = defaultdict(list)
    for read in stream:
        row = rows.of(Consent, read.key(model_label(Consent))) if read.key(label) else None
        if row is not None:
            found[row["procedure_id"]].append(read.facts)
    for assessments in found.values():
        yield AssessedTrail(assessments=tuple(assessments))


def _without_consent(stream: Stream, rows: OpenRows, around: Surroundings) -> Iterator[StartWithoutConsent]:
    for read in stream:
        start = rows.of(ProcedureStart, read.key(model_label(ProcedureStart)))
        if start is None or read.facts.kind not in WITHOUT_CONSENT:
            continue
        later = {one.facts.kind: one.facts for one in stream if one.procedure == read.procedure}
        day = civil_day(read.facts.occurred_at, around.zone)
        policy = around.rules.policy([start["policy_id"]], start, prefix=KIND_OF_CARE, on=day)
        has_hours = policy is not None and policy.has("emergency_review_hours")
        yield StartWithoutConsent(
            started=read.facts,
            at=around.at,
            is_emergency=start["emergency_id"] is not None,
            review_hours=policy.number("emergency_review_hours") if policy is not None and has_hours else None,
            reviewed=later.get(EntryKind.EMERGENCY_REVIEWED),
            told=later.get(EntryKind.PATIENT_TOLD),
        )


def _removals(stream: Stream, rows: OpenRows, around: Surroundings) -> Iterator[RemovalTrail]:
    for read in stream:
        wish = read.key(model_label(RemovalRequest))
        if wish is None or read.facts.kind is not EntryKind.REMOVAL_ASKED:
            continue
        ends = [one.facts for one in stream if _names(rows.of(RemovalEnd, one.key(model_label(RemovalEnd))), wish)]
        yield RemovalTrail(
            asked=read.facts,
            at=around.at,
            removal_days=around.removal_days.removal_days,
            second_opinion_hours=around.removal_days.second_opinion_hours,
            ended=ends[0] if ends else None,
            reasons=tuple(_reasons(stream, rows, wish)),
            zone=around.zone,
        )


def _reasons(stream: Stream, rows: OpenRows, wish: str) -> Iterator[ReasonFacts]:
    for read in stream:
        key = read.key(model_label(RemovalContraindication))
        if key is None or not _names(rows.of(RemovalContraindication, key), wish):
            continue
        opinions = ((one.facts, one.key(model_label(RemovalSecondOpinion))) for one in stream)
        said = [(facts, row) for facts, opinion in opinions if (row := rows.of(RemovalSecondOpinion, opinion))]
        own = [(facts, row) for facts, row in said if row["contraindication_id"].hex == key]
        yield ReasonFacts(
            recorded=read.facts,
            opinion=own[0][0] if own else None,
            moves_the_day=any(row["agrees"] and row["told_patient"] for _facts, row in own),
        )


def _names(row: Row | None, wish: str) -> bool:
    return row is not None and row["request_id"].hex == wish
