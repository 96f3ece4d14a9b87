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
from consent.ledger_store.by_hand import as_stored, holes, insert_into, run
from consent.ledger_store.one_journey import write_at_the_end
from consent.ledger_store.places import StreamPlace, place_in_stream
from consent.models import LedgerBinding, LedgerEntry, LedgerWaiting
from consent.models.ledger import content_id

_FIELDS = LedgerEntry._meta.concrete_fields
_ENTRY = insert_into(LedgerEntry, *(str(field.column) for field in _FIELDS))
_BINDING = insert_into(LedgerBinding, "id", "entry_id", "model", "key")
_WAITING = insert_into(LedgerWaiting, "entry_id")


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
    run(_ENTRY + holes(len(_FIELDS)), [as_stored(field, getattr(row, field.attname)) for field in _FIELDS])
    own, key = as_stored(LedgerEntry._meta.pk, row.pk), LedgerEntry._meta.pk
    if bindings:
        values = [value for one, model, of in bindings for value in (as_stored(key, one), own, model, of)]
        run(_BINDING + holes(4, len(bindings)), values)
    run(_WAITING + holes(1), [own])
