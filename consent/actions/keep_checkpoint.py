"""Keep: a signed statement of a log came back on a slip. Kept statements of one log can convict it of two stories."""

import datetime

from django.db import transaction

from consent.models import KnownCheckpoint


@transaction.atomic(durable=True)
def keep_checkpoint(*, statement: KnownCheckpoint, at: datetime.datetime) -> bool:
    """Keep a statement whose signature was checked, unless the very same is kept already.

    **Gives** whether it was new.
    **Writes** KnownCheckpoint.
    """
    return keep_unless_kept(statement=statement, at=at)


def keep_unless_kept(*, statement: KnownCheckpoint, at: datetime.datetime) -> bool:
    """As `keep_checkpoint`, in the transaction of another act.

    **Writes** KnownCheckpoint.
    """
    if KnownCheckpoint.objects.filter(origin=statement.origin, size=statement.size, note=statement.note).exists():
        return False
    statement.received_at = at
    statement.id = statement.computed_id()
    statement.save(force_insert=True)
    return True
