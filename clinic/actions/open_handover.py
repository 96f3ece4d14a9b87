"""Hand the clinic's tablet to a patient."""

import datetime
import uuid

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.permission import check_may, check_same_site
from clinic.exceptions import WrongStateError
from clinic.models import Account, Procedure, TabletHandover
from clinic.vocabulary import Permission, ProcedureStatus


@transaction.atomic(durable=True)
def open_handover(*, procedure_id: uuid.UUID, by: Account) -> TabletHandover:
    """Put the clinic's tablet into the patient's hands, for this one procedure's consent and for a short time.

    An earlier hand-over of the same procedure ends, so that never two tablets speak for one patient.

    **Raises** WrongStateError unless the procedure is still only planned; NotAllowedError.
    **Writes** TabletHandover.
    """
    check_may(by, Permission.HAND_OVER_TABLET)
    procedure = (
        Procedure.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=procedure_id).first()
    )
    if procedure is None:
        raise WrongStateError(_("This procedure is not known here."))
    check_same_site(by, procedure.patient.site_id)
    if procedure.status != ProcedureStatus.PREPARATION:
        raise WrongStateError(_("The tablet is handed over only for a procedure that has not begun."))
    at = clock.now()
    for earlier in procedure.handovers.filter(closed_at__isnull=True):
        earlier.closed_at = at
        earlier.save()
    handover = TabletHandover(
        procedure=procedure,
        patient=procedure.patient,
        opened_by=by,
        opened_at=at,
        ends_at=at + datetime.timedelta(minutes=settings.HANDOVER_MINUTES),
    )
    handover.save(force_insert=True)
    return handover
