"""Shared by propose and supersede: the gate before an offer, and keeping the attempt when it stays shut.

A refused offer is a value, not an exception, so that what was tried is committed: the row, its entry and, where the
patient is pressed again and again, a hold that the advocate sees.
"""

import dataclasses
import datetime
import uuid
from dataclasses import dataclass

from clinic.actions.saving import sent_before
from clinic.models import Account, Procedure
from clinic.vocabulary import Role
from consent.actions.signal_holds import raise_signal_holds
from consent.ledger_store import Actor, append
from consent.models import Consent, RefusedOffer
from consent.queries.asking_signals import signals_of_refused_offer
from consent.queries.facts import Offer, offer_facts
from consent.queries.offers import LOCKS, consents_in_matter, newest_no
from consent.queries.verdicts import judge
from consent.rules.gate import Stage, Verdict
from consent.vocabulary import EntryKind, Via

NOTHING_MISSING = Verdict(unmet=(), warnings=())


@dataclass(frozen=True, slots=True)
class OfferAnswer:
    """What the gate said about an offer, and the consent that was opened when it allowed it."""

    consent: Consent | None
    verdict: Verdict


def lock_newest_no(procedure: Procedure) -> Consent | None:
    """The newest no about the matter, locked: two offers of it at the same time, in two plans, wait for each other."""
    no = newest_no(consents_in_matter(procedure))
    return None if no is None else Consent.objects.select_for_update(of=("self",)).get(pk=no.pk)


def offer_verdict(
    procedure: Procedure, offer: Offer, *, by: Account, at: datetime.datetime, is_new_asking: bool
) -> Verdict:
    """What the gate says about this offer now.

    **Takes** `is_new_asking`: False where a newer sheet or plan takes the place of an open consent. Everything else
    must be in order then too, but an earlier no about the matter is not held against it: the patient is being asked
    already, and would otherwise be asked with the wrong words.
    """
    facts = offer_facts(procedure=procedure, offer=offer, at=at, by=by)
    if not is_new_asking and facts.past is not None:
        past = dataclasses.replace(facts.past, last_no_at=None, last_withdrawal_at=None)
        facts = dataclasses.replace(facts, past=past)
    return judge(facts, stage=Stage.OFFER, site=procedure.patient.site)


def refuse_offer(
    procedure: Procedure, verdict: Verdict, *, by: Account, at: datetime.datetime, form_key: uuid.UUID
) -> OfferAnswer:
    """Keep an attempt that the gate refused; once, however often its form comes.

    **Writes** RefusedOffer; entry offer.refused. Where the patient has said no and this is tried again and again: Hold
    on the consent that ended, entry hold.raised.
    """
    answer = OfferAnswer(consent=None, verdict=verdict)
    about = {"procedure_id": procedure.pk}
    if sent_before(RefusedOffer.objects, form_key=form_key, by=by, by_field="offered_by", about=about) is not None:
        return answer
    unmet = [one.requirement_id for one in verdict.unmet]
    row = RefusedOffer(procedure=procedure, unmet=unmet, offered_by=by, offered_at=at, form_key=form_key)
    row.save(force_insert=True)
    append(
        site=procedure.patient.site,
        kind=EntryKind.OFFER_REFUSED,
        subject=procedure.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=Via.STAFF),
        rows=[row],
        occurred_at=at,
        detail={"procedure": procedure.pk.hex, "unmet": unmet},
    )
    no = newest_no(consents_in_matter(procedure))
    if no is not None and LOCKS & set(unmet):
        raise_signal_holds(no, signals_of_refused_offer(procedure, at=at), by=by, at=at)
    return answer
