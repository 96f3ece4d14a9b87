"""Call off a planned procedure."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import save_as
from clinic.exceptions import WrongStateError
from clinic.models import Account, Procedure
from clinic.vocabulary import Permission, ProcedureStatus


@transaction.atomic(durable=True)
def cancel_procedure(*, procedure_id: uuid.UUID, by: Account) -> Procedure:
    """Call off a procedure that has not begun. No reason is asked for; calling it off twice changes nothing.

    **Raises** WrongStateError once it has begun; NotAllowedError.
    **Writes** Procedure in the status not-done.
    """
    check_may(by, Permission.PLAN_PROCEDURES)
    procedure = (
        Procedure.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=procedure_id).first()
    )
    if procedure is None:
        raise WrongStateError(_("This procedure is not known here."))
    check_same_site(by, procedure.patient.site_id)
    if procedure.status == ProcedureStatus.NOT_DONE:
        return procedure
    if procedure.status != ProcedureStatus.PREPARATION:
        raise WrongStateError(_("This procedure has begun. It can be stopped, not called off."))
    procedure.status = ProcedureStatus.NOT_DONE
    save_as(procedure, by=by)
    return procedure
