"""Deliver: a slip reached its patient. That it did is an act of its own, so that slips withheld can be counted."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import NotAllowedError
from clinic.models import Account, Patient
from clinic.vocabulary import Permission, Role
from consent.ledger.encoding import parse_entry
from consent.ledger_store import Actor, append
from consent.models import LedgerEntry
from consent.queries.receipts import desk_slips, own_slips
from consent.vocabulary import EntryKind, ReceiptWay, Via


@one_act
def deliver_receipt(*, patient_id: uuid.UUID, entry_id: uuid.UUID, way: ReceiptWay, by: Account, via: Via) -> bool:
    """Record that a patient got the slip of an entry in one of the ways there are; once for each way.

    Staff may print a slip for her, and nothing else: they get no file and need not look at it.

    **Gives** whether it was new.
    **Raises** NotAllowedError, also for an entry that has no slip or is somebody else's.
    **Writes** entry receipt.delivered.
    """
    patient = Patient.objects.select_related("account", "site").get(pk=patient_id)
    if way is not ReceiptWay.PRINT or by.pk == patient.account_id:
        check_is_her(by, patient)
    elif not by.may(Permission.READ_PATIENT_RECORD) or by.site_id != patient.site_id:
        raise NotAllowedError(_("Your role may not do this."))
    return note_receipt(EntryKind.RECEIPT_DELIVERED, patient, entry_id, detail={"way": way.value}, by=by, via=via)


def check_is_her(by: Account, patient: Patient) -> None:
    """Raises NotAllowedError unless the account is the patient's own."""
    if not by.may(Permission.DECIDE_OWN_CARE) or by.pk != patient.account_id:
        raise NotAllowedError(_("Only the patient can do this."))


def check_has_slip(patient: Patient, entry_id: uuid.UUID, *, by: Account) -> None:
    """Raises NotAllowedError unless this entry of the patient has a slip that this person may know of."""
    slips = own_slips(patient) if by.pk == patient.account_id else desk_slips(patient)
    if not slips.filter(pk=entry_id).exists():
        raise NotAllowedError(_("There is no such slip."))


def note_receipt(
    kind: EntryKind, patient: Patient, entry_id: uuid.UUID, *, detail: dict[str, str], by: Account, via: Via
) -> bool:
    """Append what became of a slip, unless the very same was said before. Gives whether it was new."""
    check_has_slip(patient, entry_id, by=by)
    said = {"entry": entry_id.hex, **detail}
    earlier = LedgerEntry.objects.filter(subject=patient.ledger_subject, kind=kind)
    if any(parse_entry(bytes(row.body)).detail == said for row in earlier):
        return False
    append(
        site=patient.site,
        kind=kind,
        subject=patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=[],
        occurred_at=clock.now(),
        detail=said,
    )
    return True
