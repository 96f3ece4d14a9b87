"""May this be offered at all, and now? Approved words, a medical purpose, and a no that is left in peace.

>>> [requirement.id for requirement in REQUIREMENTS][-2:]
['re-offer-days', 'contact-lock-hours']
"""

import datetime

from consent.rules.case import AT_ALL, AT_OFFER, Answer, Case, Detail, Requirement
from consent.rules.days import UTC, civil_day, days_between, elapsed, first_instant_of, hours_long
from consent.rules.languages import reads
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import Purpose, ReadingAid

# What carries words that are written in another language.
ACROSS_LANGUAGES = frozenset({ReadingAid.INTERPRETED_ALOUD, ReadingAid.SIGN_LANGUAGE})


def has_words_for_the_patient(case: Case) -> Answer:
    """CR-030. An approved sheet in a language the patient reads, or one that is put into her language aloud."""
    offer = case.offer
    if offer is None or not offer.patient_languages:
        return None
    if not offer.sheet_language:
        return False
    if reads(offer.sheet_language, offer.patient_languages):
        return True
    return None if offer.reading_aid is None else offer.reading_aid in ACROSS_LANGUAGES


def has_medical_purpose(case: Case) -> Answer:
    """CR-012. The womb is not removed only to end fertility."""
    if case.offer is None or case.offer.purpose is None:
        return None
    return case.offer.purpose != Purpose.STERILISATION_ONLY


def is_established_or_approved(case: Case) -> Answer:
    """CR-103. An experimental method is offered only inside a study with an ethics approval."""
    planned = case.facts.procedure
    if planned.is_experimental is None:
        return None
    return not planned.is_experimental or bool(planned.ethics_approval.strip())


def is_left_in_peace(case: Case) -> Answer:
    """CR-084. After a no: long enough ago, or she asked herself, or another clinician recorded a new fact since."""
    past = case.past
    if past is None:
        return None
    if past.last_no_at is None or _is_after(past.patient_asked_at, past.last_no_at):
        return True
    if _is_after(past.clinical_fact_at, past.last_no_at):
        return True
    days = case.policy.days_or_until_asked("re_offer_days")
    if isinstance(days, str):
        return False
    return None if case.zone is None else days_between(past.last_no_at, case.facts.at, case.zone) >= days


def explain_peace(case: Case) -> Detail:
    """Name the days, and when they are over; or that nobody but the patient can bring it up."""
    days = case.policy.days_or_until_asked("re_offer_days")
    said_at = case.past.last_no_at if case.past else None
    if isinstance(days, str) or said_at is None or case.zone is None:
        return Detail(template=_("It may be offered again when the patient asks for it."))
    first_day = civil_day(said_at, case.zone) + datetime.timedelta(days=days)
    return Detail(
        template=_("Days since the patient said no: at least %(days)s."),
        params={"days": days},
        earliest_at=first_instant_of(first_day, case.zone),
    )


def may_be_spoken_to(case: Case) -> Answer:
    """CR-087. For some time after taking it back nobody speaks to her about it, unless she asks."""
    past = case.past
    if past is None:
        return None
    if past.last_withdrawal_at is None or _is_after(past.patient_asked_at, past.last_withdrawal_at):
        return True
    return elapsed(past.last_withdrawal_at, case.facts.at) >= hours_long(case.policy.number("contact_lock_hours"))


def explain_contact(case: Case) -> Detail:
    """Name the hours, and when they are over."""
    hours, taken_back_at = case.policy.number("contact_lock_hours"), case.past.last_withdrawal_at if case.past else None
    return Detail(
        template=_("Hours since the patient took it back: at least %(hours)s."),
        params={"hours": hours},
        earliest_at=taken_back_at.astimezone(UTC) + hours_long(hours) if taken_back_at else None,
    )


def _is_after(instant: datetime.datetime | None, no_at: datetime.datetime) -> bool:
    return instant is not None and instant > no_at


def _facts_of_words(case: Case) -> tuple[str, ...]:
    names = ("offer.sheet_language", "offer.patient_languages")
    offer = case.offer
    is_read = offer is not None and reads(offer.sheet_language, offer.patient_languages)
    return names if is_read else (*names, "offer.reading_aid")


def _facts_of_peace(case: Case) -> tuple[str, ...]:
    """That nobody ever said no is known from the past as a whole."""
    return ("past.last_no_at",) if case.past and case.past.last_no_at else ("past",)


def _facts_of_contact(case: Case) -> tuple[str, ...]:
    return ("past.last_withdrawal_at",) if case.past and case.past.last_withdrawal_at else ("past",)


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="sheet-in-language",
        stages=AT_ALL,
        parameter="sheet_in_language",
        check=has_words_for_the_patient,
        facts=_facts_of_words,
    ),
    Requirement(
        id="sterilising-purpose",
        stages=AT_ALL,
        parameter="sterilising_purpose",
        check=has_medical_purpose,
        facts=("offer.purpose",),
    ),
    Requirement(
        id="ethics-approval",
        stages=AT_ALL,
        parameter="ethics_approval",
        check=is_established_or_approved,
        facts=("procedure.is_experimental",),
    ),
    Requirement(
        id="re-offer-days",
        stages=AT_OFFER,
        parameter="re_offer_days",
        check=is_left_in_peace,
        explain=explain_peace,
        facts=_facts_of_peace,
    ),
    Requirement(
        id="contact-lock-hours",
        stages=AT_OFFER,
        parameter="contact_lock_hours",
        check=may_be_spoken_to,
        explain=explain_contact,
        facts=_facts_of_contact,
    ),
)
