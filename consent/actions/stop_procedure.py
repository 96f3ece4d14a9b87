"""Stop a procedure that has begun: when the patient says so, or for a clinical reason. As soon as it is safe."""

import uuid

from clinic import clock
from clinic.actions.acting import one_act
from clinic.models import Account
from clinic.vocabulary import ProcedureStatus
from consent.actions.procedure_ends import end_procedure
from consent.models import ProcedureEnd
from consent.vocabulary import StopReason


@one_act
def stop_procedure(*, procedure_id: uuid.UUID, reason: StopReason, note: str, by: Account) -> ProcedureEnd:
    """Record that the procedure was stopped before it was complete, and why.

    **Raises** NotAllowedError, WrongStateError. **Writes** ProcedureEnd, Procedure stopped; entry procedure.stopped.
    **Source** CR-085 (stop_event: a patient's stop is recorded while it is being done, and nothing stands before it).
    """
    return end_procedure(procedure_id, ProcedureStatus.STOPPED, stop_reason=reason, note=note, by=by, at=clock.now())
