"""Keeping that somebody looked. The upper floor asks to be told of each look, so that it can bind it; this floor does
not know by whom it is asked.
"""

from collections.abc import Callable

from clinic import clock
from clinic.actions.saving import check_fields
from clinic.models import Account, Patient, RecordView

Listener = Callable[[RecordView], None]
_listeners: list[Listener] = []


def when_looked(listener: Listener) -> None:
    """From here on the listener is called with each look, inside the transaction that keeps it; asked once."""
    if listener not in _listeners:
        _listeners.append(listener)


def keep_look(*, patient: Patient, by: Account, page: str) -> RecordView:
    """Keep one look, and tell whoever asked.

    **Takes** the name of the page's address, without ids.
    **Writes** RecordView; it can never be changed or removed.
    """
    view = RecordView(patient=patient, viewed_by=by, viewed_at=clock.now(), page=page)
    check_fields(view)
    view.save(force_insert=True)
    for listener in _listeners:
        listener(view)
    return view
