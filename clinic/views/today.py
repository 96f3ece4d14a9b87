"""The day: a clinician's own list with a consent light for each procedure; the desk's list of times and names."""

import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from clinic import clock
from clinic.accounts.doors import StaffRequest, staff_only
from clinic.actions.log_list_view import log_list_view
from clinic.queries import diary, procedure_ids
from clinic.scheduling.local_times import is_in_diary
from clinic.vocabulary import Permission
from consent.queries.status import status_light

ONE_DAY = datetime.timedelta(days=1)


@staff_only(Permission.SEE_DIARY)
@require_GET
def today(request: StaffRequest) -> HttpResponse:
    """Appointments of one day, today unless another is asked for."""
    account = request.user
    zone = account.site.time_zone
    now = clock.now()
    this_day = clock.local_date(now, time_zone=zone)
    day = _asked_day(request.GET.get("day", ""), this_day)
    lines = diary(account, day, language=get_language())
    if lines:
        log_list_view(patient_ids=[line.patient_id for line in lines], by=account, page="today")
    context = {
        "day": day,
        "is_today": day == this_day,
        "day_before": day - ONE_DAY,
        "day_after": day + ONE_DAY,
        "zone": zone,
        "lines": lines,
        "lights": status_light(procedure_ids(lines), now),
    }
    return render(request, "clinic/today.html", context)


def _asked_day(typed: str, this_day: datetime.date) -> datetime.date:
    if not typed:
        return this_day
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError:
        raise Http404 from None
    if not is_in_diary(day):
        raise Http404
    return day
