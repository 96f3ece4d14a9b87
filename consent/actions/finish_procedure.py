"""Finish a procedure: it was done."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from clinic.vocabulary import ProcedureStatus
from consent.actions.procedure_ends import end_procedure
from consent.models import ProcedureEnd


@one_act
def finish_procedure(*, procedure_id: uuid.UUID, note: str, by: Account) -> ProcedureEnd:
    """Record that the procedure was completed.

    **Raises** NotAllowedError, WrongStateError.
    **Writes** ProcedureEnd, Procedure completed; entry procedure.completed.
    """
    return end_procedure(procedure_id, ProcedureStatus.COMPLETED, stop_reason=None, note=note, by=by, at=clock.now())
