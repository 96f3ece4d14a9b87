"""PostgreSQL's way to write an entry: one statement finds the end of the patient's stream and writes the entry there.

The database puts four values of the place into the bytes and hashes them. The same bytes are then made here from the
place it found, and must have the same hash; the sealer reads what is stored once more.
"""

import uuid

from consent.ledger.canonical import EncodingError
from consent.ledger.draft import Draft
from consent.ledger.tree import leaf_hash
from consent.ledger_store.by_hand import Statement
from consent.ledger_store.places import NEWEST, StreamPlace, place_from
from consent.models import LedgerBinding, LedgerEntry, LedgerWaiting

_ENTRY, _BINDING, _WAITING = (model._meta.db_table for model in (LedgerEntry, LedgerBinding, LedgerWaiting))

# What an entry binds travels as three lists in one text each: the driver needs long to write an array.
_APPEND = Statement(
    "append",
    f"""
WITH place AS MATERIALIZED ({NEWEST}),
said AS MATERIALIZED (SELECT place.*, convert_to(%(before)s || origin || %(middle)s
  || coalesce(',"seen":{{"root":"' || root_hash || '","size":' || size || '}}', '')
  || coalesce(',"sprev":"' || leaf_hash || '"', '')
  || ',"sseq":' || coalesce(sseq, 0) + 1 || %(after)s, 'UTF8') AS body FROM place),
entry AS (INSERT INTO {_ENTRY} (id, ledger_id, kind, subject, sseq, body, leaf_hash, sealed_salt, recorded_at)
  SELECT %(id)s, id, %(kind)s, %(subject)s, coalesce(sseq, 0) + 1, body,
  encode(sha256('\\x00'::bytea || body), 'hex'), %(salt)s, %(at)s FROM said RETURNING leaf_hash),
bindings AS (INSERT INTO {_BINDING} (id, entry_id, model, key) SELECT one.id, %(id)s, one.model, one.key FROM said,
  unnest(string_to_array(%(ids)s, ',')::uuid[], string_to_array(%(models)s, ','), string_to_array(%(keys)s, ','))
  AS one (id, model, key)),
waiting AS (INSERT INTO {_WAITING} (entry_id) SELECT %(id)s FROM said)
SELECT said.id, said.origin, said.sseq, said.leaf_hash, said.size, said.root_hash, entry.leaf_hash FROM said, entry
""",  # noqa: S608  names of our own tables only; every value travels apart from the statement
    subject="uuid",
    site="uuid",
    before="text",
    middle="text",
    after="text",
    id="uuid",
    kind="text",
    salt="bytea",
    at="timestamptz",
    ids="text",
    models="text",
    keys="text",
)


def write_at_the_end(
    draft: Draft, *, site_id: uuid.UUID, row: LedgerEntry, bindings: list[tuple[uuid.UUID, str, str]]
) -> StreamPlace | None:
    """Write an entry at the end of its subject's stream, and fill in what its row says of its place.

    **Gives** the place; None, and nothing is written, when the site has no ledger yet.
    **Raises** EncodingError when the bytes are not those the place asks for; DatabaseError.
    **Writes** LedgerEntry, LedgerBinding, LedgerWaiting.
    """
    ids, models, keys = zip(*bindings, strict=True) if bindings else ((), (), ())
    found = _APPEND.first(
        subject=row.subject,
        site=site_id,
        before=draft.before,
        middle=draft.middle,
        after=draft.after,
        id=row.pk,
        kind=row.kind,
        salt=row.sealed_salt,
        at=row.recorded_at,
        ids=",".join(one.hex for one in ids),
        models=",".join(models),
        keys=",".join(keys),
    )
    if found is None:
        return None
    place = place_from(found[:6], row.subject)
    body = draft.filled(log=place.origin, sseq=place.sseq or 0, sprev=place.sprev, seen=place.seen)
    if leaf_hash(body).hex() != found[6]:
        raise EncodingError("$", "the database made other bytes of it")
    row.ledger_id, row.sseq, row.body, row.leaf_hash = place.ledger_id, place.sseq, body, found[6]
    return place
