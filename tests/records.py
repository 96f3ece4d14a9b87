"""The record of a consent as it would be printed now."""

from clinic import clock
from consent.models import Consent
from consent.queries.frozen import act_of, last_act
from consent.queries.record import consent_record
from consent.record_facts import ConsentRecord


def record_now(consent: Consent, language: str = "en") -> ConsentRecord:
    """What a record made now says."""
    entry = last_act(consent)
    return consent_record(
        consent.pk, language=language, act=act_of(entry), ledger_origin=entry.ledger.origin, made_at=clock.now()
    )
