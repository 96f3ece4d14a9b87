"""Lift the lock of a patient's card."""

import uuid

from django.utils.translation import gettext as _

from clinic.actions.acting import one_act
from clinic.actions.looks import keep_look
from clinic.actions.permission import check_may, check_same_site
from clinic.exceptions import WrongStateError
from clinic.models import Account, PatientCard
from clinic.vocabulary import Permission


@one_act
def lift_card_lock(*, patient_id: uuid.UUID, by: Account) -> PatientCard:
    """Open a locked card again, with the patient at the desk. The patient sees who did it.

    **Raises** WrongStateError without a card in use; NotAllowedError.
    **Writes** PatientCard; RecordView (page card-unlock), only when there was a lock.
    """
    check_may(by, Permission.ISSUE_CARDS)
    card = (
        PatientCard.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(patient_id=patient_id, ended_at__isnull=True)
        .first()
    )
    if card is None:
        raise WrongStateError(_("This patient has no card in use."))
    check_same_site(by, card.patient.site_id)
    if card.locked_at is None:
        return card
    card.failed_tries = 0
    card.locked_at = None
    card.save(update_fields=["failed_tries", "locked_at"])
    keep_look(patient=card.patient, by=by, page="card-unlock")
    return card
