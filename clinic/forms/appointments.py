"""The form for booking and moving: a day and a time on the clinic's own clock."""

import datetime
import uuid
from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clinic.forms.base import day_field
from clinic.forms.moments import DAY_HELP, SKIPPED, ClockForm, time_field
from clinic.scheduling.local_times import instants_of, offset_words

LENGTHS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)


class AppointmentForm(ClockForm):
    """Clinician, day, time, length. Gives `starts_at` as an instant.

    A time that the clocks skip on that day is refused; one that happens twice is asked about.
    """

    practitioner = forms.TypedChoiceField(label=_("Clinician"), coerce=uuid.UUID)
    day = day_field(_("Day"), help_text=DAY_HELP)
    time = time_field(_("Time"))
    which_time = forms.ChoiceField(
        label=_("Which of the two?"),
        choices=(("first", _("The first")), ("second", _("The second"))),
        required=False,
        widget=forms.HiddenInput,
    )
    minutes = forms.TypedChoiceField(label=_("Length in minutes"), coerce=int, initial=30)

    def __init__(self, *args: Any, practitioners: Iterable[tuple[str, str]], length: int = 30, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["practitioner"]).choices = [("", _("Choose")), *practitioners]
        lengths = sorted({*LENGTHS, length})
        cast(forms.ChoiceField, self.fields["minutes"]).choices = [(str(one), str(one)) for one in lengths]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        day, time = cleaned.get("day"), cleaned.get("time")
        if day and time is not None:
            cleaned["starts_at"] = self._instant(day, time, cleaned.get("which_time", ""))
        return cleaned

    def _instant(self, day: datetime.date, time: datetime.time, which: str) -> datetime.datetime | None:
        instants = instants_of(day, time, time_zone=self.time_zone)
        if not instants:
            self.add_error("time", SKIPPED)
            return None
        if len(instants) == 1:
            return instants[0]
        self._ask_which(instants)
        if not which:
            self.add_error("which_time", _("The clocks are put back that day: this time happens twice. Choose one."))
            return None
        return instants[0] if which == "first" else instants[1]

    def _ask_which(self, instants: tuple[datetime.datetime, ...]) -> None:
        first, second = (offset_words(instant, time_zone=self.time_zone) for instant in instants)
        field = cast(forms.ChoiceField, self.fields["which_time"])
        field.widget = forms.RadioSelect()
        field.choices = [
            ("first", _("The first (%(offset)s)") % {"offset": first}),
            ("second", _("The second, one hour later (%(offset)s)") % {"offset": second}),
        ]
