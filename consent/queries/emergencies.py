"""Turns rows into the facts of care without consent. Always from the database; the acts call it under their locks."""

import datetime
import uuid

from clinic.models import Practitioner, Procedure, ProcedureType, Site
from clinic.vocabulary import Particular, ProcedureCategory, ProcedureStatus
from consent.models import Consent, EmergencyCare, Hold, TheatreAddition
from consent.queries.policies import law_of
from consent.queries.verdicts import start_verdict
from consent.rules.additions import AdditionFacts, decide_addition
from consent.rules.emergencies import EmergencyFacts, decide_emergency
from consent.rules.gate import Verdict, rules_unreadable
from consent.rules.policy import PolicyError
from consent.vocabulary import LIVE_STATES, CannotConsent, ConsentState, Grounds

NO_STATES = (ConsentState.REFUSED.value, ConsentState.WITHDRAWN.value)


def judge_emergency(facts: EmergencyFacts, site: Site) -> Verdict:
    """What the rules of a site say to an emergency; where they cannot be read, nothing goes ahead."""
    try:
        return decide_emergency(facts, law_of(site))
    except PolicyError as problem:
        return rules_unreadable(problem)


def judge_addition(facts: AdditionFacts, site: Site) -> Verdict:
    """What the rules of a site say to an addition; where they cannot be read, nothing goes ahead."""
    try:
        return decide_addition(facts, law_of(site))
    except PolicyError as problem:
        return rules_unreadable(problem)


def has_said_no(*, patient_id: uuid.UUID, procedure_type_id: uuid.UUID) -> bool:
    """Whether this patient ever refused this kind of procedure, or took a yes to it back."""
    kinds = Consent.objects.filter(patient_id=patient_id, procedure__procedure_type_id=procedure_type_id)
    return kinds.filter(state__in=NO_STATES).exists()


def practitioner_at(site_id: uuid.UUID, account_id: uuid.UUID | None) -> uuid.UUID | None:
    """The clinician at work in this clinic who has this account; None where there is none."""
    if account_id is None:
        return None
    rows = Practitioner.objects.filter(site_id=site_id, account_id=account_id, account__is_active=True)
    return rows.values_list("pk", flat=True).first()


def emergency_facts(
    procedure: Procedure,
    *,
    at: datetime.datetime,
    is_life_at_risk: bool | None,
    why_not_asked: CannotConsent | None,
    happened_at: datetime.datetime | None,
    declared_by: uuid.UUID | None,
    agreed_by: uuid.UUID | None = None,
    is_agreeing: bool = False,
) -> EmergencyFacts:
    """Everything the rules ask about an emergency.

    **Takes** accounts; whoever is no clinician at work in the patient's clinic counts as nobody.
    """
    site_id, kind = procedure.patient.site_id, procedure.procedure_type
    holds = Hold.objects.filter(consent__procedure=procedure, consent__state__in=sorted(LIVE_STATES))
    ordinary = start_verdict(procedure.pk, at=at, operator_id=procedure.operator_id)
    return EmergencyFacts(
        at=at,
        category=ProcedureCategory(kind.category),
        particular=Particular(kind.particular),
        status=ProcedureStatus(procedure.status),
        is_life_at_risk=is_life_at_risk,
        why_not_asked=why_not_asked,
        happened_at=happened_at,
        has_said_no=has_said_no(patient_id=procedure.patient_id, procedure_type_id=kind.pk),
        is_gate_open=ordinary.is_allowed,
        open_holds=holds.filter(lift__isnull=True).count(),
        declared_by=practitioner_at(site_id, declared_by),
        agreed_by=practitioner_at(site_id, agreed_by),
        is_agreeing=is_agreeing,
    )


def facts_of_declared(
    emergency: EmergencyCare, *, at: datetime.datetime, agreed_by: uuid.UUID | None
) -> EmergencyFacts:
    """The same, when a second clinician is asked to agree to what the first declared."""
    return emergency_facts(
        emergency.procedure,
        at=at,
        is_life_at_risk=True,  # nothing else can be declared
        why_not_asked=CannotConsent(emergency.why_not_asked),
        happened_at=emergency.happened_at,
        declared_by=emergency.declared_by_id,
        agreed_by=agreed_by,
        is_agreeing=True,
    )


def addition_facts(
    during: Procedure,
    kind: ProcedureType,
    *,
    at: datetime.datetime,
    status: ProcedureStatus | None,
    grounds: Grounds | None,
    declared_by: uuid.UUID | None,
    agreed_by: uuid.UUID | None = None,
    is_agreeing: bool = False,
) -> AdditionFacts:
    """Everything the rules ask about something added to a procedure under way."""
    site_id = during.patient.site_id
    return AdditionFacts(
        at=at,
        category=ProcedureCategory(kind.category),
        particular=Particular(kind.particular),
        status=status,
        under_way=ProcedureStatus(during.status),
        has_said_stop=_has_said_stop(during),
        grounds=grounds,
        has_said_no=has_said_no(patient_id=during.patient_id, procedure_type_id=kind.pk),
        operator=during.operator_id,
        declared_by=practitioner_at(site_id, declared_by),
        agreed_by=practitioner_at(site_id, agreed_by),
        is_agreeing=is_agreeing,
    )


def facts_of_addition(
    addition: TheatreAddition, *, at: datetime.datetime, agreed_by: uuid.UUID | None
) -> AdditionFacts:
    """The same, when a second clinician is asked to agree."""
    added = addition.procedure
    return addition_facts(
        addition.during,
        added.procedure_type,
        at=at,
        status=ProcedureStatus(added.status),
        grounds=Grounds(addition.grounds),
        declared_by=addition.declared_by_id,
        agreed_by=agreed_by,
        is_agreeing=True,
    )


def _has_said_stop(procedure: Procedure) -> bool:
    """Whether the newest word of the patient about the procedure under way is a no."""
    newest = Consent.objects.filter(procedure=procedure).order_by("-proposed_at").first()
    return newest is not None and newest.state in NO_STATES
