"""How times, days and codes are written on every page. An instant is always shown on the clinic's own clock.

In a template: {% load house %} {{ line.starts_at|clock_time:zone }}, {{ consent.given_at|moment:zone }}.
"""

import datetime
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clinic.languages import LANGUAGE_NAMES
from clinic.vocabulary import Laterality
from clinic.wording import (
    ACCESS_NEED_WORDS,
    APPOINTMENT_WORDS,
    LATERALITY_WORDS,
    PROCEDURE_WORDS,
    SAFE_CONTACT_WORDS,
    words_for,
)

register = template.Library()


@register.filter
def of(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping holds under a key, or None."""
    return found.get(key)


@register.filter
def clock_time(instant: datetime.datetime, zone: str) -> str:
    """09:30 on the clock of a zone (IANA name)."""
    return f"{instant.astimezone(zoneinfo.ZoneInfo(zone)):%H:%M}"


@register.filter
def civil_day(day: datetime.date) -> str:
    """3 March 2026."""
    return date_format(day, pgettext("pattern of a day", "j F Y"))


@register.filter
def weekday(day: datetime.date) -> str:
    """Tuesday 3 March 2026."""
    return date_format(day, pgettext("pattern of a day with its weekday", "l j F Y"))


@register.filter
def local_day(instant: datetime.datetime, zone: str) -> str:
    """The civil day of an instant in a zone, with its weekday."""
    return weekday(instant.astimezone(zoneinfo.ZoneInfo(zone)).date())


@register.filter
def moment(instant: datetime.datetime | None, zone: str) -> str:
    """Day, clock time and the name of the zone; nothing for no instant."""
    if instant is None:
        return ""
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": local_day(instant, zone),
        "time": clock_time(instant, zone),
        "zone": zone,
    }


@register.filter
def appointment_words(status: str) -> str | Promise:
    """An appointment's status in words."""
    return words_for(APPOINTMENT_WORDS, status)


@register.filter
def procedure_words(status: str) -> str | Promise:
    """A procedure's status in words."""
    return words_for(PROCEDURE_WORDS, status)


@register.filter
def contact_words(code: str) -> str | Promise:
    """A way of safe contact in words."""
    return words_for(SAFE_CONTACT_WORDS, code)


@register.filter
def access_need_words(codes: list[str]) -> str:
    """What keeps a patient from reading or hearing a sheet, in words."""
    return "; ".join(str(words_for(ACCESS_NEED_WORDS, code)) for code in codes)


@register.filter
def side_words(line: object) -> str:
    """Side and place on the body, as far as they say something: "left, upper arm"."""
    laterality, body_site = getattr(line, "laterality", ""), getattr(line, "body_site", "")
    side = "" if laterality in ("", Laterality.NONE) else str(words_for(LATERALITY_WORDS, laterality))
    return ", ".join(part for part in (side, body_site) if part)


@register.filter
def language_names(codes: list[str]) -> str:
    """Languages under their own names, in the patient's order."""
    return ", ".join(LANGUAGE_NAMES.get(code, code) for code in codes)
