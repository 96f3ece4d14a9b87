"""Note a look: that a member of staff saw a page about a patient is an entry too, with nothing of her health in it."""

from clinic.models import RecordView
from clinic.vocabulary import Role
from consent.ledger_store import Actor, append
from consent.vocabulary import EntryKind, Via


def note_look(view: RecordView) -> None:
    """Bind one look, in the transaction that keeps it. It is sealed with the next act; nobody waits for it.

    **Takes** a look just saved. Which page it was stands in its row only.
    **Raises** LedgerError; then the page is not shown, because a look that is not on record must not happen.
    **Writes** entry record.viewed.
    """
    by = view.viewed_by
    append(
        site=view.patient.site,
        kind=EntryKind.RECORD_VIEWED,
        subject=view.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=Via.STAFF),
        rows=[view],
        occurred_at=view.viewed_at,
        is_urgent=False,
    )
