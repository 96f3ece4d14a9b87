"""The key for promises, put on record before anything is promised with it."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction

from clinic import clock
from consent.ledger.notes import ed25519_verifier
from consent.ledger.promises import KEY_ENDING
from consent.models import Ledger, LedgerCheckpoint, LedgerKey


def publish_promise_key(ledger: Ledger, key: Ed25519PrivateKey) -> None:
    """Put the public half of a promise key on record, once.

    **Writes** LedgerKey, under the name that promises are signed with.
    """
    vkey = ed25519_verifier(ledger.origin + KEY_ENDING, key).to_text()
    if LedgerKey.objects.filter(ledger=ledger, vkey=vkey).exists():
        return
    size = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").values_list("size", flat=True).first()
    row = LedgerKey(ledger=ledger, vkey=vkey, from_size=size or 0, added_at=clock.now())
    row.id = row.computed_id()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return  # another page was quicker
