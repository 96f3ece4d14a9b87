"""Questions about care without a word, a no left in peace, removals, and being able to decide.

>>> [check.id for check in CHECKS]
['without-consent-not-reviewed', 'patient-not-told', 'removal-late', 'second-opinion-late', 'asked-again-too-soon', \
'assessed-twice-by-one']
"""

import datetime
from collections.abc import Iterator

from consent.rules.days import civil_day, days_between, elapsed, hours_long
from consent.rules.self_audit.check import Check
from consent.rules.self_audit.facts import (
    AssessedTrail,
    EntryFacts,
    Matter,
    MatterStep,
    RemovalTrail,
    StartWithoutConsent,
)
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import EntryKind

HOURS_TO_TELL = 24
NOES = frozenset({EntryKind.CONSENT_REFUSED, EntryKind.CONSENT_WITHDRAWN})
OPENS_ANEW = frozenset({EntryKind.TALK_REQUESTED, EntryKind.CLINICAL_FACT_RECORDED})


def not_reviewed(facts: StartWithoutConsent) -> Iterator[EntryFacts]:
    """CR-024. An emergency that the advocate has not looked at in time."""
    if not facts.is_emergency or facts.review_hours is None:
        return
    until = facts.reviewed.occurred_at if facts.reviewed else facts.at
    if elapsed(facts.started.occurred_at, until) > hours_long(facts.review_hours):
        yield facts.started


def not_told(facts: StartWithoutConsent) -> Iterator[EntryFacts]:
    """CR-024, CR-025. What was done without the patient's word, and the patient was not told within a day."""
    until = facts.told.occurred_at if facts.told else facts.at
    if elapsed(facts.started.occurred_at, until) > hours_long(HOURS_TO_TELL):
        yield facts.started


def removal_late(facts: RemovalTrail) -> Iterator[EntryFacts]:
    """CR-019. A wish to have a device out that was not met by its day."""
    if any(reason.moves_the_day for reason in facts.reasons):
        return
    due_on = civil_day(facts.asked.occurred_at, facts.zone) + datetime.timedelta(days=facts.removal_days)
    until = facts.ended.occurred_at if facts.ended else facts.at
    if civil_day(until, facts.zone) > due_on:
        yield facts.asked


def second_opinion_late(facts: RemovalTrail) -> Iterator[EntryFacts]:
    """CR-019. A clinical reason that stood alone for too long."""
    for reason in facts.reasons:
        ends = [one.occurred_at for one in (reason.opinion, facts.ended) if one is not None]
        if elapsed(reason.recorded.occurred_at, min(ends, default=facts.at)) > hours_long(facts.second_opinion_hours):
            yield reason.recorded


def asked_again_too_soon(matter: Matter) -> Iterator[EntryFacts]:
    """CR-084, CR-087. A new offer in a matter in which the patient had said no, before it may be made."""
    last_no: EntryFacts | None = None
    for step in matter.steps:
        if step.entry.kind in NOES:
            last_no = step.entry
        elif step.entry.kind in OPENS_ANEW:
            last_no = None
        elif last_no is not None and _is_too_soon(matter, last_no, step):
            yield step.entry


def assessed_twice_by_one(trail: AssessedTrail) -> Iterator[EntryFacts]:
    """CR-058. A later assessment by whoever made the first, while nobody else has looked."""
    first, *later = trail.assessments
    for assessment in later:
        if assessment.by != first.by:
            return
        yield assessment


def _is_too_soon(matter: Matter, no: EntryFacts, offer: MatterStep) -> bool:
    policy, offered_at = offer.policy, offer.entry.occurred_at
    if policy is None:
        return False
    if policy.has("re_offer_days"):
        days = policy.days_or_until_asked("re_offer_days")
        if isinstance(days, str) or days_between(no.occurred_at, offered_at, matter.zone) < days:
            return True
    is_lock = no.kind is EntryKind.CONSENT_WITHDRAWN and policy.has("contact_lock_hours")
    return is_lock and elapsed(no.occurred_at, offered_at) < hours_long(policy.number("contact_lock_hours"))


CHECKS: tuple[Check, ...] = (
    Check(
        id="without-consent-not-reviewed",
        question=_("Has the advocate looked in time at each emergency that began without consent?"),
        rules=("CR-024",),
        about=StartWithoutConsent,
        find=not_reviewed,
    ),
    Check(
        id="patient-not-told",
        question=_("Was the patient told within a day what was done without the patient's word?"),
        rules=("CR-024", "CR-025"),
        about=StartWithoutConsent,
        find=not_told,
        limit=_("Whether the patient could be spoken to by then is not open."),
    ),
    Check(
        id="removal-late",
        question=_("Was each wish to have a device taken out met, or given up by the patient, by its day?"),
        rules=("CR-019",),
        about=RemovalTrail,
        find=removal_late,
        limit=_("Where two clinicians agreed on a reason to wait and the patient was told, the new day is not open."),
    ),
    Check(
        id="second-opinion-late",
        question=_("Did a second clinician look in time at each reason not to take a device out?"),
        rules=("CR-019",),
        about=RemovalTrail,
        find=second_opinion_late,
    ),
    Check(
        id="asked-again-too-soon",
        question=_("After a no, was the patient left in peace for as long as the rules ask?"),
        rules=("CR-084", "CR-087"),
        about=Matter,
        find=asked_again_too_soon,
    ),
    Check(
        id="assessed-twice-by-one",
        question=_("Where being able to decide was assessed more than once, did somebody else look as well?"),
        rules=("CR-058",),
        about=AssessedTrail,
        find=assessed_twice_by_one,
        limit=_("What was found is not open; two findings that say the same are a place to look like any other."),
    ),
)
