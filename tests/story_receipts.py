"""A slip handed over, one not wanted, and a copy of the record taken home."""

from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.actions.hand_over_copy import hand_over_copy
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import CopyForm, ReceiptWay, Via
from tests.factories import House


def tell_receipts(house: House) -> None:
    """Both things that can become of a slip, and what becomes of a copy."""
    consent = house.informed()
    entry = newest_slip_about(consent)
    assert entry is not None
    who = {"patient_id": consent.patient_id, "entry_id": entry.pk, "by": consent.patient.account, "via": Via.OWN_CARD}
    decline_receipt(**who)
    deliver_receipt(way=ReceiptWay.FILE, **who)
    for form in CopyForm:
        hand_over_copy(consent_id=consent.pk, form=form, by=who["by"], via=Via.OWN_CARD)
