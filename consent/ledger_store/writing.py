"""The statements that put an entry on disk: one on PostgreSQL, three on SQLite, where a statement is no journey.

On PostgreSQL an entry about a patient is written by the statement that finds the end of her stream (`one_journey`).
"""

import dataclasses
import uuid

from django.db import connection

from clinic.models import Site
from consent.ledger.draft import draft_of
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Entry
from consent.ledger.tree import leaf_hash
from consent.ledger_store.by_hand import Statement, insert
from consent.ledger_store.one_journey import write_at_the_end
from consent.ledger_store.places import StreamPlace, place_in_stream
from consent.models import LedgerBinding, LedgerEntry, LedgerWaiting
from consent.models.ledger import content_id

_WAIT = Statement(
    "wait",
    f"INSERT INTO {LedgerWaiting._meta.db_table} (entry_id) VALUES (%(id)s)",  # noqa: S608  names of our own tables only
    id="uuid",
)


def finds_its_place(subject: uuid.UUID | None) -> bool:
    """Whether `write_entry` finds the end of the stream itself, in the journey that writes."""
    return subject is not None and connection.vendor == "postgresql"


def write_entry(entry: Entry, *, sealed_salt: bytes, site: Site, place: StreamPlace | None) -> LedgerEntry:
    """Write an entry, what it binds, and that it waits to be sealed.

    **Takes** its place; none where it is to be found here, and then nothing the entry says of its place counts.
    **Writes** LedgerEntry, LedgerBinding, LedgerWaiting.
    """
    row = LedgerEntry(
        id=entry.id, kind=entry.kind, subject=entry.subject, sealed_salt=sealed_salt, recorded_at=entry.recorded_at
    )
    bound = [(one.model, one.key) for one in (*entry.objects, *entry.history)]
    bindings = [(content_id("binding", entry.id, model, key), model, key) for model, key in bound]
    if place is None and write_at_the_end(draft_of(entry), site_id=site.pk, row=row, bindings=bindings) is None:
        place = place_in_stream(site=site, subject=entry.subject)
        entry = dataclasses.replace(entry, log=place.origin, sseq=place.sseq, sprev=place.sprev, seen=place.seen)
    if place is not None:
        row.ledger_id, row.sseq, row.body = place.ledger_id, entry.sseq, encode_entry(entry)
        row.leaf_hash = leaf_hash(row.body).hex()
        _write(row, bindings)
    row._state.adding = False
    return row


def _write(row: LedgerEntry, bindings: list[tuple[uuid.UUID, str, str]]) -> None:
    insert(row)
    if bindings:
        insert(*(LedgerBinding(id=one, entry_id=row.pk, model=model, key=key) for one, model, key in bindings))
    _WAIT.run(id=row.pk)
