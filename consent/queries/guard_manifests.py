"""What the ledger knows of the database's guards: the last manifest that was put on record."""

from collections.abc import Mapping

from django.db.models import F

from consent.ledger.encoding import parse_entry
from consent.models import Erasure, Ledger, LedgerEntry
from consent.vocabulary import EntryKind


def last_manifest(ledger: Ledger | None) -> Mapping[str, object]:
    """The detail of the newest guard.manifest entry of a log, by its place in it; empty when there is none yet."""
    recorded = LedgerEntry.objects.filter(ledger=ledger, kind=EntryKind.GUARD_MANIFEST)
    newest = recorded.order_by(F("leaf__index").desc(nulls_first=True)).first()
    return {} if newest is None else parse_entry(bytes(newest.body)).detail or {}


def erasure_count() -> int:
    """How many patients were erased so far; each time the owner laid guards aside, lawfully and on record."""
    return Erasure.objects.count()
