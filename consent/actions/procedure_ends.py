"""Shared by stop and finish: close a procedure that was started."""

import datetime
import uuid

from django.utils.translation import gettext as _

from clinic.exceptions import WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission, ProcedureStatus
from consent.actions.locks import lock_procedure
from consent.actions.moving import check_may, record, record_about, save_as
from consent.models import Consent, ProcedureEnd, ProcedureStart
from consent.vocabulary import EntryKind, StopReason, Via

ENTRY_KINDS = {
    ProcedureStatus.STOPPED: EntryKind.PROCEDURE_STOPPED,
    ProcedureStatus.COMPLETED: EntryKind.PROCEDURE_COMPLETED,
}


def end_procedure(
    procedure_id: uuid.UUID,
    outcome: ProcedureStatus,
    *,
    stop_reason: StopReason | None,
    note: str,
    by: Account,
    at: datetime.datetime,
) -> ProcedureEnd:
    """Write the end of a started procedure and its entry. The caller opened the transaction.

    **Gives** the end; the first one when it ended the same way before.
    **Raises** NotAllowedError, WrongStateError (not started, or ended the other way).
    """
    procedure = lock_procedure(procedure_id)
    check_may(by, Permission.START_PROCEDURE, consent_site_id=procedure.patient.site_id)
    start = ProcedureStart.objects.filter(procedure=procedure).first()
    if start is None:
        raise WrongStateError(_("This procedure has not been started."))
    consent = Consent.objects.select_for_update(of=("self",)).filter(start=start).first()
    earlier = ProcedureEnd.objects.filter(start=start).first()
    if earlier is not None:
        if earlier.outcome != outcome:
            raise WrongStateError(_("This procedure has already ended."))
        return earlier
    end = ProcedureEnd(
        start=start,
        outcome=outcome,
        stop_reason=stop_reason or "",
        note=note.strip(),
        ended_by=by,
        ended_at=at,
    )
    end.save(force_insert=True)
    procedure.status = outcome
    save_as(procedure, by=by)
    _record(end, consent, by=by, reason={"reason": stop_reason.value} if stop_reason else {})
    return end


def _record(end: ProcedureEnd, consent: Consent | None, *, by: Account, reason: dict[str, str]) -> None:
    kind, procedure, at = ENTRY_KINDS[ProcedureStatus(end.outcome)], end.start.procedure, end.ended_at
    if consent is None:  # care without consent
        record_about(kind, procedure, by=by, at=at, rows=[end], detail=reason)
        return
    detail = {"procedure": procedure.pk.hex, **reason}
    record(kind, consent, by=by, via=Via.STAFF, at=at, rows=[consent, end], detail=detail)
