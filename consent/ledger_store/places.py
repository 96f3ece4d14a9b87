"""Where the next entry goes: which ledger a site writes to now, and the end of a subject's stream in it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clinic import clock
from clinic.models import Site
from consent.ledger.entry import Seen
from consent.ledger_store.by_hand import Statement
from consent.models import Ledger, LedgerCosignature, LedgerEntry
from consent.models.ledger import ledger_id, ledger_origin

_LEDGER, _ENTRY, _COSIGNATURE = (model._meta.db_table for model in (Ledger, LedgerEntry, LedgerCosignature))
# Names of our own tables only. No subject is equal to nothing, so that nothing of a stream is found for it.
NEWEST = (
    "SELECT l.id, l.origin, e.sseq, e.leaf_hash, c.size, c.root_hash"  # noqa: S608  names of our own tables only
    f" FROM {_LEDGER} l"
    f" LEFT JOIN {_ENTRY} e ON e.id ="
    f" (SELECT id FROM {_ENTRY} WHERE ledger_id = l.id AND subject = %(subject)s ORDER BY sseq DESC LIMIT 1)"
    f" LEFT JOIN {_COSIGNATURE} c ON c.id ="
    f" (SELECT id FROM {_COSIGNATURE} WHERE ledger_id = l.id ORDER BY size DESC, cosigned_at DESC LIMIT 1)"
    " WHERE l.site_id = %(site)s ORDER BY l.incarnation DESC LIMIT 1"
)
_FIND = Statement("place", NEWEST, subject="uuid", site="uuid")


@dataclass(frozen=True, slots=True)
class StreamPlace:
    """The place after the last entry of a subject. Someone else may take it first; then the act is tried again."""

    ledger_id: uuid.UUID
    origin: str
    sseq: int | None
    sprev: str | None
    seen: Seen | None


NOT_FOUND_YET = StreamPlace(ledger_id=uuid.UUID(int=0), origin="unplaced", sseq=1, sprev=None, seen=None)


def open_ledger(*, site: Site, incarnation: int = 1) -> Ledger:
    """The ledger of a site in one incarnation, opened now if there was none.

    **Writes** Ledger, at most once per site and incarnation.
    """
    at = clock.now()
    opened = ledger_id(site_id=site.pk, created_at=at)
    values = {"id": opened, "origin": ledger_origin(opened), "created_at": at}
    ledger, _is_new = Ledger.objects.get_or_create(site=site, incarnation=incarnation, defaults=values)
    return ledger


def place_in_stream(*, site: Site, subject: uuid.UUID | None) -> StreamPlace:
    """Where the next entry about a subject goes, found with one statement.

    It is written out because every act asks it: building it anew from parts took longer than the answer.

    **Writes** Ledger, when the site has none yet.
    """
    row = _newest_ledger(site, subject)
    if row is None:
        open_ledger(site=site)
        row = _newest_ledger(site, subject)
    if row is None:
        raise Ledger.DoesNotExist(site.pk)
    return place_from(row, subject)


def place_from(row: Sequence[Any], subject: uuid.UUID | None) -> StreamPlace:
    """What the statement found, as a place."""
    ledger, origin, last, leaf, size, root = row
    return StreamPlace(
        ledger_id=ledger if isinstance(ledger, uuid.UUID) else uuid.UUID(hex=ledger),
        origin=origin,
        sseq=None if subject is None else (last or 0) + 1,
        sprev=leaf,
        seen=None if size is None else Seen(size=size, root=root),
    )


def _newest_ledger(site: Site, subject: uuid.UUID | None) -> Any:
    return _FIND.first(subject=subject, site=site.pk)
