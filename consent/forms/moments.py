"""A moment that staff type: a day and a time on the clinic's own clock."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms import KeyedForm
from clinic.forms.base import NOT_REMEMBERED
from clinic.scheduling.local_times import instants_of, is_in_diary

DAY_HELP = _("Year, month, day: for example 2026-03-31.")


def time_field(label: object) -> forms.TimeField:
    """A time of day, typed as 09:30."""
    return forms.TimeField(
        label=label,  # type: ignore[arg-type]  # lazy words are fine
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", **NOT_REMEMBERED}),
    )


class MomentForm(KeyedForm):
    """Has the fields `day` and `time`. Gives `happened_at` as an instant."""

    def __init__(self, *args: Any, now: datetime.datetime, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.time_zone = now, time_zone
        self.fields["time"].help_text = _("Hours and minutes on the clinic's clock (%(zone)s), for example 09:30.") % {
            "zone": time_zone
        }

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if not is_in_diary(day):
            raise forms.ValidationError(_("The diary does not reach that day. Check the year."))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if day and time is not None:
            instants = instants_of(day, time, time_zone=self.time_zone)
            if not instants:
                self.add_error(
                    "time", _("The clocks are put forward that day: this time does not exist. Choose another.")
                )
            else:  # a time that happens twice: the later one that is not in the future
                cleaned["happened_at"] = max((one for one in instants if one <= self.now), default=instants[0])
        return cleaned
