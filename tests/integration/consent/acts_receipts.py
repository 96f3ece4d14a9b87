"""Handing over a slip or a copy of the record, and not wanting a slip."""

from collections.abc import Callable
from typing import Any

from consent.actions.decline_receipt import decline_receipt
from consent.actions.deliver_receipt import deliver_receipt
from consent.actions.hand_over_copy import hand_over_copy
from consent.queries.receipts import newest_slip_about
from consent.vocabulary import CopyForm, ReceiptWay, Via
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


def copy(house: House) -> Act:
    consent = house.informed()
    return lambda: hand_over_copy(
        consent_id=consent.pk, form=CopyForm.OWN_DEVICE, by=consent.patient.account, via=Via.OWN_CARD
    )


ACTS: dict[str, Callable[[House], Act]] = {
    "deliver_receipt": deliver,
    "decline_receipt": decline,
    "hand_over_copy": copy,
}
