"""Signs of pressure that one talk shows by itself, before anybody has decided anything (PS-05, 06, 07, 11, 15)."""

import datetime

from clinic.vocabulary import ProcedureCategory
from consent.models import Consent
from consent.queries.consent_policy import policy_of
from consent.rules.policy import Policy
from consent.rules.signals.bars import NO_BARS, bars_of
from consent.rules.signals.facts import CompanionFacts, TeachBackFacts, TextFacts, VisitFacts
from consent.rules.signals.table import load_signals
from consent.rules.signals.visit import signals_of_visit
from consent.talk_input import ConversationInput
from consent.vocabulary import COMPANION_ROLES, Capacity, PersonRole

CAPACITY_RULE = "CR-058"


def talk_signals(consent: Consent, talk: ConversationInput, *, at: datetime.datetime) -> set[str]:
    """The signals and rules for which the advocate has to look at this consent."""
    policy = policy_of(consent)
    found = signals_of_visit(visit_facts(consent, talk, policy=policy, at=at), load_signals())
    doubts = {CAPACITY_RULE} if talk.capacity == Capacity.IN_DOUBT and _holds(policy, "capacity") else set()
    return {signal.id for signal in found if signal.action.holds} | doubts


def _holds(policy: Policy | None, name: str) -> bool:
    return policy is not None and policy.has(name) and policy.rules[name].effect.holds


def visit_facts(
    consent: Consent, talk: ConversationInput, *, policy: Policy | None, at: datetime.datetime
) -> VisitFacts:
    """One talk as facts. Nobody has signed: what speaks of the signature waits for it."""
    return VisitFacts(
        at=at,
        time_zone=consent.site.time_zone,
        category=ProcedureCategory(consent.procedure.procedure_type.category),
        bars=bars_of(policy) if policy else NO_BARS,
        event_times=(at,),
        companions=companions(talk),
        teach_backs=tuple(
            TeachBackFacts(key=said.key, attempts=said.attempts, was_answered_by_companion=said.answered_by_companion)
            for said in talk.teach_backs
        ),
        texts=tuple(TextFacts(kind="conversation", text=text, written_at=at) for text in talk.staff_words().values()),
    )


def companions(talk: ConversationInput) -> tuple[CompanionFacts, ...]:
    """Everyone who was there during the talk; somebody who would not leave counts also where nobody was named."""
    there = [person for person in talk.people if person.role in COMPANION_ROLES]
    unwilling = CompanionFacts(role=PersonRole.OTHER, was_there_at_decision=True, would_not_leave=True)
    return (
        *(CompanionFacts(role=person.role, was_there_at_decision=True) for person in there),
        *((unwilling,) if talk.companion_would_not_leave else ()),
    )
