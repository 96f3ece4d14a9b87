"""Whether anybody outside the clinic has seen the ledger, said in one sentence that stands wherever a proof is shown.

A ledger that nobody outside has seen proves less: whoever holds the server and its keys could write all of it anew.
So no page, slip or command leaves the sentence out.
"""

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from consent.models import Ledger, LedgerCheckpoint, LedgerCosignature, LedgerStamp
from consent.record.labels import LABELS
from consent.record.slip_labels import SHARED
from consent.record.times import known_zone, shown_time


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchoring:
    """How far outside holders have confirmed a log. `is_anchored`: all of it, up to its newest entry."""

    is_anchored: bool
    anchored_at: datetime.datetime | None
    anchored_size: int
    size: int
    key_level: int
    sentence: str


def anchoring_of(ledger: Ledger) -> Anchoring:
    """What outside holders have confirmed of a log until now."""
    head = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").values_list("size", flat=True).first() or 0
    cosigned = LedgerCosignature.objects.filter(ledger=ledger).order_by("-size", "-cosigned_at")
    stamped = LedgerStamp.objects.filter(ledger=ledger).order_by("-size", "-stamped_at")
    found = [
        *cosigned.values_list("size", "cosigned_at")[:1],
        *stamped.values_list("size", "stamped_at")[:1],
    ]
    size, at = max(found, default=(0, None))
    return Anchoring(
        is_anchored=at is not None and size == head,
        anchored_at=at,
        anchored_size=size,
        size=head,
        key_level=settings.LEDGER_KEY_LEVEL,
        sentence=_sentence(at, is_whole=size == head, time_zone=ledger.site.time_zone),
    )


def _sentence(at: datetime.datetime | None, *, is_whole: bool, time_zone: str) -> str:
    if at is None:
        return _("Never anchored: nobody outside this clinic has confirmed this list yet.")
    labels = {key: _(LABELS[key]) for key in SHARED}
    when = shown_time(at, zone=known_zone(time_zone), labels=labels, field="anchored_at")
    if is_whole:
        return _("Anchored: somebody outside this clinic confirmed the whole list at %(time)s.") % {"time": when}
    return _("Not anchored since %(time)s: nobody outside this clinic has confirmed the newest entries.") % {
        "time": when
    }
