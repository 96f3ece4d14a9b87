"""Offering in the story: a no that is left in peace, an attempt that was refused, and two ways to speak of it again."""

from consent.actions.ask_to_talk import ask_to_talk
from consent.actions.record_clinical_fact import record_clinical_fact
from consent.actions.refuse import refuse_consent
from consent.models import Consent
from consent.vocabulary import Via
from tests.factories import House


def _refused(house: House) -> Consent:
    consent = house.informed()
    return refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)


def tell_offer(house: House) -> None:
    """A refused attempt, the patient's own wish after it, and a new fact about another patient."""
    consent = _refused(house)
    assert house.offered(consent.procedure).consent is None
    ask_to_talk(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    assert house.offered(consent.procedure).consent is not None
    record_clinical_fact(
        consent_id=_refused(house).pk, fact="Test result: a blood count has come back low.", by=house.colleague.account
    )
