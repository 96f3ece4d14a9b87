"""The one pen: the only code that writes to a ledger. `append` writes an entry in the transaction that made the change;
`seal` gives entries their places and signs the head. Only actions come in here.
"""

from consent.ledger.entry import Actor, SheetText
from consent.ledger_store.append import append, new_entry_id
from consent.ledger_store.places import open_ledger
from consent.ledger_store.seal import seal_all

__all__ = ["Actor", "SheetText", "append", "new_entry_id", "open_ledger", "seal_all"]
