"""What a consent was at a size of the ledger. The order is that of the ledger; no clock and no history date is asked.

A clock can be set back, and two changes can fall on one instant. The entry that bound a row of history has one place,
and that place cannot be changed unnoticed.
"""

import uuid
from dataclasses import dataclass
from typing import Any

from consent.models import Consent, Ledger, LedgerBinding, LedgerEntry
from consent.models.digests import model_label, row_key
from consent.vocabulary import ConsentState


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundHistory:
    """One change of a consent: the entry that records it, and the row of history it bound."""

    entry: LedgerEntry
    row: Any  # a row of the history of consents; None where it is gone

    @property
    def state(self) -> ConsentState | None:
        """The state the change led to; None where nobody can say any more."""
        return None if self.row is None else ConsentState(self.row.state)


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentAsOf:
    """A consent at a size of the ledger of its site."""

    consent_id: uuid.UUID
    incarnation: int
    size: int
    change: BoundHistory | None  # the last one before; None where nothing had been proposed yet

    @property
    def state(self) -> ConsentState | None:
        """Where it stood; None where it did not exist yet, or the row of history is gone."""
        return self.change.state if self.change else None


def history_in_order(consent: Consent) -> list[BoundHistory]:
    """Every change of a consent, in the order of its patient's stream, sealed or not."""
    entries = LedgerEntry.objects.filter(
        subject=consent.patient.ledger_subject,
        bindings__model=model_label(Consent),
        bindings__key=row_key(consent.pk),
    )
    ordered = list(entries.select_related("ledger", "leaf").order_by("ledger__incarnation", "sseq"))
    rows = _rows_of(ordered)
    changes = []
    for entry in ordered:
        bound = rows.get(entry.pk, [])
        row = next((row for row in bound if row is not None and row.id == consent.pk), None)
        if row is not None or None in bound:
            changes.append(BoundHistory(entry=entry, row=row))
    return changes


def as_of(consent_id: uuid.UUID, size: int, *, ledger: Ledger | None = None) -> ConsentAsOf:
    """What a consent was when the ledger held this many entries.

    **Takes** the size of `ledger`; without one, of the ledger its site writes to now. What stands in an earlier
    incarnation of it came before; what waits to be sealed comes after every size.
    **Raises** Consent.DoesNotExist, Ledger.DoesNotExist.
    """
    consent = Consent.objects.select_related("patient").get(pk=consent_id)
    log = ledger or Ledger.objects.filter(site=consent.site_id).latest("incarnation")
    before = [change for change in history_in_order(consent) if _is_before(change.entry, log, size)]
    return ConsentAsOf(
        consent_id=consent_id, incarnation=log.incarnation, size=size, change=before[-1] if before else None
    )


def _is_before(entry: LedgerEntry, log: Ledger, size: int) -> bool:
    if entry.ledger.incarnation != log.incarnation:
        return entry.ledger.incarnation < log.incarnation
    return entry.index is not None and entry.index < size


def _rows_of(entries: list[LedgerEntry]) -> dict[uuid.UUID, list[Any]]:
    """The rows of the history of consents that each entry bound; None for one that is gone."""
    history = Consent.history.model
    bindings = LedgerBinding.objects.filter(entry__in=entries, model=model_label(history)).values_list("entry", "key")
    named = history.objects.filter(pk__in=[uuid.UUID(hex=key) for _entry, key in bindings])
    kept = {row.pk: row for row in named.order_by().defer("history_date")}
    rows: dict[uuid.UUID, list[Any]] = {}
    for entry_id, key in bindings:
        rows.setdefault(entry_id, []).append(kept.get(uuid.UUID(hex=key)))
    return rows
