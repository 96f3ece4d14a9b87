"""What staff and patient see about asking: how often it was asked, what the patient wished, and when it may be again.

A matter is one patient and one kind of procedure (`past`). An offer after a newer sheet or a changed plan is no new
asking, and what was entered in error was never asked.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from clinic.models import Account, Procedure
from clinic.vocabulary import ProcedureCategory, ProcedureStatus
from consent.models import ClinicalFact, Consent, RefusedOffer, TalkRequest
from consent.queries.facts import Offer, offer_facts
from consent.queries.pages import Missing, in_words, sheet_languages
from consent.queries.past import SAID_NO
from consent.queries.policies import law_of
from consent.queries.verdicts import judge
from consent.rules.gate import Stage
from consent.rules.languages import reads
from consent.rules.policy import Policy, PolicyError, policy_for
from consent.vocabulary import LIVE_STATES, ConsentState, RequestSource

# What leaves a patient in peace after a no (CR-084) and after taking a yes back (CR-087).
LOCKS = frozenset({"re-offer-days", "contact-lock-hours"})
NOTHING_CHOSEN = Offer(request_source=RequestSource.UNKNOWN, language="")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """How one matter was asked about so far, and what stands in the way of asking again."""

    times: int
    attempts: int  # offers that the rules refused
    talk_asked_at: datetime.datetime | None  # since the newest no, the patient asked to talk about it again
    new_fact: str  # what another clinician recorded since the newest no; empty where nothing was
    locks: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnAsking:
    """The same for the patient: how often she was asked, and whether she can say that she wants to talk again."""

    times: int
    can_ask: bool
    asked_at: datetime.datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferQuestions:
    """What a page that offers a procedure has to ask, and in which languages the sheet can be had."""

    languages: list[tuple[str, str]]
    readable: frozenset[str]  # those of them that the patient reads
    asks_reading_aid: bool  # whichever language is chosen
    asks_excluded: bool
    asks_purpose: bool


def consents_in_matter(procedure: Procedure) -> list[Consent]:
    """Every consent about this patient and this kind of procedure, the oldest first, without what was a mistake."""
    rows = Consent.objects.filter(
        patient_id=procedure.patient_id, procedure__procedure_type_id=procedure.procedure_type_id
    )
    return list(rows.exclude(state=ConsentState.ENTERED_IN_ERROR).order_by("proposed_at"))


def times_asked(consents: Iterable[Consent]) -> int:
    """How many askings these consents of one matter are; one that took the place of another is none."""
    return sum(one.supersedes_id is None for one in consents)


def newest_no(consents: Iterable[Consent]) -> Consent | None:
    """The newest consent of a matter that the patient refused or took back; None where she never said no."""
    return max((one for one in consents if one.state in SAID_NO), key=_ended_at, default=None)


def _ended_at(consent: Consent) -> datetime.datetime:
    return consent.ended_at or consent.proposed_at


def open_talk_request(procedure: Procedure) -> TalkRequest | None:
    """The patient's wish to talk about a matter again, where she made it after her newest no."""
    consents = consents_in_matter(procedure)
    no = newest_no(consents)
    if no is None:
        return None
    return TalkRequest.objects.filter(consent__in=consents, asked_at__gte=_ended_at(no)).order_by("asked_at").first()


def asking(procedure: Procedure, *, account: Account, at: datetime.datetime) -> Asking:
    """What a page of the care team says about asking for this procedure."""
    consents = consents_in_matter(procedure)
    attempts = RefusedOffer.objects.filter(
        procedure__patient_id=procedure.patient_id, procedure__procedure_type_id=procedure.procedure_type_id
    )
    request = open_talk_request(procedure)
    return Asking(
        times=times_asked(consents),
        attempts=attempts.count(),
        talk_asked_at=request.asked_at if request else None,
        new_fact=_new_fact(consents),
        locks=_locks(procedure, consents, account=account, at=at),
    )


def own_asking(consent: Consent) -> OwnAsking:
    """What her own page says about being asked."""
    consents = consents_in_matter(consent.procedure)
    request = open_talk_request(consent.procedure)
    is_being_asked = any(one.state in LIVE_STATES for one in consents)
    return OwnAsking(
        times=times_asked(consents),
        can_ask=consent.state in SAID_NO and request is None and not is_being_asked,
        asked_at=request.asked_at if request and not is_being_asked else None,
    )


def askings(procedure_ids: Iterable[uuid.UUID], *, account: Account, at: datetime.datetime) -> dict[uuid.UUID, Asking]:
    """The same for those of a patient's plans about which she has said no; for all others nothing."""
    wanted = list(procedure_ids)
    procedures = Procedure.objects.select_related("patient__site", "procedure_type").filter(
        pk__in=wanted, status__in=[ProcedureStatus.PREPARATION, ProcedureStatus.NOT_DONE]
    )
    noes = Consent.objects.filter(patient__procedures__in=wanted, state__in=sorted(SAID_NO))
    about = set(noes.values_list("patient_id", "procedure__procedure_type_id"))
    return {
        procedure.pk: asking(procedure, account=account, at=at)
        for procedure in procedures
        if (procedure.patient_id, procedure.procedure_type_id) in about
    }


def _new_fact(consents: list[Consent]) -> str:
    no = newest_no(consents)
    fact = ClinicalFact.objects.filter(consent=no).first() if no else None
    return fact.fact if fact else ""


def _locks(
    procedure: Procedure, consents: list[Consent], *, account: Account, at: datetime.datetime
) -> tuple[Missing, ...]:
    """What forbids an offer now, whatever else is put right. Nothing, while one is open or was never said no to."""
    if newest_no(consents) is None or any(
        one.procedure_id == procedure.pk and one.state in LIVE_STATES for one in consents
    ):
        return ()
    facts = offer_facts(procedure=procedure, offer=NOTHING_CHOSEN, at=at, by=account)
    verdict = judge(facts, stage=Stage.OFFER, site=procedure.patient.site)
    return in_words(one for one in verdict.unmet if one.requirement_id in LOCKS)


def policy_at_offer(procedure: Procedure) -> Policy | None:
    """Every cell of the rules in force for this kind of care; None where the rules of the site cannot be read."""
    kind = procedure.procedure_type
    try:
        return policy_for(law_of(procedure.patient.site), ProcedureCategory(kind.category), kind.particular)
    except PolicyError:
        return None


def offer_questions(procedure: Procedure) -> OfferQuestions:
    """What has to be asked when this procedure is offered to this patient."""
    policy, patient = policy_at_offer(procedure), procedure.patient
    languages = sheet_languages(procedure)
    readable = frozenset(code for code, _words in languages if reads(code, tuple(patient.languages)))
    return OfferQuestions(
        languages=languages,
        readable=readable,
        asks_reading_aid=bool(patient.access_needs),
        asks_excluded=policy is not None and policy.has("excluded_subjects"),
        asks_purpose=policy is not None and policy.has("sterilising_purpose"),
    )


def may_record_fact(consent: Consent, account: Account) -> bool:
    """Whether a page offers this person to record a new clinical fact: it is the newest no, and somebody else asked."""
    policy = policy_at_offer(consent.procedure)
    if policy is None or not policy.has("re_offer_days") or consent.state not in SAID_NO:
        return False
    no = newest_no(consents_in_matter(consent.procedure))
    is_taken = ClinicalFact.objects.filter(consent=consent).exists()
    return no is not None and no.pk == consent.pk and not is_taken and consent.proposed_by_id != account.pk
