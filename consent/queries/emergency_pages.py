"""What pages show of care that was given without the patient's word: to the team, to the advocate, and to her.

A report only; the acts look again under their locks. No list here is a list of people who refused.
"""

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import get_language

from clinic.models import Account, Patient, Procedure, ProcedureType
from clinic.vocabulary import Particular, Permission, ProcedureCategory, ProcedureStatus
from consent.models import Conversation, EmergencyCare, EmergencyReview, PatientTold, ProcedureStart, TheatreAddition
from consent.queries.policies import law_of
from consent.rules.additions import may_be_added
from consent.rules.emergencies import is_late_entry, may_be_emergency, minutes_later, review_due_at
from consent.rules.policy import PolicyError
from consent.vocabulary import CannotConsent, Grounds, ReviewFinding
from consent.wording_talk import CANNOT_CONSENT_WORDS, GROUNDS_WORDS, REVIEW_FINDING_WORDS

ABOUT = ("procedure__procedure_type", "procedure__patient__site", "procedure__operator__account", "declared_by")


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """What the advocate found, or until when it is to be looked at."""

    due_at: datetime.datetime | None  # None: the rules of the clinic cannot be read
    is_overdue: bool
    finding: str | Promise = ""
    note: str = ""
    by: str = ""
    at: datetime.datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether the advocate has looked."""
        return self.at is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class CareWithoutConsent:
    """One emergency or one addition, from the declaration to what the patient was told."""

    procedure: Procedure
    procedure_name: str
    is_emergency: bool  # else an addition in theatre
    during_id: uuid.UUID | None
    during_name: str
    why: str | Promise
    danger: str
    happened_at: datetime.datetime | None
    minutes_later: int
    is_late: bool
    declared_by: Account
    declared_at: datetime.datetime
    agreed_by: Account | None
    started_at: datetime.datetime | None
    is_under_way: bool
    ended_at: datetime.datetime | None
    told: PatientTold | None
    review: Review | None  # of emergencies that were started

    @property
    def is_waiting(self) -> bool:
        """Whether a second clinician has still to agree."""
        return self.started_at is None and self.procedure.status == ProcedureStatus.PREPARATION


@dataclass(frozen=True, kw_only=True, slots=True)
class ToReview:
    """One line of the advocate's list: no name; a name is shown only on the page that is opened."""

    procedure_id: uuid.UUID
    started_at: datetime.datetime
    is_late_entry: bool
    review: Review
    hours_left: int
    minutes_left: int


def care_without_consent(procedure_id: uuid.UUID, *, at: datetime.datetime) -> CareWithoutConsent | None:
    """What was declared about one procedure; None where nothing was."""
    emergency = EmergencyCare.objects.select_related(*ABOUT).filter(procedure_id=procedure_id).first()
    if emergency is not None:
        return _of_emergency(emergency, at=at)
    addition = TheatreAddition.objects.select_related(*ABOUT, "during__procedure_type").filter(
        procedure_id=procedure_id
    )
    found = addition.first()
    return None if found is None else _of_addition(found)


def additions_to(procedure_id: uuid.UUID) -> tuple[CareWithoutConsent, ...]:
    """What was added, or is to be added, to a procedure under way, oldest first."""
    rows = TheatreAddition.objects.select_related(*ABOUT, "during__procedure_type").filter(during_id=procedure_id)
    return tuple(_of_addition(row) for row in rows.order_by("declared_at"))


def done_without_word(patient: Patient, *, at: datetime.datetime) -> tuple[CareWithoutConsent, ...]:
    """Everything that was done to this patient without her word, newest first."""
    emergencies = EmergencyCare.objects.select_related(*ABOUT).filter(procedure__patient=patient, start__isnull=False)
    additions = TheatreAddition.objects.select_related(*ABOUT, "during__procedure_type").filter(
        procedure__patient=patient, start__isnull=False
    )
    found = [*(_of_emergency(row, at=at) for row in emergencies), *map(_of_addition, additions)]
    return tuple(sorted(found, key=lambda one: one.declared_at, reverse=True))


def emergencies_known_to(account: Account) -> QuerySet[Procedure]:
    """Procedures of the advocate's own clinic that were started as an emergency; none for anybody else."""
    if not account.may(Permission.REVIEW_EMERGENCY):
        return Procedure.objects.none()
    rows = Procedure.objects.select_related("patient__site", "patient__account", "procedure_type", "operator__account")
    return rows.filter(patient__site_id=account.site_id, start__emergency__isnull=False)


def emergencies_to_review(account: Account, *, at: datetime.datetime) -> list[ToReview]:
    """Emergencies of the advocate's clinic that nobody has looked at yet, the most urgent first."""
    procedures = emergencies_known_to(account).filter(start__emergency__review__isnull=True)
    rows = EmergencyCare.objects.select_related(*ABOUT, "start").filter(procedure__in=procedures)
    return [_to_review(row, at=at) for row in rows.order_by("declared_at")]


def _to_review(emergency: EmergencyCare, *, at: datetime.datetime) -> ToReview:
    review = _review(emergency, at=at)
    left = max(review.due_at - at, datetime.timedelta()) if review.due_at else datetime.timedelta()
    return ToReview(
        procedure_id=emergency.procedure_id,
        started_at=emergency.start.started_at,
        is_late_entry=_is_late(emergency),
        review=review,
        hours_left=left // datetime.timedelta(hours=1),
        minutes_left=left % datetime.timedelta(hours=1) // datetime.timedelta(minutes=1),
    )


