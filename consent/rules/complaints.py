"""By when a complaint has to be answered. The clock runs in days on the clinic's calendar from the day it was made.

The number of days is no setting: no site can give itself more time. Nothing stops the clock but the advocate's answer.

>>> import datetime, zoneinfo
>>> made_at = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)
>>> zone = zoneinfo.ZoneInfo("Asia/Shanghai")
>>> standing(made_at=made_at, answered_at=None, zone=zone, at=made_at)
Standing(state=<ComplaintState.WAITING: 'waiting'>, due_on=datetime.date(2027, 3, 31))
>>> standing(made_at=made_at, answered_at=None, zone=zone, at=made_at + datetime.timedelta(days=31)).state.value
'overdue'
"""

import datetime
import zoneinfo
from dataclasses import dataclass
from enum import StrEnum

from consent.rules.days import civil_day

ANSWER_DAYS = 30  # a product default; complaint paths of health authorities answer within a month


class ComplaintState(StrEnum):
    """Computed from the clock, never stored."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a complaint stands, and by which day it has to be answered."""

    state: ComplaintState
    due_on: datetime.date


def due_on(made_at: datetime.datetime, zone: zoneinfo.ZoneInfo) -> datetime.date:
    """The last day on which a complaint made at this instant is answered in time."""
    return civil_day(made_at, zone) + datetime.timedelta(days=ANSWER_DAYS)


def standing(
    *,
    made_at: datetime.datetime,
    answered_at: datetime.datetime | None,
    zone: zoneinfo.ZoneInfo,
    at: datetime.datetime,
) -> Standing:
    """Where a complaint stands at an instant."""
    last_day = due_on(made_at, zone)
    if answered_at is not None:
        return Standing(ComplaintState.ANSWERED, last_day)
    is_late = civil_day(at, zone) > last_day
    return Standing(ComplaintState.OVERDUE if is_late else ComplaintState.WAITING, last_day)
