"""The key for promises, put on record before anything is promised with it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, ProgrammingError, transaction

from clinic import clock
from consent.exceptions import KeyStoreError
from consent.ledger.notes import ed25519_verifier
from consent.ledger.promises import KEY_ENDING
from consent.models import Ledger, LedgerCheckpoint, LedgerKey


def publish_promise_key(ledger: Ledger, key: Ed25519PrivateKey) -> bool:
    """Put the public half of a promise key on record, once.

    **Gives** whether this call did it.
    **Raises** KeyStoreError when this account of the database may not: where the web server has a role of its own.
    **Writes** LedgerKey, under the name that promises are signed with.
    """
    vkey = ed25519_verifier(ledger.origin + KEY_ENDING, key).to_text()
    if LedgerKey.objects.filter(ledger=ledger, vkey=vkey).exists():
        return False
    size = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").values_list("size", flat=True).first()
    row = LedgerKey(ledger=ledger, vkey=vkey, from_size=size or 0, added_at=clock.now())
    row.id = row.computed_id()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return False  # another page was quicker
    except ProgrammingError as error:
        raise KeyStoreError(
            f"the key for promises of {ledger.origin} is not on record; run manage.py publish_promise_keys once, as the"
            " user of the web server, with the database account of the sequencer."
        ) from error
    return True
