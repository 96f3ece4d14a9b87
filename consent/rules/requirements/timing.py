"""Is this the right time? Old enough when signing, waited long enough, and not too long.

Days are days on the clinic's calendar: signed on 15 January, day 30 is 14 February, at whatever hour. Where a preset
asks for hours too, both must have passed. The shorter waits before a sterilisation stand in `shorter_waits`.

>>> [requirement.id for requirement in REQUIREMENTS][:3]
['minimum-age', 'waiting-time', 'not-expired']
"""

import datetime

from consent.rules.case import AT_BOTH, AT_SIGNING, AT_START, Answer, Case, Detail, Requirement, Stage
from consent.rules.days import UTC, age_on, elapsed, first_instant_of, hours_long, minutes_long
from consent.rules.requirements.shorter_waits import facts_of_shorter_wait, shorter_wait
from consent.rules.wording import gettext_noop as _

CLEAR_DAYS = "clear-days"
ONE_DAY = datetime.timedelta(days=1)
SIGNED_WHEN = ("consent.given_at", "time_zone")


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
    """CR-002 to CR-005. Enough calendar days and hours have passed since signing, or the hours of a shorter wait."""
    if case.days_since_signing is None or case.signed_at is None:
        return None
    shorter = shorter_wait(case)
    return _is_regular_wait_over(case) or (shorter is not None and elapsed(case.signed_at, case.facts.at) >= shorter)


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


def was_signed_before_the_day(case: Case) -> Answer:
    """CR-020. Planned care is first signed for on an earlier day than that of the procedure."""
    return None if case.days_since_signing is None else case.days_since_signing > 0


def explain_the_day(case: Case) -> Detail:
    """The day after signing begins."""
    if case.signing_day is None or case.zone is None:
        return Detail()
    return Detail(earliest_at=first_instant_of(case.signing_day + ONE_DAY, case.zone))


def was_chosen_well_before(case: Case) -> Answer:
    """CR-018. Together with a birth or an abortion, a device is chosen so many hours before.

    Where nobody recorded whether it goes together with one, it counts as if it did.
    """
    return True if case.facts.procedure.accompanies_birth is False else _is_choice_old_enough(case)


def explain_choice(case: Case) -> Detail:
    """Name the hours, and when they are over."""
    hours, chosen_at = case.policy.number("hours_after_choice"), case.past.choice_recorded_at if case.past else None
    return Detail(
        template=_("Hours since the choice was recorded: at least %(hours)s."),
        params={"hours": hours},
        earliest_at=chosen_at.astimezone(UTC) + hours_long(hours) if chosen_at else None,
    )


def waited_as_a_statute_asks(case: Case) -> Answer:
    """CR-013. No clinic makes patients wait before an abortion; a statute may force hours between talk and start."""
    hours = case.policy.number("imposed_wait_hours")
    if hours == 0:
        return True
    return None if case.conversation is None else elapsed(case.conversation.held_at, case.facts.at) >= hours_long(hours)


def explain_statute(case: Case) -> Detail:
    """Name the hours, and when they are over."""
    hours = case.policy.number("imposed_wait_hours")
    return Detail(
        template=_("Hours since the talk: at least %(hours)s, because a statute asks for it."),
        params={"hours": hours},
        earliest_at=case.conversation.held_at.astimezone(UTC) + hours_long(hours) if case.conversation else None,
    )


def had_time_to_breathe(case: Case) -> Answer:
    """CR-033. Between the end of the talk and the signature lies a pause."""
    if case.conversation is None or case.signed_at is None:
        return None
    return elapsed(case.conversation.held_at, case.signed_at) >= minutes_long(case.policy.number("breathing_minutes"))


def explain_breathing(case: Case) -> Detail:
    """Name the minutes, and when they are over."""
    minutes = case.policy.number("breathing_minutes")
    return Detail(
        template=_("Minutes between the talk and the signature: at least %(minutes)s."),
        params={"minutes": minutes},
        earliest_at=case.conversation.held_at.astimezone(UTC) + minutes_long(minutes) if case.conversation else None,
    )


def _is_choice_old_enough(case: Case) -> Answer:
    chosen_at = case.past.choice_recorded_at if case.past else None
    if chosen_at is None:
        return None
    return elapsed(chosen_at, case.facts.at) >= hours_long(case.policy.number("hours_after_choice"))


