"""A slip handed over, and one not wanted."""

from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import ReceiptWay, Via
from tests.factories import House


def tell_receipts(house: House) -> None:
    """Both things that can become of a slip."""
    consent = house.informed()
    entry = newest_slip_about(consent)
    assert entry is not None
    who = {"patient_id": consent.patient_id, "entry_id": entry.pk, "by": consent.patient.account, "via": Via.OWN_CARD}
    decline_receipt(**who)
    deliver_receipt(way=ReceiptWay.FILE, **who)
