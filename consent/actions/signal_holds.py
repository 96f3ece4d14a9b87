"""Shared by the acts: holds that the rules raise by themselves when a pressure signal is seen.

A signal stops forward moves until the advocate has looked, and nothing else. It is no judgement on anybody, and it is
raised in the transaction of the act that showed it.
"""

import datetime
import uuid
from collections.abc import Iterable

from clinic.models import Account
from consent.actions.moving import record
from consent.models import Consent, Hold
from consent.vocabulary import EntryKind, HoldReason, Via


def raise_signal_holds(
    consent: Consent, signals: Iterable[str], *, by: Account, at: datetime.datetime, via: Via = Via.STAFF
) -> tuple[Hold, ...]:
    """Raise one hold for each signal that the advocate is not looking into already.

    **Takes** a consent whose lock the caller holds (it may have ended); signals as "PS-16" or "CR-050"; whose act it
    was that showed them.
    **Gives** the holds raised now.
    **Writes** Hold; one entry hold.raised each.
    """
    open_now = set(Hold.objects.filter(consent=consent, lift__isnull=True).values_list("signal", flat=True))
    wanted = sorted(set(signals) - open_now)
    return tuple(_raise(consent, signal, by=by, at=at, via=via) for signal in wanted)


def _raise(consent: Consent, signal: str, *, by: Account, at: datetime.datetime, via: Via) -> Hold:
    hold = Hold(
        consent=consent, reason=HoldReason.SIGNAL, signal=signal, raised_by=by, raised_at=at, form_key=uuid.uuid4()
    )
    hold.save(force_insert=True)
    record(EntryKind.HOLD_RAISED, consent, by=by, via=via, at=at, rows=[consent, hold])
    return hold
