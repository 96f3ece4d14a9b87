"""What stands around a patient's consents for her FHIR files: which are too old, which entries hold her answers."""

import datetime
import uuid

from consent.models import Consent, LedgerBinding
from consent.models.digests import model_label
from consent.queries.facts import start_facts
from consent.queries.rows_around import Around, rows_around
from consent.queries.status import EXPIRY
from consent.queries.verdicts import judge
from consent.rules.gate import UNREADABLE_RULES, Stage
from consent.vocabulary import ConsentState, EntryKind

DECISIONS = (EntryKind.CONSENT_GIVEN, EntryKind.CONSENT_REFUSED)
UNUSED_YES = frozenset({ConsentState.GIVEN, ConsentState.CONFIRMED})
TOO_OLD = frozenset({EXPIRY, UNREADABLE_RULES})  # where the rules cannot be read, nothing may go ahead
Receipts = dict[tuple[str, EntryKind], str]


def changed_at(row: Consent) -> datetime.datetime:
    """When the last of her acts, or of acts for her, was done. A worry is none."""
    times = (row.informed_at, row.more_time_asked_at, row.given_at, row.confirmed_at, row.certified_at, row.ended_at)
    return max([row.proposed_at, *(one for one in times if one is not None)])


def expired_of(consents: list[Consent], *, at: datetime.datetime) -> set[uuid.UUID]:
    """Which yes is too old by the rules, or stands under rules that cannot be read."""
    unused = [one for one in consents if one.state in UNUSED_YES]
    around = rows_around(unused, at=at)
    return {one.pk for one in unused if is_too_old(one, at=at, around=around[one.pk])}


def is_too_old(consent: Consent, *, at: datetime.datetime, around: Around | None = None) -> bool:
    """Whether a yes is too old by the rules, or stands under rules that cannot be read."""
    facts = start_facts(
        procedure=consent.procedure, consent=consent, at=at, operator_id=consent.operator_id, around=around
    )
    verdict = judge(facts, stage=Stage.START, site=consent.site, consent=consent)
    return bool(TOO_OLD & {each.requirement_id for each in verdict.unmet})


def receipts_of(consents: list[Consent]) -> Receipts:
    """The entry of each yes, no and taking back, by consent and kind."""
    rows = LedgerBinding.objects.filter(
        model=model_label(Consent),
        key__in=[one.pk.hex for one in consents],
        entry__kind__in=[*DECISIONS, EntryKind.CONSENT_WITHDRAWN],
    )
    return {(key, EntryKind(kind)): entry.hex for key, kind, entry in rows.values_list("key", "entry__kind", "entry")}
