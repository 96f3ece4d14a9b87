"""Acts around the wait before a sterilisation, each with the world it needs."""

import datetime
from collections.abc import Callable
from typing import Any

from clinic import clock
from consent.actions.answer_shorter_wait import answer_shorter_wait
from consent.actions.ask_shorter_wait import ask_shorter_wait
from consent.actions.certify_abdominal_emergency import certify_abdominal_emergency
from consent.actions.certify_premature_birth import certify_premature_birth
from consent.models import Consent
from consent.vocabulary import Via
from tests.factories import House

Act = Callable[[], Any]
STERILISATION = "tubal-ligation"


def signed(house: House) -> Consent:
    """A sterilisation that the patient has signed for; its wait runs."""
    house.publish(STERILISATION)
    return house.given(house.procedure(code=STERILISATION))


def birth_days(house: House, *, early: int = 40) -> dict[str, datetime.date]:
    """A birth today, so many days before it was expected."""
    today = clock.local_date(clock.now(), time_zone=house.time_zone)
    return {"expected_on": today + datetime.timedelta(days=early), "born_on": today}


def wished(house: House) -> Consent:
    """A sterilisation whose patient has asked for a shorter wait."""
    consent = signed(house)
    ask_shorter_wait(consent_id=consent.pk, words="I go home on Friday.", by=consent.patient.account, via=Via.OWN_CARD)
    return consent


def birth(house: House) -> Act:
    consent = signed(house)
    days = birth_days(house)
    return lambda: certify_premature_birth(consent_id=consent.pk, by=house.midwife.account, **days)


def emergency(house: House) -> Act:
    consent = signed(house)
    return lambda: certify_abdominal_emergency(
        consent_id=consent.pk, circumstances="Appendix about to burst.", by=house.midwife.account
    )


def ask(house: House) -> Act:
    consent = signed(house)
    return lambda: ask_shorter_wait(
        consent_id=consent.pk, words="I go home on Friday.", by=consent.patient.account, via=Via.OWN_CARD
    )


def answer(house: House) -> Act:
    consent = wished(house)
    return lambda: answer_shorter_wait(
        consent_id=consent.pk,
        is_agreed=True,
        was_private=True,
        after_birth_or_abortion_72h=False,
        note="We spoke alone; it is her own wish.",
        by=house.colleague.account,
    )


ACTS: dict[str, Callable[[House], Act]] = {
    "certify_premature_birth": birth,
    "certify_abdominal_emergency": emergency,
    "ask_shorter_wait": ask,
    "answer_shorter_wait": answer,
}
