"""Signals of asking over time (PS-16, PS-17): the rows of one matter as facts, and what the table makes of them.

Both speak of what staff did. Neither stops a no, and neither is shown to anybody but the advocate.
"""

import dataclasses
import datetime

from clinic.models import Procedure
from clinic.vocabulary import ProcedureCategory
from consent.models import ClinicalFact, Consent, RefusedOffer, TalkRequest
from consent.queries.offers import consents_in_matter, policy_at_offer
from consent.queries.past import SAID_NO
from consent.rules.days import days_between, zone_named
from consent.rules.signals.bars import bars_of
from consent.rules.signals.facts import ContactChannel, ContactFacts, DecisionFacts, HistoryFacts, OfferMade
from consent.rules.signals.over_time import signals_over_time
from consent.rules.signals.table import action_for, load_signals
from consent.vocabulary import ConsentState, Decision

ASKED_AGAIN = "PS-16"
TURNED_AFTER_CONTACT = "PS-17"


def signals_of_offer(consent: Consent, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-16. Whether an offer that was just made is the third asking within the days of the table, one answered no.

    Whoever wished for it: a wish to be asked again can be forced as well, and the advocate hears the patient alone.
    What was done on a yes is no asking that was left open.
    """
    procedure, row = consent.procedure, load_signals()[ASKED_AGAIN]
    policy = policy_at_offer(procedure)
    action = action_for(row, "asked_often", ProcedureCategory(procedure.procedure_type.category))
    if policy is None or not policy.has("re_offer_days") or action is None or not action.holds:
        return ()
    days = row.number("often_days")
    recent = [one for one in consents_in_matter(procedure) if _days_since(one.proposed_at, procedure, at=at) <= days]
    asked = [one for one in recent if one.supersedes_id is None and one.state != ConsentState.USED]
    is_after_no = any(one.state in SAID_NO for one in recent)
    return (ASKED_AGAIN,) if is_after_no and len(asked) >= row.number("often") else ()


def signals_of_refused_offer(procedure: Procedure, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-16. Whether the attempt to offer at this instant is one too many within the days of the table."""
    return _held(procedure, ASKED_AGAIN, at=at)


def signals_of_yes(consent: Consent, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-17. Whether the yes at this instant follows a no within the days of the table, and staff asked in between."""
    return _held(consent.procedure, TURNED_AFTER_CONTACT, at=at)


def _held(procedure: Procedure, signal_id: str, *, at: datetime.datetime) -> tuple[str, ...]:
    """The signal, where the act at this very instant has made it so and the table asks for a hold."""
    seen = signals_over_time(_history(procedure, at=at), load_signals())
    return (signal_id,) if any(one.id == signal_id and one.action.holds and one.at == at for one in seen) else ()


def _history(procedure: Procedure, *, at: datetime.datetime) -> HistoryFacts:
    """What was offered, answered and wished for in one matter."""
    consents, policy = consents_in_matter(procedure), policy_at_offer(procedure)
    offers = _offers(procedure, consents)
    facts = HistoryFacts(
        at=at,
        time_zone=procedure.patient.site.time_zone,
        category=ProcedureCategory(procedure.procedure_type.category),
        decisions=tuple(_decisions(consents)),
        offers=offers,
        contacts=tuple(
            ContactFacts(
                made_at=one.offered_at,
                channel=ContactChannel.IN_PERSON,
                by_patient=one.by_patient,
                is_about_this=True,
            )
            for one in offers
        ),
    )
    return facts if policy is None else dataclasses.replace(facts, bars=bars_of(policy))


def _decisions(consents: list[Consent]) -> list[DecisionFacts]:
    """Every yes and every no, also a yes that was taken back later."""
    yes = [(one.given_at, Decision.PERMIT) for one in consents]
    no = [(one.ended_at, Decision.DENY) for one in consents if one.state in SAID_NO]
    return [DecisionFacts(decided_at=instant, decision=decision) for instant, decision in [*yes, *no] if instant]


def _offers(procedure: Procedure, consents: list[Consent]) -> tuple[OfferMade, ...]:
    """Every asking and every attempt; a newer sheet is neither. Only her own wish since her last no makes it hers."""
    attempts = RefusedOffer.objects.filter(
        procedure__patient_id=procedure.patient_id, procedure__procedure_type_id=procedure.procedure_type_id
    )
    made = [one.proposed_at for one in consents if one.supersedes_id is None]
    instants = sorted([*made, *attempts.values_list("offered_at", flat=True)])
    noes = [one.ended_at for one in consents if one.state in SAID_NO and one.ended_at]
    wishes = list(TalkRequest.objects.filter(consent__in=consents).values_list("asked_at", flat=True))
    facts = list(ClinicalFact.objects.filter(consent__in=consents).values_list("recorded_at", flat=True))
    return tuple(
        OfferMade(
            offered_at=instant,
            by_patient=_is_since_no(wishes, noes, instant),
            has_new_fact=instant in made and _is_since_no(facts, noes, instant),
        )
        for instant in instants
    )


def _is_since_no(acts: list[datetime.datetime], noes: list[datetime.datetime], instant: datetime.datetime) -> bool:
    """Whether one of these acts lies between the last no before an instant and that instant."""
    no_at = max((one for one in noes if one < instant), default=None)
    return no_at is not None and any(no_at <= act <= instant for act in acts)


def _days_since(instant: datetime.datetime, procedure: Procedure, *, at: datetime.datetime) -> int:
    """Days on the clinic's calendar; none where its zone is not known, so that nothing is ever long ago."""
    zone = zone_named(procedure.patient.site.time_zone)
    return days_between(instant, at, zone) if zone else 0
