"""A head of a log as it is handed out: its own signatures, and below them those of the witnesses who have signed it."""

from consent.ledger.checkpoints import with_lines
from consent.models import LedgerCheckpoint, LedgerCosignature


def cosigned_note(head: LedgerCheckpoint) -> str:
    """The signed note of a head, with the newest line of each witness that has signed this size and this root."""
    signed = LedgerCosignature.objects.filter(ledger=head.ledger_id, size=head.size, root_hash=head.root_hash)
    newest = dict(signed.order_by("key_name", "cosigned_at").values_list("key_name", "line"))
    return with_lines(head.note, list(newest.values()))
