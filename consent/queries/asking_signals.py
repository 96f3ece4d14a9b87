"""Signals of asking over time (PS-16, PS-17), read from the rows of one matter. Thresholds stand in the signals table.

Both speak of what staff did. Neither stops a no, and neither is shown to anybody but the advocate.
"""

import datetime

from clinic.models import Procedure
from clinic.vocabulary import ProcedureCategory
from consent.models import Consent, RefusedOffer, TalkRequest
from consent.queries.offers import LOCKS, consents_in_matter, policy_at_offer
from consent.queries.past import SAID_NO
from consent.rules.days import days_between, zone_named
from consent.rules.signals.table import action_for, load_signals
from consent.vocabulary import ConsentState

ASKED_AGAIN = "PS-16"
TURNED_AFTER_CONTACT = "PS-17"


def signals_of_offer(consent: Consent, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-16. Whether an offer that was just made is the third asking within the days of the table, one answered no.

    Whoever wished for it: a wish to be asked again can be forced as well, and the advocate hears the patient alone.
    What was done on a yes is no asking that was left open.
    """
    matter = consents_in_matter(consent.procedure)
    recent = [one for one in matter if _is_recent(one.proposed_at, consent.procedure, at=at)]
    asked = [one for one in recent if one.supersedes_id is None and one.state != ConsentState.USED]
    is_after_no = any(one.state in SAID_NO for one in recent)
    return _asked_often(len(asked), consent.procedure) if is_after_no else ()


def signals_of_refused_offer(procedure: Procedure, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-16. Whether the attempts to offer that her no has stopped are too many within the days of the table."""
    attempts = [one for one in _attempts(procedure) if _is_recent(one.offered_at, procedure, at=at)]
    return _asked_often(len(attempts), procedure)


def signals_of_yes(consent: Consent, *, at: datetime.datetime) -> tuple[str, ...]:
    """PS-17. Whether a yes just given follows a no within the days of the table, with staff asking in between."""
    noes = [one for one in consents_in_matter(consent.procedure) if one.state in SAID_NO and one.ended_at]
    row = load_signals()[TURNED_AFTER_CONTACT]
    if not noes or not _holds(TURNED_AFTER_CONTACT, "turned_to_yes", consent.procedure):
        return ()
    no_at = max(one.ended_at for one in noes if one.ended_at)
    is_soon = _days_since(no_at, consent.procedure, at=at) <= row.number("days")
    return (TURNED_AFTER_CONTACT,) if is_soon and _staff_asked_since(no_at, consent) else ()


def _staff_asked_since(no_at: datetime.datetime, consent: Consent) -> bool:
    """Whether staff raised the matter after this no, or tried to, before the patient herself asked for it."""
    if any(one.offered_at > no_at for one in _attempts(consent.procedure)):
        return True
    matter = consents_in_matter(consent.procedure)
    wishes = TalkRequest.objects.filter(consent__in=matter, asked_at__gte=no_at).values_list("asked_at", flat=True)
    first_wish = min(wishes, default=None)
    offers = [one.proposed_at for one in matter if one.supersedes_id is None and one.proposed_at > no_at]
    return any(first_wish is None or offered_at < first_wish for offered_at in offers)


def _attempts(procedure: Procedure) -> list[RefusedOffer]:
    """Attempts to offer in this matter that were stopped because she had said no."""
    rows = RefusedOffer.objects.filter(
        procedure__patient_id=procedure.patient_id, procedure__procedure_type_id=procedure.procedure_type_id
    )
    return [one for one in rows if LOCKS & set(one.unmet)]


def _asked_often(times: int, procedure: Procedure) -> tuple[str, ...]:
    is_touched = _is_left_in_peace(procedure) and _holds(ASKED_AGAIN, "asked_often", procedure)
    return (ASKED_AGAIN,) if is_touched and times >= load_signals()[ASKED_AGAIN].number("often") else ()


def _is_recent(instant: datetime.datetime, procedure: Procedure, *, at: datetime.datetime) -> bool:
    return _days_since(instant, procedure, at=at) <= load_signals()[ASKED_AGAIN].number("often_days")


def _days_since(instant: datetime.datetime, procedure: Procedure, *, at: datetime.datetime) -> int:
    """Days on the clinic's calendar; none where its zone is not known, so that nothing is ever long ago."""
    zone = zone_named(procedure.patient.site.time_zone)
    return days_between(instant, at, zone) if zone else 0


def _holds(signal: str, finding: str, procedure: Procedure) -> bool:
    action = action_for(load_signals()[signal], finding, ProcedureCategory(procedure.procedure_type.category))
    return action is not None and action.holds


def _is_left_in_peace(procedure: Procedure) -> bool:
    """Whether the rules keep staff from asking again about this kind of care."""
    policy = policy_at_offer(procedure)
    return policy is not None and policy.has("re_offer_days")
