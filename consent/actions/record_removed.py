"""Record that a device is out, and with it that the wish is met."""

import uuid

from django.utils.translation import gettext as _

from clinic.actions.acting import one_act
from clinic.exceptions import InvalidInputError
from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureCategory, ProcedureStatus
from consent.actions.moving import check_may
from consent.actions.removal_steps import end_removal, lock_removal
from consent.models import RemovalEnd
from consent.vocabulary import RemovalOutcome, Via


@one_act
def record_removed(*, request_id: uuid.UUID, procedure_id: uuid.UUID, by: Account) -> RemovalEnd:
    """Record that the device is out.

    **Takes** the removal as it was done: a procedure of this patient that is completed.
    **Gives** the end; the one that stands when it is sent twice.
    **Raises** NotAllowedError, WrongStateError (settled in another way), InvalidInputError (no such removal).
    **Writes** RemovalEnd; entry removal.ended.
    **Source** CR-019.
    """
    request = lock_removal(request_id)
    check_may(by, Permission.RECORD_REMOVAL, consent_site_id=request.site_id)
    procedure = Procedure.objects.filter(
        pk=procedure_id,
        patient_id=request.patient_id,
        procedure_type__category=ProcedureCategory.LARC_OUT,
        status=ProcedureStatus.COMPLETED,
    ).first()
    if procedure is None:
        raise InvalidInputError(_("Choose the removal that was done."), field="procedure_id")
    return end_removal(request_id, RemovalOutcome.REMOVED, procedure=procedure, by=by, via=Via.STAFF)
