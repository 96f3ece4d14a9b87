"""Where a wish to have a device taken out stands. CR-019: a right with a clock, and no way to say no to it.

The clock runs in days on the clinic's calendar from the day the patient asked. Nothing stops it but the end: the device
is out, or the patient keeps it. A clinical reason against taking it out now moves the day only when a second clinician
agreed and the patient was told, and then to the day on which it is looked at again.

>>> import datetime, zoneinfo
>>> asked = RemovalFacts(asked_at=datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC))
>>> days = RemovalDays(removal_days=7, second_opinion_hours=48)
>>> zone = zoneinfo.ZoneInfo("Asia/Shanghai")
>>> on_day_seven = datetime.datetime(2027, 3, 8, 9, tzinfo=datetime.UTC)
>>> standing(asked, days=days, zone=zone, at=on_day_seven)
Standing(state=<RemovalState.OPEN: 'open'>, due_on=datetime.date(2027, 3, 8), waits_for_second_opinion=False)
>>> standing(asked, days=days, zone=zone, at=on_day_seven + datetime.timedelta(days=1)).state.value
'overdue'
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum

from consent.rules.days import civil_day, elapsed


class RemovalState(StrEnum):
    """Computed from the clock, never stored. There is no `denied`."""

    OPEN = "open"
    OVERDUE = "overdue"
    CONTRAINDICATED = "contraindicated"  # two clinicians agree, the patient was told, a day to look again is set
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovalDays:
    """The bars of CR-019 at a site."""

    removal_days: int
    second_opinion_hours: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ContraindicationFacts:
    """A clinical reason, and what the second clinician said of it; None while nobody has."""

    recorded_at: datetime.datetime
    is_agreed: bool | None = None
    was_told: bool | None = None
    review_on: datetime.date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovalFacts:
    """One wish, from its rows."""

    asked_at: datetime.datetime
    ended_at: datetime.datetime | None = None
    contraindication: ContraindicationFacts | None = None  # the newest


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands, by when it has to be done, and whether a second opinion is late."""

    state: RemovalState
    due_on: datetime.date
    waits_for_second_opinion: bool


def standing(facts: RemovalFacts, *, days: RemovalDays, zone: zoneinfo.ZoneInfo, at: datetime.datetime) -> Standing:
    """CR-019. Where the wish stands at an instant; PS-22 is the word "overdue"."""
    reason = facts.contraindication
    due_on = civil_day(facts.asked_at, zone) + datetime.timedelta(days=days.removal_days)
    is_postponed = reason is not None and _counts(reason)
    if reason is not None and is_postponed and reason.review_on is not None:
        due_on = max(due_on, reason.review_on)
    today = civil_day(at, zone)
    if facts.ended_at is not None:
        state = RemovalState.ENDED
    elif today > due_on:
        state = RemovalState.OVERDUE
    else:
        state = RemovalState.CONTRAINDICATED if is_postponed else RemovalState.OPEN
    return Standing(state, due_on, state is not RemovalState.ENDED and _is_late(reason, days, at))


def _counts(reason: ContraindicationFacts) -> bool:
    """Two clinicians agree, the patient was told, and a day to look again is set; anything less moves no day."""
    return bool(reason.is_agreed and reason.was_told and reason.review_on)


def _is_late(reason: ContraindicationFacts | None, days: RemovalDays, at: datetime.datetime) -> bool:
    """A reason stands alone for longer than the second opinion may take."""
    if reason is None or reason.is_agreed is not None:
        return False
    return elapsed(reason.recorded_at, at) > datetime.timedelta(hours=days.second_opinion_hours)
