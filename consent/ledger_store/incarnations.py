"""A log is closed and the site goes on in a new one, which states where the old one stood."""

from collections.abc import Mapping

from clinic.models import Site
from consent.ledger.entry import DetailValue
from consent.ledger_store.append import append
from consent.ledger_store.places import open_ledger
from consent.ledger_store.system import SOFTWARE
from consent.models import Ledger, LedgerEntry, LedgerWaiting
from consent.vocabulary import EntryKind


def next_incarnation(*, site: Site, old: Ledger, detail: Mapping[str, DetailValue]) -> LedgerEntry:
    """Open the next log of a site, in the transaction of its caller.

    **Takes** codes that say why, and both sizes. Entries that were written to the old log and can never be sealed there
    are named in the new one, so that none of them is lost without a word.
    **Writes** Ledger; entry log.restored, and entry log.recovered for each that waited; removes LedgerWaiting.
    """
    ledger = open_ledger(site=site, incarnation=old.incarnation + 1)
    first = append(
        site=site,
        kind=EntryKind.LOG_RESTORED,
        subject=None,
        actor=SOFTWARE,
        rows=[],
        occurred_at=ledger.created_at,
        detail={"old_log": old.origin, **detail},
    )
    for waiting in LedgerWaiting.objects.select_related("entry").filter(entry__ledger=old).order_by("number"):
        entry = waiting.entry
        if entry.subject is not None:
            detail = {"from_log": old.origin, "entry": entry.pk.hex, "leaf": entry.leaf_hash}
            append(
                site=site,
                kind=EntryKind.ENTRY_RECOVERED,
                subject=entry.subject,
                actor=SOFTWARE,
                rows=[],
                occurred_at=entry.recorded_at,
                detail=detail,
            )
            LedgerWaiting.objects.filter(pk=waiting.pk).delete()
    return first
