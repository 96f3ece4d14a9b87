"""Time stamps of the one authority whose certificate the operator has pinned; those of any other count for nothing."""

import datetime

from django.conf import settings

from consent.ledger.checkpoints import checkpoint_text
from consent.ledger.refusals import RefusalError
from consent.ledger.time_stamps import Authority, check_stamp, read_authority
from consent.models import LedgerCheckpoint, LedgerStamp


def pinned_authority() -> Authority | None:
    """The authority of LEDGER_STAMP_CERTIFICATES; None when none is named or the file cannot be read."""
    if settings.LEDGER_STAMP_CERTIFICATES is None:
        return None
    try:
        return read_authority(settings.LEDGER_STAMP_CERTIFICATES.read_bytes())
    except (OSError, RefusalError):
        return None


def certificate_findings() -> list[str]:
    """What is wrong with the file of the pinned certificates; until it is mended no stamp counts."""
    path = settings.LEDGER_STAMP_CERTIFICATES
    if path is None or pinned_authority() is not None:
        return []
    return [f"LEDGER_STAMP_CERTIFICATES {path} cannot be read, or holds no certificates (PEM)."]


def text_of(head: LedgerCheckpoint) -> str:
    """The three lines that are stamped. **Raises** CheckpointError, ValueError for a damaged row."""
    return checkpoint_text(head.ledger.origin, head.size, bytes.fromhex(head.root_hash))


def stamped_at(stamp: LedgerStamp, authority: Authority) -> datetime.datetime | None:
    """When the authority saw the head that a kept stamp is about; None when the stamp does not prove it."""
    heads = LedgerCheckpoint.objects.select_related("ledger").filter(ledger=stamp.ledger_id, size=stamp.size)
    try:
        head = heads.first()
        return None if head is None else check_stamp(bytes(stamp.token), text=text_of(head), authority=authority)
    except (RefusalError, ValueError, TypeError):
        return None
