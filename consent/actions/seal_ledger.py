"""Seal: give what waits its place, sign the head. On a large site a process of its own does nothing else."""

import uuid

from clinic.models import Site
from consent.ledger_store import seal_all
from consent.ledger_store.seal import Sealed
from consent.models import Ledger


def seal_ledger(*, ledger_id: uuid.UUID) -> Sealed | None:
    """Seal everything that waits in one log; None when nothing did, or somebody else is sealing.

    **Raises** KeyStoreError when the log key cannot be used, or when the database is older than what was signed.
    """
    return seal_all(ledger_id)


def seal_every_ledger() -> list[Sealed]:
    """Seal everything that waits in the log that each site writes to now. **Raises** KeyStoreError."""
    found = (newest_ledger(site) for site in Site.objects.all())
    sealed = (seal_all(ledger.pk) for ledger in found if ledger is not None)
    return [batch for batch in sealed if batch is not None]


def newest_ledger(site: Site) -> Ledger | None:
    """The log a site writes to now; None when it has none yet."""
    return Ledger.objects.filter(site=site).order_by("-incarnation").first()
