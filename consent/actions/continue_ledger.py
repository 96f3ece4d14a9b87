"""Continue: after a backup was put back and the papers were checked, the site goes on, with the gap on record."""

import uuid

from django.utils.translation import gettext as _

from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Site
from consent.actions.seal_ledger import newest_ledger
from consent.ledger.entry import DetailValue
from consent.ledger_store.incarnations import next_incarnation
from consent.models import LedgerCheckpoint, LedgerEntry
from consent.queries.behind import behind_high_water


@one_act
def continue_ledger(*, site_id: uuid.UUID) -> LedgerEntry:
    """Open the next log of a site whose database is older than what was signed.

    **Gives** the first entry of the new log; it states what the database holds and what was known outside.
    **Raises** WrongStateError when nothing is behind; KeyStoreError.
    **Writes** Ledger; entries log.restored and log.recovered.
    """
    site = Site.objects.get(pk=site_id)
    old = newest_ledger(site)
    behind = behind_high_water(old) if old is not None else None
    if old is None or behind is None:
        raise WrongStateError(_("The database holds everything that was signed; there is nothing to restore."))
    held = LedgerCheckpoint.objects.filter(ledger=old).order_by("-size").values_list("root_hash", flat=True).first()
    detail: dict[str, DetailValue] = {
        "reason": "restored",
        "held_size": behind.held_size,
        "known_size": behind.known_size,
        "known_root": behind.known_root,
    }
    return next_incarnation(site=site, old=old, detail=detail | ({"root": held} if held else {}))
