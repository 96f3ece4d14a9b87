"""Decline: the patient does not want the slip, for reasons of her own."""

import uuid

from clinic.actions.acting import one_act
from clinic.models import Account, Patient
from consent.actions.deliver_receipt import check_is_her, note_receipt
from consent.vocabulary import EntryKind, Via


@one_act
def decline_receipt(*, patient_id: uuid.UUID, entry_id: uuid.UUID, by: Account, via: Via) -> bool:
    """Record that a patient does not want the slip of an entry. She can still get it later.

    Only she can say so: staff who withhold a slip cannot call it declined.

    **Gives** whether it was new.
    **Raises** NotAllowedError.
    **Writes** entry receipt.declined.
    """
    patient = Patient.objects.select_related("account", "site").get(pk=patient_id)
    check_is_her(by, patient)
    return note_receipt(EntryKind.RECEIPT_DECLINED, patient, entry_id, detail={}, by=by, via=via)
