"""Is this the right time? Old enough when signing, waited long enough, and not too long.

Days are days on the clinic's calendar: signed on 15 January, day 30 is 14 February, at whatever hour. Where a preset
asks for hours too, both must have passed.

>>> [requirement.id for requirement in REQUIREMENTS]
['minimum-age', 'waiting-time', 'not-expired']
"""

import datetime

from consent.rules.case import AT_BOTH, AT_START, Answer, Case, Detail, Requirement
from consent.rules.days import UTC, age_on, elapsed, first_instant_of
from consent.rules.wording import gettext_noop as _


def was_old_enough(case: Case) -> Answer:
    """CR-001. On the day of signing the patient had reached the minimum age."""
    born, signing_day = case.facts.birth_date, case.signing_day
    if born is None or signing_day is None:
        return None
    return age_on(signing_day, born=born) >= case.policy.number("min_age_years")


def explain_age(case: Case) -> Detail:
    """Name the minimum age."""
    return Detail(
        template=_("Years of age on the day of signing: at least %(years)s."),
        params={"years": case.policy.number("min_age_years")},
    )


def has_waited(case: Case) -> Answer:
    """CR-002. Enough calendar days have passed since signing and, where the preset asks, enough hours."""
    if case.days_since_signing is None or case.signed_at is None:
        return None
    return case.days_since_signing >= _days_to_wait(case) and elapsed(case.signed_at, case.facts.at) >= _hours(case)


def explain_wait(case: Case) -> Detail:
    """Name the wait, and the first instant at which it is over."""
    hours = case.policy.wait("min_wait").hours
    params = {"days": _days_to_wait(case), "hours": hours}
    if hours:
        template = _("Days between signing and the procedure: at least %(days)s; hours: at least %(hours)s.")
    else:
        template = _("Days between signing and the procedure: at least %(days)s.")
    return Detail(template=template, params=params, earliest_at=_earliest(case))


def is_not_too_old(case: Case) -> Answer:
    """CR-006, CR-021. The consent was signed no more calendar days ago than it holds for."""
    if case.days_since_signing is None:
        return None
    return case.days_since_signing <= case.policy.number("max_consent_age_days")


def explain_expiry(case: Case) -> Detail:
    """Name both ages."""
    return Detail(
        template=_("Days since signing: %(days)s; here a consent holds for %(allowed)s."),
        params={"days": case.days_since_signing or 0, "allowed": case.policy.number("max_consent_age_days")},
    )


def _days_to_wait(case: Case) -> int:
    """Where nobody recorded whether it goes with a birth, the wait is the one for a birth."""
    wait = case.policy.wait("min_wait")
    return wait.days if case.facts.procedure.accompanies_birth is False else wait.days_with_birth


def _hours(case: Case) -> datetime.timedelta:
    return datetime.timedelta(hours=case.policy.wait("min_wait").hours)


def _earliest(case: Case) -> datetime.datetime | None:
    if case.signing_day is None or case.signed_at is None or case.zone is None:
        return None
    first_day = case.signing_day + datetime.timedelta(days=_days_to_wait(case))
    return max(first_instant_of(first_day, case.zone), case.signed_at.astimezone(UTC) + _hours(case))


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="minimum-age",
        rule_ids=("CR-001",),
        stages=AT_BOTH,
        sentence=_("On the day of signing the patient was too young for this, or the birth date is not known."),
        patient_sentence=_("At your age this cannot be signed for here. You can ask about the other choices."),
        check=was_old_enough,
        explain=explain_age,
        parameter="min_age_years",
    ),
    Requirement(
        id="waiting-time",
        rule_ids=("CR-002",),
        stages=AT_START,
        sentence=_("The waiting time since signing is not over. Plan the procedure for a later time."),
        patient_sentence=_("Your time to think is not over. Nothing will be done before it is."),
        check=has_waited,
        explain=explain_wait,
        parameter="min_wait",
    ),
    Requirement(
        id="not-expired",
        rule_ids=("CR-006", "CR-021"),
        stages=AT_START,
        sentence=_("The consent is too old, or not dated. Talk with the patient again and propose a new one."),
        patient_sentence=_("You signed too long ago. You will be asked anew, and your answer may have changed."),
        check=is_not_too_old,
        explain=explain_expiry,
        parameter="max_consent_age_days",
    ),
)
