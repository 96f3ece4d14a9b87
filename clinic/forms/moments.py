"""A day and a time that staff type, on the clinic's own clock."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import NOT_REMEMBERED, KeyedForm
from clinic.scheduling.local_times import is_in_diary

DAY_HELP = _("Year, month, day: for example 2026-03-31.")
SKIPPED = _("The clocks are put forward that day: this time does not exist. Choose another.")


def time_field(label: object) -> forms.TimeField:
    """A time of day, typed as 09:30."""
    return forms.TimeField(
        label=label,  # type: ignore[arg-type]  # lazy words are fine
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", **NOT_REMEMBERED}),
    )


class ClockForm(KeyedForm):
    """Has the fields `day` and `time`, and says whose clock they are read by."""

    def __init__(self, *args: Any, time_zone: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.time_zone = time_zone
        self.fields["time"].help_text = _("Hours and minutes on the clinic's clock (%(zone)s), for example 09:30.") % {
            "zone": time_zone
        }

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if not is_in_diary(day):
            raise forms.ValidationError(_("The diary does not reach that day. Check the year."))
        return day
