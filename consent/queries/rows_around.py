"""The rows around a consent that the gate asks about, read for many consents with the same few questions."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Max

from consent.facts import PastFacts
from consent.models import (
    CapacityAssessment,
    Consent,
    Conversation,
    GuardianWord,
    Hold,
    InformationSheetVersion,
    Signature,
    YoungPersonNote,
)
from consent.queries.past import pasts_of
from consent.vocabulary import Capacity, ConsentState, RequestSource, SignatureMeaning


@dataclass(slots=True)
class Said:
    """What was ever recorded about one procedure, oldest first; what was entered in error counts for nothing."""

    request_sources: list[RequestSource] = field(default_factory=list)
    doubts: list[Capacity] = field(default_factory=list)
    doubted_at: datetime.datetime | None = None  # the newest talk in which somebody doubted
    assessments: list[CapacityAssessment] = field(default_factory=list)
    young_person_notes: list[YoungPersonNote] = field(default_factory=list)
    guardian_words: list[GuardianWord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Around:
    """The rows around one consent that the gate asks about."""

    signature: Signature | None = None
    interpreter_statement: Signature | None = None
    obtainer_statement: Signature | None = None
    talk: Conversation | None = None
    said: Said = field(default_factory=Said)
    past: PastFacts | None = None
    open_holds: int = 0
    is_sheet_current: bool = True


def rows_around(consents: Collection[Consent], *, at: datetime.datetime) -> dict[uuid.UUID, Around]:
    """The newest signatures and talk, what was said before, the open holds and the currency of the sheet, by consent.

    The number of questions to the database is the same for one consent and for a hundred.
    """
    ids = [consent.pk for consent in consents]
    talks = (
        Conversation.objects.filter(consent__in=ids)
        .select_related("held_by__practitioner")
        .prefetch_related("people_present", "alternatives_opened", "teach_backs")
    )
    holds = Hold.objects.filter(consent__in=ids, lift__isnull=True).values_list("consent").annotate(Count("pk"))
    signed = _newest_signatures(ids)
    newest_talk = {row.consent_id: row for row in talks.order_by("held_at")}
    open_holds = dict(holds)
    newest_major = _newest_majors(consents)
    said = said_about({consent.procedure_id for consent in consents})
    pasts = pasts_of([consent.procedure for consent in consents], at=at)
    return {
        consent.pk: Around(
            signature=signed.get((consent.pk, SignatureMeaning.GIVES_CONSENT)),
            interpreter_statement=signed.get((consent.pk, SignatureMeaning.STATES_AS_INTERPRETER)),
            obtainer_statement=signed.get((consent.pk, SignatureMeaning.STATES_AS_OBTAINER)),
            talk=newest_talk.get(consent.pk),
            said=said[consent.procedure_id],
            past=pasts[consent.procedure_id],
            open_holds=open_holds.get(consent.pk, 0),
            is_sheet_current=newest_major[_sheet_key(consent.sheet_version)] == consent.sheet_version.major,
        )
        for consent in consents
    }


def _newest_signatures(ids: list[uuid.UUID]) -> dict[tuple[uuid.UUID, str], Signature]:
    """The newest signature of each meaning, by consent."""
    rows = Signature.objects.filter(consent__in=ids).defer("strokes", "image").order_by("signed_at")
    return {(row.consent_id, row.meaning): row for row in rows}


def said_about(procedure_ids: Collection[uuid.UUID]) -> defaultdict[uuid.UUID, Said]:
    """Who was ever named as the source of the idea, and everything about being able to decide, by procedure."""
    said: defaultdict[uuid.UUID, Said] = defaultdict(Said)
    proposals = Consent.objects.filter(procedure__in=procedure_ids).exclude(state=ConsentState.ENTERED_IN_ERROR)
    procedures: dict[uuid.UUID, uuid.UUID] = {}
    for pk, procedure_id, source in proposals.order_by("proposed_at").values_list(
        "pk", "procedure_id", "request_source"
    ):
        procedures[pk] = procedure_id
        said[procedure_id].request_sources.append(RequestSource(source))
    talks = Conversation.objects.filter(consent__in=proposals).order_by("held_at")
    columns = ("consent__procedure_id", "request_source", "capacity", "held_at")
    for procedure_id, source, capacity, held_at in talks.values_list(*columns):
        said[procedure_id].request_sources.append(RequestSource(source))
        said[procedure_id].doubts += [Capacity(capacity)] if capacity else []
        if capacity == Capacity.IN_DOUBT:
            said[procedure_id].doubted_at = held_at
    for assessment in CapacityAssessment.objects.filter(consent__in=proposals).order_by("assessed_at"):
        said[procedures[assessment.consent_id]].assessments.append(assessment)
    for note in YoungPersonNote.objects.filter(consent__in=proposals).order_by("noted_at"):
        said[procedures[note.consent_id]].young_person_notes.append(note)
    for word in GuardianWord.objects.filter(consent__in=proposals).order_by("recorded_at"):
        said[procedures[word.consent_id]].guardian_words.append(word)
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
