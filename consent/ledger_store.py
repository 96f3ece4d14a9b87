"""The one pen: the only code that writes to a ledger.

An entry is appended in the transaction that made the change, after every other lock. It binds the rows as
they stand in the database, not in memory. If it cannot be written, `LedgerError` takes the whole act back.
"""

import secrets
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Site
from consent.exceptions import LedgerError
from consent.guards import history_model
from consent.ledger.canonical import EncodingError
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Actor, BoundRow, DetailValue, Entry, SheetText
from consent.ledger.tree import Frontier, leaf_hash
from consent.models import Ledger, LedgerEntry, LedgerRoot, LedgerSalt
from consent.models.digests import digest_of_row, model_label, row_key
from consent.models.guarding import Guard
from consent.models.ledger import SALT_BYTES, ledger_id, ledger_origin, salt_id
from consent.vocabulary import EntryKind

__all__ = ["Actor", "SheetText", "append", "new_entry_id", "open_ledger"]


def new_entry_id() -> uuid.UUID:
    """An id for an entry that a row must name before the entry is written."""
    return uuid.uuid4()


def open_ledger(*, site: Site) -> Ledger:
    """The ledger of a site, opened now if there was none.

    **Writes** Ledger, at most once per site.
    """
    at = clock.now()
    opened = ledger_id(site_id=site.pk, created_at=at)
    values = {"id": opened, "origin": ledger_origin(opened), "created_at": at}
    ledger, _is_new = Ledger.objects.get_or_create(site=site, defaults=values)
    return ledger


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
) -> LedgerEntry:
    """Append one entry that says what happened and binds the rows it left behind.

    **Takes** the site whose ledger it is; the patient's `ledger_subject`; saved rows of evidential models (of
    each, the history row made since its last entry is bound too); open codes only in `detail`.
    **Gives** the entry, with its index.
    **Raises** LedgerError outside a transaction, or when the entry cannot be written; let it roll all back.
    **Writes** LedgerEntry, LedgerRoot, one LedgerSalt for each row bound.
    """
    if not transaction.get_connection().in_atomic_block:
        raise LedgerError(_("An entry can only be written together with what it records."))
    said = partial(Entry, kind=kind, subject=subject, actor=actor, occurred_at=occurred_at, text=text, detail=detail)
    try:
        return _append(said, site=site, subject=subject, rows=rows, entry_id=entry_id or new_entry_id())
    except (DatabaseError, EncodingError) as error:
        raise LedgerError(_("The ledger could not take the entry, so nothing was saved.")) from error


def _append(
    said: Callable[..., Entry],
    *,
    site: Site,
    subject: uuid.UUID | None,
    rows: Sequence[models.Model],
    entry_id: uuid.UUID,
) -> LedgerEntry:
    ledger = _locked_ledger(site)
    binding = _Binding(entry_id)
    sseq, sprev = _place_in_stream(ledger, subject)
    entry = said(
        id=entry_id,
        log=ledger.origin,
        sseq=sseq,
        sprev=sprev,
        recorded_at=clock.now(),
        objects=binding.bind(_fresh(rows)),
        history=binding.bind(_new_history(rows)),
    )
    return _write(ledger, entry, binding.salts)


class _Binding:
    """Digests of rows, and the salts that were drawn for them."""

    def __init__(self, entry_id: uuid.UUID) -> None:
        self.entry_id = entry_id
        self.salts: list[LedgerSalt] = []

    def bind(self, rows: Iterable[models.Model]) -> tuple[BoundRow, ...]:
        return tuple(self._bind(row) for row in rows)

    def _bind(self, row: models.Model) -> BoundRow:
        model, key, salt = model_label(type(row)), row_key(row.pk), secrets.token_bytes(SALT_BYTES)
        identity = salt_id(entry_id=self.entry_id, model=model, key=key, salt=salt)
        self.salts.append(LedgerSalt(id=identity, entry_id=self.entry_id, model=model, key=key, salt=salt))
        return BoundRow(model=model, key=key, digest=digest_of_row(row, row_salt=salt))


def _locked_ledger(site: Site) -> Ledger:
    ledgers = Ledger.objects.select_for_update()
    ledger = ledgers.filter(site=site).first()
    return ledger if ledger is not None else ledgers.get(pk=open_ledger(site=site).pk)


def _fresh(rows: Sequence[models.Model]) -> Iterator[models.Model]:
    """The rows as they stand in the database now, in the order given."""
    keys: dict[type[models.Model], list[object]] = {}
    for row in rows:
        if not isinstance(getattr(row, "guard", None), Guard):
            raise EncodingError(type(row).__name__, "is not evidence: its model has no guard")
        keys.setdefault(type(row), []).append(row.pk)
    stored = {model: model._base_manager.in_bulk(wanted) for model, wanted in keys.items()}
    for row in rows:
        if row.pk not in stored[type(row)]:
            raise EncodingError(type(row).__name__, "was not saved before its entry")
        yield stored[type(row)][row.pk]


def _new_history(rows: Sequence[models.Model]) -> Iterator[models.Model]:
    """The newest history row of each row, unless an earlier entry has bound it already."""
    for row in rows:
        history = history_model(type(row))
        if history is None:
            continue
        kept = history._base_manager.filter(**{row._meta.pk.attname: row.pk})
        keys = {row_key(primary_key) for primary_key in kept.values_list("pk", flat=True)}
        bound = LedgerSalt.objects.filter(model=model_label(history), key__in=keys)
        bound_keys = set(bound.values_list("key", flat=True))
        new = [made for made in kept.order_by("-history_date", "-pk") if row_key(made.pk) not in bound_keys]
        yield from new[:1]


def _place_in_stream(ledger: Ledger, subject: uuid.UUID | None) -> tuple[int | None, str | None]:
    if subject is None:
        return None, None
    stream = LedgerEntry.objects.filter(ledger=ledger, subject=subject).order_by("-sseq")
    last = stream.values_list("sseq", "leaf_hash").first()
    return (1, None) if last is None else ((last[0] or 0) + 1, last[1])


def _write(ledger: Ledger, entry: Entry, salts: list[LedgerSalt]) -> LedgerEntry:
    body = encode_entry(entry)
    leaf = leaf_hash(body)
    before = _frontier(ledger)
    after = before.append(leaf)
    row = LedgerEntry(
        id=entry.id,
        ledger=ledger,
        index=before.size,
        kind=entry.kind,
        subject=entry.subject,
        sseq=entry.sseq,
        body=body,
        leaf_hash=leaf.hex(),
        recorded_at=entry.recorded_at,
    )
    row.save(force_insert=True)
    LedgerRoot(
        id=entry.id,
        ledger=ledger,
        size=after.size,
        root_hash=after.root().hex(),
        frontier=after.to_hex(),
        made_at=entry.recorded_at,
    ).save(force_insert=True)
    LedgerSalt._base_manager.bulk_create(salts)
    return row


def _frontier(ledger: Ledger) -> Frontier:
    root = LedgerRoot.objects.filter(ledger=ledger).order_by("-size").first()
    if root is None:
        return Frontier()
    try:
        return Frontier.from_hex(root.size, root.frontier)
    except (TypeError, ValueError) as error:
        raise EncodingError("frontier", f"the root of size {root.size} is damaged") from error
