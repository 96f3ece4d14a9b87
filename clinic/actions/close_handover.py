"""Take the clinic's tablet back."""

import uuid

from django.db import transaction

from clinic import clock
from clinic.models import TabletHandover


@transaction.atomic(durable=True)
def close_handover(*, handover_id: uuid.UUID) -> TabletHandover | None:
    """End a hand-over: given back, or its time is over. Ending twice changes nothing.

    Anyone may end it; nothing can be done with an ended one.

    **Writes** TabletHandover (closed_at).
    """
    handover = TabletHandover.objects.select_for_update().filter(pk=handover_id).first()
    if handover is not None and handover.closed_at is None:
        handover.closed_at = clock.now()
        handover.save()
    return handover
