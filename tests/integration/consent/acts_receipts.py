"""Handing over a slip, and not wanting one."""

from collections.abc import Callable
from typing import Any

from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import ReceiptWay, Via
from tests.factories import House

Act = Callable[[], Any]


def deliver(house: House) -> Act:
    consent = house.informed()
    entry = newest_slip_about(consent)
    assert entry is not None
    return lambda: deliver_receipt(
        patient_id=consent.patient_id,
        entry_id=entry.pk,
        way=ReceiptWay.SCREEN,
        by=consent.patient.account,
        via=Via.OWN_CARD,
    )


def decline(house: House) -> Act:
    consent = house.informed()
    entry = newest_slip_about(consent)
    assert entry is not None
    return lambda: decline_receipt(
        patient_id=consent.patient_id, entry_id=entry.pk, by=consent.patient.account, via=Via.OWN_CARD
    )


ACTS: dict[str, Callable[[House], Act]] = {"deliver_receipt": deliver, "decline_receipt": decline}
