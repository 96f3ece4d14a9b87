"""Appending: one entry, the rows it binds and its place in the queue, in the transaction of the act itself.

It binds the rows as they were just saved and the history rows that saving made, and needs no lock on the ledger: two
acts that race for one place in a patient's stream are told apart by a unique key, and the loser is tried again as a
whole. If the entry cannot be written, `LedgerError` takes the whole act back.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import DatabaseError, IntegrityError, models, transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Site
from consent.exceptions import CheckOnPaperError, KeyStoreError, LedgerError, StreamTakenError
from consent.high_water import is_behind
from consent.keys.subject_keys import seal_secret
from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import SECRET_BYTES, row_salt
from consent.ledger.entry import Actor, BoundRow, DetailValue, Entry, SheetText
from consent.ledger_store.by_hand import is_session_lost
from consent.ledger_store.places import NOT_FOUND_YET, StreamPlace, place_in_stream
from consent.ledger_store.rows_to_bind import rows_to_bind
from consent.ledger_store.seal import seal_soon
from consent.ledger_store.writing import finds_its_place, write_entry
from consent.models import LedgerEntry
from consent.models.digests import digest_of_row, model_label, row_key
from consent.models.history_made import forget_history_made
from consent.vocabulary import EntryKind

STREAM_KEY = "ledger_entry_sseq_once"


def new_entry_id() -> uuid.UUID:
    """An id for an entry that a row must name before the entry is written."""
    return uuid.uuid4()


def append(
    *,
    site: Site,
    kind: EntryKind,
    subject: uuid.UUID | None,
    actor: Actor,
    rows: Sequence[models.Model],
    occurred_at: datetime,
    text: SheetText | None = None,
    detail: Mapping[str, DetailValue] | None = None,
    entry_id: uuid.UUID | None = None,
    is_urgent: bool = True,
    place: StreamPlace | None = None,
) -> LedgerEntry:
    """Append one entry that says what happened and binds the rows it left behind.

    **Takes** the site whose ledger it is; the patient's `ledger_subject`; the very objects that were saved (of each,
    the history rows made by saving it are bound too); open codes only in `detail`; `is_urgent` False for a look, which
    may wait for the next act to be sealed; the place in the stream, where the caller has found it already.
    **Gives** the entry; it has no index until it is sealed, right after the commit on a small site.
    **Raises** LedgerError outside a transaction, or when the entry cannot be written; StreamTakenError when another act
    took its place; let both roll all back.
    **Writes** LedgerEntry, LedgerBinding for each row bound, LedgerWaiting.
    """
    if not transaction.get_connection().in_atomic_block:
        raise LedgerError(_("An entry can only be written together with what it records."))
    said = partial(Entry, kind=kind, subject=subject, actor=actor, occurred_at=occurred_at, text=text, detail=detail)
    try:
        if place is None and not finds_its_place(subject):
            place = place_in_stream(site=site, subject=subject)
        written = _append(said, site, place, rows=rows, entry_id=entry_id or new_entry_id())
        check_may_be_written(written.ledger_id)
    except (EncodingError, KeyStoreError, DatabaseError) as error:
        raise _refusal(error) from error
    for row in rows:
        forget_history_made(row)
    if is_urgent and settings.LEDGER_SEALING == "writer":
        seal_soon(written.ledger_id, written.pk)
    return written


def _append(
    said: Callable[..., Entry],
    site: Site,
    place: StreamPlace | None,
    *,
    rows: Sequence[models.Model],
    entry_id: uuid.UUID,
) -> LedgerEntry:
    secret, at = secrets.token_bytes(SECRET_BYTES), place or NOT_FOUND_YET
    objects, history = rows_to_bind(rows)
    entry = said(
        id=entry_id,
        log=at.origin,
        sseq=at.sseq,
        sprev=at.sprev,
        recorded_at=clock.now(),
        objects=bound(objects, secret),
        history=bound(history, secret),
        seen=at.seen,
    )
    sealed_salt = seal_secret(owner=entry.subject or at.ledger_id, entry_id=entry_id, secret=secret)
    return write_entry(entry, sealed_salt=sealed_salt, site=site, place=place)


def check_may_be_written(ledger_id: uuid.UUID) -> None:
    """Raises CheckOnPaperError when the database was put back to an older state."""
    if is_behind(ledger_id):
        raise CheckOnPaperError(
            _(
                "The records were put back to an older state, so nothing can be recorded just now. Write it on paper,"
                " and check on paper first."
            )
        )


def bound(rows: Sequence[models.Model], secret: bytes) -> tuple[BoundRow, ...]:
    """Rows as an entry names them: table, key, digest under the entry's secret."""
    return tuple(_bound(row, model_label(type(row)), row_key(row.pk), secret) for row in rows)


def _bound(row: models.Model, model: str, key: str, secret: bytes) -> BoundRow:
    digest = digest_of_row(row, row_salt=row_salt(secret=secret, model=model, key=key))
    return BoundRow(model=model, key=key, digest=digest)


def _refusal(error: Exception) -> LedgerError:
    is_taken = isinstance(error, IntegrityError) and STREAM_KEY in str(error)
    if is_taken or is_session_lost(error):
        return StreamTakenError(_("Somebody recorded something at the same moment. Please try again."))
    return LedgerError(_("The ledger could not take the entry, so nothing was saved."))
