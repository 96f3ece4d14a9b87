"""Ways to a shorter wait before a sterilisation, and what each of them asks for.

The wait protects, and a rigid wait also harms: whoever gives birth early must not lose her choice to a calendar. So
there are three ways, each certified or asked for by the one person who can: the operator for an early birth and for an
emergency, the patient herself for all else.

>>> import datetime
>>> signed, due = datetime.date(2027, 4, 20), datetime.date(2027, 6, 1)
>>> was_signed_in_time(signed, expected_on=due, days_before_due=30)
True
>>> birth_dates_problem(expected_on=due, born_on=due, today=due)
'not-early'
"""

import datetime

from consent.rules.days import UTC, aware

EARLIEST_BIRTH = datetime.timedelta(weeks=20)  # before the day it was expected; what ends earlier is not called a birth
IN_FUTURE, NOT_EARLY, TOO_EARLY = "in-future", "not-early", "too-early"


def birth_dates_problem(*, expected_on: datetime.date, born_on: datetime.date, today: datetime.date) -> str:
    """CR-003. What keeps these dates from being an early birth; empty where nothing does.

    **Takes** days at the clinic.
    """
    if born_on > today:
        return IN_FUTURE
    if expected_on <= born_on:
        return NOT_EARLY
    return TOO_EARLY if expected_on - born_on > EARLIEST_BIRTH else ""


def was_signed_in_time(signed_on: datetime.date, *, expected_on: datetime.date, days_before_due: int) -> bool:
    """CR-003. Whether the patient signed long enough before the day the birth was expected."""
    return (expected_on - signed_on).days >= days_before_due


def hours_after(signed_at: datetime.datetime, hours: int) -> datetime.datetime:
    """The instant at which this many hours have really passed since signing."""
    return aware(signed_at).astimezone(UTC) + datetime.timedelta(hours=hours)
