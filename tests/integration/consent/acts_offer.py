"""Acts around offering, each with the world it needs."""

import uuid
from collections.abc import Callable
from typing import Any

from consent.actions.ask_to_talk import ask_to_talk
from consent.actions.record_clinical_fact import record_clinical_fact
from consent.actions.refuse import refuse_consent
from consent.models import Consent
from consent.vocabulary import Via
from tests.factories import House

Act = Callable[[], Any]


def refused(house: House, consent: Consent | None = None) -> Consent:
    """A consent that the patient has said no to."""
    consent = consent or house.informed()
    return refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def offer_too_soon(house: House) -> Act:
    procedure, key = refused(house).procedure, uuid.uuid4()
    return lambda: house.offered(procedure, form_key=key)


def ask(house: House) -> Act:
    consent = refused(house)
    return lambda: ask_to_talk(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def fact(house: House) -> Act:
    consent = refused(house)
    return lambda: record_clinical_fact(
        consent_id=consent.pk, fact="Test result: a blood count has come back low.", by=house.colleague.account
    )


ACTS: dict[str, Callable[[House], Act]] = {
    "ask_to_talk": ask,
    "record_clinical_fact": fact,
}
