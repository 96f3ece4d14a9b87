"""What went before in the same matter: this patient, this kind of procedure. Always from the database.

Three questions to the database, for one procedure as for a hundred.
"""

import datetime
import uuid
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from clinic.clock import local_date
from clinic.models import Procedure
from clinic.vocabulary import ProcedureCategory
from consent.facts import PastFacts
from consent.models import ClinicalFact, Consent, Conversation, ProcedureStart, TalkRequest
from consent.vocabulary import LIVE_STATES, ConsentState

SAID_NO = frozenset({ConsentState.REFUSED, ConsentState.WITHDRAWN})
Matter = tuple[uuid.UUID, uuid.UUID]  # patient, kind of procedure


def pasts_of(procedures: Collection[Procedure], *, at: datetime.datetime) -> dict[uuid.UUID, PastFacts]:
    """What went before, by procedure. A consent entered in error counts for nothing; an open one is not the past."""
    consents = _consents_of({procedure.patient_id for procedure in procedures})
    ids = [consent.pk for matter in consents.values() for consent in matter]
    asked = _newest(TalkRequest.objects.filter(consent__in=ids).values_list("consent_id", "asked_at"))
    facts = _newest(ClinicalFact.objects.filter(consent__in=ids).values_list("consent_id", "recorded_at"))
    chosen = _first_talks(procedures)
    starts = _starts_today(procedures, at=at)
    return {
        procedure.pk: _past(
            [one for one in consents[_matter(procedure)] if not _is_this(one, procedure)],
            asked=asked,
            facts=facts,
            chosen_at=chosen.get(procedure.pk),
            starts=starts[procedure.operator_id],
        )
        for procedure in procedures
    }


def _past(
    earlier: list[Consent],
    *,
    asked: dict[uuid.UUID, datetime.datetime],
    facts: dict[uuid.UUID, datetime.datetime],
    chosen_at: datetime.datetime | None,
    starts: int,
) -> PastFacts:
    fact_at = max((facts[one.pk] for one in earlier if one.pk in facts), default=None)
    is_used_up = fact_at is not None and any(one.proposed_at > fact_at for one in earlier)
    noes = [one for one in earlier if one.state in SAID_NO]
    return PastFacts(
        last_no_at=_last(one.ended_at for one in noes),
        last_withdrawal_at=_last(one.ended_at for one in noes if one.state == ConsentState.WITHDRAWN),
        patient_asked_at=_last(asked.get(one.pk) for one in earlier),
        clinical_fact_at=None if is_used_up else fact_at,
        times_asked=sum(one.supersedes_id is None for one in earlier),
        choice_recorded_at=chosen_at,
        operator_starts_today=starts,
    )


def _consents_of(patient_ids: Collection[uuid.UUID]) -> defaultdict[Matter, list[Consent]]:
    found: defaultdict[Matter, list[Consent]] = defaultdict(list)
    rows = Consent.objects.select_related("procedure").filter(patient__in=patient_ids)
    for consent in rows.exclude(state=ConsentState.ENTERED_IN_ERROR).order_by("proposed_at"):
        found[_matter(consent.procedure)].append(consent)
    return found


def _matter(procedure: Procedure) -> Matter:
    return procedure.patient_id, procedure.procedure_type_id


def _is_this(consent: Consent, procedure: Procedure) -> bool:
    return consent.procedure_id == procedure.pk and consent.state in LIVE_STATES


def _newest(pairs: Iterable[tuple[uuid.UUID, datetime.datetime]]) -> dict[uuid.UUID, datetime.datetime]:
    newest: dict[uuid.UUID, datetime.datetime] = {}
    for key, instant in pairs:
        newest[key] = max(instant, newest.get(key, instant))
    return newest


def _last(instants: Iterable[datetime.datetime | None]) -> datetime.datetime | None:
    return max((instant for instant in instants if instant is not None), default=None)


def _first_talks(procedures: Collection[Procedure]) -> dict[uuid.UUID, datetime.datetime]:
    """When a choice was first talked through and recorded, by procedure."""
    talks = Conversation.objects.filter(consent__procedure__in=[procedure.pk for procedure in procedures])
    talks = talks.exclude(consent__state=ConsentState.ENTERED_IN_ERROR)
    first: dict[uuid.UUID, datetime.datetime] = {}
    for key, held_at in talks.values_list("consent__procedure_id", "held_at"):
        first[key] = min(held_at, first.get(key, held_at))
    return first


def _starts_today(procedures: Collection[Procedure], *, at: datetime.datetime) -> Counter[uuid.UUID]:
    """Sterilisations each operator started on the clinic's calendar day (CR-026)."""
    zones = {procedure.operator_id: procedure.patient.site.time_zone for procedure in procedures}
    rows = ProcedureStart.objects.filter(
        procedure__operator__in=list(zones),
        procedure__procedure_type__category=ProcedureCategory.STER,
        started_at__gte=at - datetime.timedelta(days=2),
    ).values_list("procedure__operator_id", "started_at")
    return Counter(
        operator
        for operator, started_at in rows
        if local_date(started_at, time_zone=zones[operator]) == local_date(at, time_zone=zones[operator])
    )
