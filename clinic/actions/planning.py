"""Shared by what plans a procedure: is the kind known, and does the side fit it?"""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.permission import check_may, check_same_site
from clinic.actions.saving import save_as, tidy
from clinic.exceptions import InvalidInputError
from clinic.models import Account, Procedure, ProcedureType
from clinic.vocabulary import Laterality, Permission


def checked_type(procedure_type_id: uuid.UUID, laterality: Laterality) -> ProcedureType:
    """The kind of procedure, when the side fits it. Raises InvalidInputError naming the field."""
    kind = ProcedureType.objects.filter(pk=procedure_type_id).first()
    if kind is None:
        raise InvalidInputError(_("Choose a procedure."), field="procedure_type")
    if kind.needs_laterality and laterality == Laterality.NONE:
        raise InvalidInputError(_("Choose the side of the body."), field="laterality")
    if not kind.needs_laterality and laterality != Laterality.NONE:
        raise InvalidInputError(_("This procedure has no side. Choose “not applicable”."), field="laterality")
    return kind


def plan_added(
    during: Procedure, kind: ProcedureType, *, laterality: Laterality, body_site: str, by: Account
) -> Procedure:
    """Plan what is added to a procedure under way: same patient, same operator, same appointment.

    **Takes** a locked procedure; the caller opened the transaction. **Raises** NotAllowedError, InvalidInputError.
    **Writes** Procedure in the status preparation; starting it is not done on this floor.
    """
    check_may(by, Permission.PLAN_PROCEDURES)
    check_same_site(by, during.patient.site_id)
    added = Procedure(
        patient_id=during.patient_id,
        procedure_type=kind,
        operator_id=during.operator_id,
        appointment_id=during.appointment_id,
        laterality=laterality,
        body_site=tidy(body_site),
        accompanies_birth=during.accompanies_birth,
        planned_by=by,
        planned_at=clock.now(),
    )
    save_as(added, by=by)
    return added
