"""Log that patients stood in a list that a member of staff opened: once a day for each, not with every refresh."""

import uuid
from collections.abc import Iterable

from clinic import clock
from clinic.actions.acting import one_act
from clinic.actions.looks import keep_look
from clinic.actions.permission import check_same_site
from clinic.models import Account, Patient, RecordView
from clinic.scheduling.local_times import day_bounds


@one_act
def log_list_view(*, patient_ids: Iterable[uuid.UUID], by: Account, page: str) -> int:
    """Note who looked at a list with these patients in it. Each patient can read that she stood in it.

    **Takes** the name of the page's address, without ids.
    **Gives** how many looks were new on this day of the clinic's calendar.
    **Raises** NotAllowedError for a patient of another clinic.
    **Writes** RecordView; it can never be changed or removed.
    """
    wanted = set(patient_ids)
    zone = by.site.time_zone
    since, _until = day_bounds(clock.local_date(clock.now(), time_zone=zone), time_zone=zone)
    today = RecordView.objects.filter(viewed_by=by, page=page, viewed_at__gte=since, patient_id__in=wanted)
    new = wanted - set(today.values_list("patient_id", flat=True))
    for patient in Patient.objects.select_related("site").filter(pk__in=new).order_by("pk"):
        check_same_site(by, patient.site_id)
        keep_look(patient=patient, by=by, page=page)
    return len(new)
