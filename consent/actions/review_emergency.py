"""Review an emergency: the advocate looks afterwards at what was done without the patient's word."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import Account
from clinic.vocabulary import Permission
from consent.actions.emergency_steps import checked_words
from consent.actions.locks import lock_procedure
from consent.actions.moving import check_may, record_about
from consent.models import EmergencyReview, ProcedureStart
from consent.vocabulary import EntryKind, ReviewFinding


@one_act
def review_emergency(*, procedure_id: uuid.UUID, finding: ReviewFinding, note: str, by: Account) -> EmergencyReview:
    """Record what the advocate found. Due within 24 hours of the declaration; later it is still taken, and shows.

    **Takes** a note that the patient can read.
    **Gives** the review; the first one when it was reviewed before.
    **Raises** NotAllowedError (no advocate of this clinic, or one who took part), WrongStateError, InvalidInputError.
    **Writes** EmergencyReview; entry emergency.reviewed.
    **Source** CR-024.
    """
    procedure = lock_procedure(procedure_id)
    check_may(by, Permission.REVIEW_EMERGENCY, consent_site_id=procedure.patient.site_id)
    start = ProcedureStart.objects.select_related("emergency").filter(procedure=procedure).first()
    emergency = start.emergency if start else None
    if start is None or emergency is None:
        raise WrongStateError(_("Nothing was started here as an emergency."))
    if by.pk in {emergency.declared_by_id, start.started_by_id}:
        raise NotAllowedError(_("Whoever took part cannot look at it afterwards."))
    earlier = EmergencyReview.objects.filter(emergency=emergency).first()
    if earlier is not None:
        return earlier
    at = clock.now()
    review = EmergencyReview(
        emergency=emergency,
        finding=finding,
        note=checked_words(note, field="note"),
        reviewed_by=by,
        reviewed_at=at,
    )
    review.save(force_insert=True)
    detail = {"finding": finding.value}
    record_about(EntryKind.EMERGENCY_REVIEWED, procedure, by=by, at=at, rows=[emergency, review], detail=detail)
    return review
