"""What anybody may read of a log without a name: its signed head, the tiles of its hashes, whose signatures count.

Hashes tell nothing about anybody; entries are not here, because whose entries belong together can be seen in them.
Each answer costs the rows of one tile, however long the log is. Nothing is written.
"""

import uuid
from dataclasses import dataclass

from consent.ledger.refusals import RefusalError
from consent.ledger.tiles import HEIGHT, WIDTH, parse_tile_path
from consent.models import Ledger, LedgerCheckpoint
from consent.queries.anchoring import Anchoring, anchoring_of
from consent.queries.cosigned_heads import cosigned_note
from consent.queries.known_logs import policy_of
from consent.queries.tree_nodes import tile_hashes

HASH_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicLog:
    """A log as it is shown to everybody."""

    log_id: str  # 32 hex
    site_name: str
    origin: str
    root_hash: str  # of its newest head; empty when nothing has been sealed
    anchoring: Anchoring


def public_logs() -> list[PublicLog]:
    """Every log of every clinic, newest incarnation first."""
    found = Ledger.objects.select_related("site").order_by("site__name", "-incarnation")
    return [
        PublicLog(
            log_id=log.pk.hex,
            site_name=log.site.name,
            origin=log.origin,
            root_hash=head.root_hash if (head := _newest_head(log.pk.hex)) else "",
            anchoring=anchoring_of(log),
        )
        for log in found
    ]


def checkpoint_of(log_id: str) -> str | None:
    """The newest signed head of a log, with the newest line of each witness below; None when there is none."""
    head = _newest_head(log_id)
    return None if head is None else cosigned_note(head)


def tile_of(log_id: str, path: str) -> bytes | None:
    """The hashes of the tile at a path, as far as the newest head reaches; None for any other path."""
    try:
        tile = parse_tile_path(path)
    except RefusalError:
        return None
    head = _newest_head(log_id)
    if head is None or tile.level is None or tile.number * WIDTH + tile.width > head.size >> HEIGHT * tile.level:
        return None
    hashes = tile_hashes(head.ledger_id, tile.level, tile.number)[: tile.width * HASH_BYTES]
    return hashes if len(hashes) == tile.width * HASH_BYTES else None  # else its table is damaged; the audit says where


def policy_text(log_id: str) -> str | None:
    """Whose signatures count for a log, as this house sees it: the log's own keys, and whom its policy file names."""
    head = _newest_head(log_id)
    return None if head is None else policy_of(head.ledger).to_text()


def _newest_head(log_id: str) -> LedgerCheckpoint | None:
    return LedgerCheckpoint.objects.filter(ledger=uuid.UUID(hex=log_id)).order_by("-size").first()