def _days_to_wait(case: Case, *, with_birth: bool | None = None) -> int:
    """Where nobody recorded whether it goes with a birth, the wait is the one for a birth.

    Clear days are days between that of signing and that of the procedure, neither counted.
    """
    wait = case.policy.wait("min_wait")
    if with_birth is None:
        with_birth = case.facts.procedure.accompanies_birth is not False
    days = wait.days_with_birth if with_birth else wait.days
    return days + (case.policy.has("count_mode") and case.policy.code("count_mode") == CLEAR_DAYS)


def _is_regular_wait_over(case: Case, *, with_birth: bool | None = None) -> bool:
    if case.days_since_signing is None or case.signed_at is None:
        return False
    waited = elapsed(case.signed_at, case.facts.at)
    return case.days_since_signing >= _days_to_wait(case, with_birth=with_birth) and waited >= _hours_to_wait(case)


def _hours_to_wait(case: Case) -> datetime.timedelta:
    return hours_long(case.policy.wait("min_wait").hours)


def _earliest(case: Case) -> datetime.datetime | None:
    if case.signing_day is None or case.signed_at is None or case.zone is None:
        return None
    signed_at, shorter = case.signed_at.astimezone(UTC), shorter_wait(case)
    first_day = case.signing_day + datetime.timedelta(days=_days_to_wait(case))
    regular = max(first_instant_of(first_day, case.zone), signed_at + _hours_to_wait(case))
    return regular if shorter is None else min(regular, signed_at + shorter)


def _facts_of_age(case: Case) -> tuple[str, ...]:
    return ("birth_date", "time_zone", *(("consent.given_at",) if case.stage is Stage.START else ()))


def _facts_of_wait(case: Case) -> tuple[str, ...]:
    """Also what makes the wait a short one, where the long one is not over."""
    if _is_regular_wait_over(case, with_birth=True):
        return SIGNED_WHEN
    if _is_regular_wait_over(case):
        return (*SIGNED_WHEN, "procedure.accompanies_birth")
    return (*SIGNED_WHEN, *facts_of_shorter_wait(case))


def _facts_of_choice(case: Case) -> tuple[str, ...]:
    if case.facts.procedure.accompanies_birth is not False:
        return ("past.choice_recorded_at",)
    return () if _is_choice_old_enough(case) else ("procedure.accompanies_birth",)


def _facts_of_statute(case: Case) -> tuple[str, ...]:
    return ("conversation.held_at",) if case.policy.number("imposed_wait_hours") else ()


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="minimum-age",
        stages=AT_BOTH,
        parameter="min_age_years",
        check=was_old_enough,
        explain=explain_age,
        facts=_facts_of_age,
    ),
    Requirement(
        id="waiting-time",
        stages=AT_START,
        parameter="min_wait",
        beside=("count_mode", "premature_wait", "abdominal_hours", "shortening_hours"),
        check=has_waited,
        explain=explain_wait,
        facts=_facts_of_wait,
    ),
    Requirement(
        id="not-expired",
        stages=AT_START,
        parameter="max_consent_age_days",
        check=is_not_too_old,
        explain=explain_expiry,
        facts=SIGNED_WHEN,
    ),
    Requirement(
        id="first-signature-before-the-day",
        stages=AT_START,
        parameter="first_signature_before_the_day",
        check=was_signed_before_the_day,
        explain=explain_the_day,
        facts=SIGNED_WHEN,
    ),
    Requirement(
        id="hours-after-choice",
        stages=AT_BOTH,
        parameter="hours_after_choice",
        check=was_chosen_well_before,
        explain=explain_choice,
        facts=_facts_of_choice,
    ),
    Requirement(
        id="imposed-wait-hours",
        stages=AT_START,
        parameter="imposed_wait_hours",
        check=waited_as_a_statute_asks,
        explain=explain_statute,
        facts=_facts_of_statute,
    ),
    Requirement(
        id="breathing-minutes",
        stages=AT_SIGNING,
        parameter="breathing_minutes",
        check=had_time_to_breathe,
        explain=explain_breathing,
        facts=("conversation.held_at",),
    ),
)