def _of_emergency(emergency: EmergencyCare, *, at: datetime.datetime) -> CareWithoutConsent:
    start = _start_of(emergency.procedure_id)
    return CareWithoutConsent(
        is_emergency=True,
        during_id=None,
        during_name="",
        why=CANNOT_CONSENT_WORDS[CannotConsent(emergency.why_not_asked)],
        happened_at=emergency.happened_at,
        minutes_later=minutes_later(emergency.happened_at, emergency.declared_at),
        is_late=_is_late(emergency),
        review=_review(emergency, at=at) if start else None,
        **_common(emergency, start),
    )


def _of_addition(addition: TheatreAddition) -> CareWithoutConsent:
    return CareWithoutConsent(
        is_emergency=False,
        during_id=addition.during_id,
        during_name=addition.during.procedure_type.name_in(get_language() or "en"),
        why=GROUNDS_WORDS[Grounds(addition.grounds)],
        happened_at=None,
        minutes_later=0,
        is_late=False,
        review=None,
        **_common(addition, _start_of(addition.procedure_id)),
    )


def _common(declared: EmergencyCare | TheatreAddition, start: ProcedureStart | None) -> dict[str, Any]:
    procedure = declared.procedure
    end = getattr(start, "end", None)
    return {
        "procedure": procedure,
        "procedure_name": procedure.procedure_type.name_in(get_language() or "en"),
        "danger": declared.danger,
        "declared_by": declared.declared_by,
        "declared_at": declared.declared_at,
        "agreed_by": start.started_by if start else None,
        "started_at": start.started_at if start else None,
        "is_under_way": start is not None and procedure.status == ProcedureStatus.IN_PROGRESS,
        "ended_at": end.ended_at if end else None,
        "told": PatientTold.objects.select_related("told_by").filter(procedure=procedure).first(),
    }


def _start_of(procedure_id: uuid.UUID) -> ProcedureStart | None:
    """The start that followed the declaration; a procedure may also have been started on the patient's own word."""
    rows = ProcedureStart.objects.select_related("started_by", "end")
    return rows.filter(procedure_id=procedure_id, consent__isnull=True).first()


def _review(emergency: EmergencyCare, *, at: datetime.datetime) -> Review:
    kind = emergency.procedure.procedure_type
    try:
        due_at = review_due_at(
            emergency.declared_at,
            law_of(emergency.procedure.patient.site),
            ProcedureCategory(kind.category),
            Particular(kind.particular),
        )
    except PolicyError:
        due_at = None
    done = EmergencyReview.objects.select_related("reviewed_by").filter(emergency=emergency).first()
    if done is None:
        return Review(due_at=due_at, is_overdue=due_at is None or at > due_at)
    return Review(
        due_at=due_at,
        is_overdue=due_at is not None and done.reviewed_at > due_at,
        finding=REVIEW_FINDING_WORDS[ReviewFinding(done.finding)],
        note=done.note,
        by=done.reviewed_by.display_name,
        at=done.reviewed_at,
    )


def _is_late(emergency: EmergencyCare) -> bool:
    kind = emergency.procedure.procedure_type
    try:
        law = law_of(emergency.procedure.patient.site)
        category, particular = ProcedureCategory(kind.category), Particular(kind.particular)
        return is_late_entry(emergency.happened_at, emergency.declared_at, law, category, particular)
    except PolicyError:
        return False


def waits_for_second(procedure_ids: list[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Those of these procedures for which one clinician has declared and no second has agreed."""
    declared = Q(emergency__isnull=False) | Q(addition__isnull=False)
    rows = Procedure.objects.filter(declared, pk__in=procedure_ids, status=ProcedureStatus.PREPARATION)
    return frozenset(rows.filter(start__isnull=True).values_list("pk", flat=True))


def has_emergency_path(procedure: Procedure) -> bool:
    """Whether this kind of care can be an emergency at all at this clinic."""
    kind = procedure.procedure_type
    try:
        law = law_of(procedure.patient.site)
        return may_be_emergency(law, ProcedureCategory(kind.category), Particular(kind.particular))
    except PolicyError:
        return False


def kinds_that_can_be_added(procedure: Procedure, language: str) -> list[tuple[str, str]]:
    """What may be added in theatre at this clinic, by plain name, as form choices."""
    try:
        law = law_of(procedure.patient.site)
        kinds = [
            kind
            for kind in ProcedureType.objects.all()
            if may_be_added(law, ProcedureCategory(kind.category), Particular(kind.particular))
        ]
    except PolicyError:
        return []
    return sorted(((str(kind.pk), kind.name_in(language)) for kind in kinds), key=lambda choice: choice[1])


def what_mattered(patient: Patient) -> tuple[str, ...]:
    """What this patient said matters to her, in every talk on record, newest first: a no may stand in these words."""
    talks = Conversation.objects.filter(consent__patient=patient).exclude(what_matters="").order_by("-held_at")
    return tuple(dict.fromkeys(talks.values_list("what_matters", flat=True)))


def is_without_consent(procedure_id: uuid.UUID) -> bool:
    """Whether this procedure was started without a consent."""
    return ProcedureStart.objects.filter(procedure_id=procedure_id, consent__isnull=True).exists()


def is_any_without_word(patient: Patient) -> bool:
    """Whether anything was ever done to this patient without her word."""
    return ProcedureStart.objects.filter(procedure__patient=patient, consent__isnull=True).exists()
