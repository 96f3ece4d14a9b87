"""Entries that speak of no patient and bind no row: what the software and its operator put on record about the log."""

import secrets
import uuid
from collections.abc import Mapping

from clinic import clock
from clinic.vocabulary import Role
from consent.keys.subject_keys import seal_secret
from consent.ledger.commitments import SECRET_BYTES
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Actor, DetailValue, Entry
from consent.ledger.tree import leaf_hash
from consent.ledger_store.places import place_in_stream
from consent.models import Ledger, LedgerEntry
from consent.vocabulary import EntryKind, Via

SOFTWARE = Actor(kind=Role.ADMINISTRATOR, ref=None, via=Via.SYSTEM)


def write_system_entry(ledger: Ledger, kind: EntryKind, *, detail: Mapping[str, DetailValue]) -> LedgerEntry:
    """Write an entry of the sealer's own; it gets its place in the same batch, without waiting.

    **Writes** LedgerEntry.
    """
    entry_id, at = uuid.uuid4(), clock.now()
    entry = Entry(
        id=entry_id,
        log=ledger.origin,
        kind=kind,
        subject=None,
        sseq=None,
        sprev=None,
        occurred_at=at,
        recorded_at=at,
        actor=SOFTWARE,
        objects=(),
        history=(),
        detail=detail,
        seen=place_in_stream(site=ledger.site, subject=None).seen,
    )
    body = encode_entry(entry)
    row = LedgerEntry(
        id=entry_id,
        ledger=ledger,
        kind=kind,
        body=body,
        leaf_hash=leaf_hash(body).hex(),
        sealed_salt=seal_secret(owner=ledger.pk, entry_id=entry_id, secret=secrets.token_bytes(SECRET_BYTES)),
        recorded_at=at,
    )
    row.save(force_insert=True)
    return row
