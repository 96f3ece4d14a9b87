"""Note a look: that a member of staff saw a page about a patient is an entry too, with nothing of her health in it.

That she herself read the list of looks is one as well: if somebody else held her card, she finds it there.
"""

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
    via = Via.OWN_CARD if by.role == Role.PATIENT else Via.STAFF  # a patient who reads the list of looks
    append(
        site=view.patient.site,
        kind=EntryKind.RECORD_VIEWED,
        subject=view.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=[view],
        occurred_at=view.viewed_at,
        is_urgent=False,
    )
