"""Freeze: a log ends, on purpose, and the site goes on in a new one. For a key that is lost or stolen."""

import uuid

from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Site
from consent.actions.seal_ledger import newest_ledger
from consent.ledger.entry import DetailValue
from consent.ledger_store import append
from consent.ledger_store.incarnations import next_incarnation
from consent.ledger_store.system import SOFTWARE
from consent.models import LedgerCheckpoint, LedgerEntry
from consent.vocabulary import EntryKind


@one_act
def freeze_ledger(*, site_id: uuid.UUID) -> LedgerEntry:
    """Close the log of a site and open the next one, whose first entry states where the old one stood.

    **Gives** the first entry of the new log.
    **Raises** WrongStateError when there is nothing to close.
    **Writes** Ledger; entry log.frozen in the old log (sealed if its key can still sign), log.restored in the new one.
    """
    site = Site.objects.get(pk=site_id)
    old = newest_ledger(site)
    head = LedgerCheckpoint.objects.filter(ledger=old).order_by("-size").first()
    if old is None or head is None:
        raise WrongStateError(_("This clinic has no signed ledger yet, so there is nothing to close."))
    last: dict[str, DetailValue] = {"size": head.size, "root": head.root_hash}
    append(
        site=site,
        kind=EntryKind.LOG_FROZEN,
        subject=None,
        actor=SOFTWARE,
        rows=[],
        occurred_at=clock.now(),
        detail=last,
    )
    return next_incarnation(
        site=site, old=old, detail={"reason": "frozen", "held_size": head.size, "root": head.root_hash}
    )
