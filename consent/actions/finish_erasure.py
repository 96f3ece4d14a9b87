"""Finish erasures that a crash left half done, or whose key came back from a backup. Nothing but keys is touched."""

from consent.actions.erasure_steps import destroy_keys
from consent.models import Erasure
from consent.queries.redactions import unfinished_erasures


def finish_erasures() -> list[Erasure]:
    """Destroy again the keys of every erasure after which one still lies there.

    **Gives** the erasures that were finished now. **Raises** LedgerError with the reason.
    """
    unfinished = list(unfinished_erasures())
    for erasure in unfinished:
        destroy_keys(erasure)
    return unfinished
