"""The three ways to a shorter wait before a sterilisation, each recorded as an act of its own.

None is a switch that somebody sets: each looks at what was certified or agreed, by whom, and when. Each answers with
the hours that are then enough, or with None where it does not carry.

>>> list(WAYS)
['premature_birth', 'abdominal_emergency', 'shorter_wait']
"""

import datetime
from collections.abc import Callable, Mapping

from consent.rules.case import Case
from consent.rules.days import civil_day, hours_long
from consent.rules.waits import birth_dates_problem, was_signed_in_time


def shorter_wait(case: Case) -> datetime.timedelta | None:
    """The shortest wait that any of the three ways allows; None where none carries."""
    return min((wait for way in WAYS.values() if (wait := way(case)) is not None), default=None)


def facts_of_shorter_wait(case: Case) -> tuple[str, ...]:
    """The facts by which the wait is shorter; where two ways carry, neither alone is missed."""
    carrying = [name for name, way in WAYS.items() if way(case) is not None]
    if len(carrying) != 1:
        return ("waits",) if carrying else ()
    return (f"waits.{carrying[0]}", "open_holds" if carrying == ["shorter_wait"] else "procedure.operator_id")


def after_premature_birth(case: Case) -> datetime.timedelta | None:
    """CR-003. The birth came early, the patient had signed long before the due day, and the operator certifies it."""
    birth = case.waits.premature_birth if case.waits else None
    if birth is None or case.signing_day is None or case.zone is None or not case.policy.has("premature_wait"):
        return None
    bar = case.policy.premature_wait("premature_wait")
    today = civil_day(case.facts.at, case.zone)
    is_early = not birth_dates_problem(expected_on=birth.expected_on, born_on=birth.born_on, today=today)
    was_signed_long_before = was_signed_in_time(
        case.signing_day, expected_on=birth.expected_on, days_before_due=bar.days_before_due
    )
    is_certified = _is_by_operator(case, by=birth.certified_by, at=birth.certified_at)
    return hours_long(bar.hours) if is_early and was_signed_long_before and is_certified else None


def in_abdominal_emergency(case: Case) -> datetime.timedelta | None:
    """CR-004. The belly must be opened in an emergency; the operator describes it and certifies it."""
    emergency = case.waits.abdominal_emergency if case.waits else None
    if emergency is None or not case.policy.has("abdominal_hours"):
        return None
    is_certified = _is_by_operator(case, by=emergency.certified_by, at=emergency.certified_at)
    return hours_long(case.policy.number("abdominal_hours")) if emergency.is_described and is_certified else None


def at_her_own_wish(case: Case) -> datetime.timedelta | None:
    """CR-005. She asked for it herself, and a second clinician from outside the team agreed after a talk alone.

    Never with an open concern, and never where she signed within 72 hours of a birth or an abortion.
    """
    wish = case.waits.shorter_wait if case.waits else None
    if wish is None or wish.answered_at is None or not case.policy.has("shortening_hours"):
        return None
    is_in_order = wish.asked_at <= wish.answered_at <= case.facts.at
    is_agreed = wish.was_asked_by_patient and wish.is_agreed and wish.was_private and wish.is_outside_team
    is_free = wish.after_birth_or_abortion_72h is False and case.facts.open_holds == 0
    return hours_long(case.policy.number("shortening_hours")) if is_in_order and is_agreed and is_free else None


def _is_by_operator(case: Case, *, by: object, at: datetime.datetime) -> bool:
    """Certified by the operator who is planned, and not in the future."""
    return by == case.facts.procedure.operator_id and at <= case.facts.at


# By the name of the fact in which each was recorded.
WAYS: Mapping[str, Callable[[Case], datetime.timedelta | None]] = {
    "premature_birth": after_premature_birth,
    "abdominal_emergency": in_abdominal_emergency,
    "shorter_wait": at_her_own_wish,
}
