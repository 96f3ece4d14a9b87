"""Entries and rows for tests of the pen itself, written without any act around them."""

import uuid
from typing import Any

from django.db import models, transaction

from clinic import clock
from clinic.vocabulary import Role
from consent.ledger_store import Actor, append
from consent.models import Consent, Hold, LedgerEntry
from consent.vocabulary import EntryKind, HoldReason, Via
from tests.factories import House

SUBJECT = uuid.UUID(int=5)


def saved_hold(house: House, consent: Consent | None = None) -> Hold:
    """A row of evidence that no entry names yet."""
    hold = Hold(
        consent=consent or house.proposed(),
        reason=HoldReason.PRESSURE,
        note="Her brother answers for her.",
        raised_by=house.receptionist,
        raised_at=clock.now(),
        form_key=uuid.uuid4(),
    )
    hold.save(force_insert=True)
    return hold


def hold_entry(house: House, *rows: models.Model, **changes: Any) -> LedgerEntry:
    """One entry in a transaction of its own, so it is sealed when this returns; any argument can be another."""
    values: dict[str, Any] = {
        "site": house.site,
        "kind": EntryKind.HOLD_RAISED,
        "subject": SUBJECT,
        "actor": Actor(kind=Role.RECEPTIONIST, ref=house.receptionist.pk, via=Via.STAFF),
        "rows": rows,
        "occurred_at": clock.now(),
    }
    with transaction.atomic():
        return append(**(values | changes))
