"""A moment that is over: a day and a time on the clinic's own clock, as staff say that something happened."""

import datetime
from typing import Any

from clinic.forms.moments import SKIPPED, ClockForm
from clinic.scheduling.local_times import instants_of


class MomentForm(ClockForm):
    """Has the fields `day` and `time`. Gives `happened_at` as an instant."""

    def __init__(self, *args: Any, now: datetime.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if day and time is not None:
            instants = instants_of(day, time, time_zone=self.time_zone)
            if not instants:
                self.add_error("time", SKIPPED)
            else:  # a time that happens twice: the later one that is not in the future
                cleaned["happened_at"] = max((one for one in instants if one <= self.now), default=instants[0])
        return cleaned
