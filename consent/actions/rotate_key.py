"""Rotate: a new key signs from now on; both keys sign the head in between."""

import uuid

from django.utils.translation import gettext as _

from clinic.exceptions import WrongStateError
from clinic.models import Site
from consent.actions.seal_ledger import newest_ledger
from consent.ledger_store.rotation import rotate
from consent.models import LedgerCheckpoint


def rotate_key(*, site_id: uuid.UUID) -> LedgerCheckpoint:
    """Let a new key take over in a site's log.

    **Gives** the head that both keys have signed.
    **Raises** WrongStateError when the site has no signed log yet; KeyStoreError when the old key cannot be used.
    **Writes** LedgerKey, LedgerCheckpoint; entry key.rotated. The old private key is wiped.
    """
    ledger = newest_ledger(Site.objects.get(pk=site_id))
    if ledger is None or not LedgerCheckpoint.objects.filter(ledger=ledger).exists():
        raise WrongStateError(_("This clinic has no signed ledger yet, so there is no key to replace."))
    return rotate(ledger)
