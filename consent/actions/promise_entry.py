"""Promise: sign that an entry which still waits will have its place in the log a minute after it was written."""

from consent.keys.promise_key import promise_key
from consent.ledger.promises import sign_promise
from consent.ledger_store.promises import publish_promise_key
from consent.models import Ledger, LedgerEntry
from consent.queries.receipts import promise_of


def promise_entry(*, entry: LedgerEntry) -> str:
    """The signed promise of an entry that waits; asked again, the same bytes.

    After the deadline it is evidence: of the place in the log, or that the clinic broke its word.

    **Raises** KeyStoreError when the key for promises cannot be used.
    **Writes** LedgerKey, with the first promise of a log.
    """
    key = promise_key(entry.ledger_id)
    publish_promise_key(entry.ledger, key)
    return sign_promise(promise_of(entry), key)


def publish_promise_keys() -> list[str]:
    """Put the key for promises of every ledger on record. **Gives** the origins that were new.

    **Raises** KeyStoreError. **Writes** LedgerKey.
    """
    ledgers = Ledger.objects.order_by("created_at")
    return [ledger.origin for ledger in ledgers if publish_promise_key(ledger, promise_key(ledger.pk))]
