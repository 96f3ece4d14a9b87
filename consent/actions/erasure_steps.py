"""Shared by the acts about an erasure: which entries lose their secret, what is kept of them, and the redaction itself.

Only here are rows of evidence ever changed past their guards, and only in columns that are not open.
"""

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, models

from clinic.models import Account, Patient
from clinic.vocabulary import Role
from consent.actions.seal_ledger import newest_ledger
from consent.exceptions import KeyStoreError, LedgerError
from consent.guards import laid_aside
from consent.keys.subject_keys import KeyReader, destroy_key
from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import row_salt
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import BoundRow, DetailValue
from consent.ledger_store import Actor, append
from consent.models import Erasure, ErasureRequest, Ledger, LedgerEntry, LedgerWaiting, RedactedRow
from consent.models.digests import model_label
from consent.models.guarding import Guard, guarded_models
from consent.queries.personal_rows import neutral_value, personal_tables, rows_of
from consent.queries.redactions import kept_of
from consent.vocabulary import EntryKind, Via

ROWS_IN_ENTRY = 150  # an entry stays far below 65,535 bytes, which is what an export can carry
INDICES_IN_ENTRY = 1000

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Naming:
    """That an entry names a row, with its secret."""

    entry: LedgerEntry
    bound: BoundRow
    secret: bytes


def stream_of(patient: Patient) -> list[LedgerEntry]:
    """Every entry about a patient, in the order they were written."""
    entries = LedgerEntry.objects.filter(subject=patient.ledger_subject).select_related("leaf", "ledger")
    return list(entries.order_by("ledger__incarnation", "sseq"))


def is_waiting(entries: Sequence[LedgerEntry], ledger: Ledger | None) -> bool:
    """Whether an entry has no place yet, and will get one in this log."""
    return LedgerWaiting.objects.filter(entry__in=[entry.pk for entry in entries], entry__ledger=ledger).exists()


def rows_to_keep(entries: Sequence[LedgerEntry], *, owner: uuid.UUID) -> list[RedactedRow]:
    """What must be kept of the rows that entries name, before they are redacted; not saved yet.

    Of a row that may move on, only the last entry that names it can be checked against it.
    """
    kept = []
    guards = {model_label(model): (model, guard) for model, guard in guarded_models()}
    namings = list(_namings(entries, owner=owner))
    last = {(one.bound.model, one.bound.key): one.entry.pk for one in namings}
    for one in namings:
        if one.bound.model not in guards:
            continue  # no kind of evidence: its own finding says so
        model, guard = guards[one.bound.model]
        if guard is not Guard.APPEND_ONLY and last[one.bound.model, one.bound.key] != one.entry.pk:
            continue
        row: models.Model | None = models.QuerySet(model).filter(pk=uuid.UUID(one.bound.key)).first()
        salt = row_salt(secret=one.secret, model=one.bound.model, key=one.bound.key)
        words = None if row is None else kept_of(row, row_salt=salt, digest=one.bound.digest)
        if words is not None and (words[0] or words[1]):
            kept.append(_redacted(one, *words))
    return kept


def _namings(entries: Sequence[LedgerEntry], *, owner: uuid.UUID) -> Iterator[Naming]:
    reader = KeyReader()
    for entry in entries:
        try:
            secret = reader.open_secret(owner=owner, entry_id=entry.pk, sealed=bytes(entry.sealed_salt))
            parsed = parse_entry(bytes(entry.body))
        except (KeyStoreError, EncodingError):
            continue  # damaged: that stays a finding, and must not stand between a patient and an erasure
        if secret is None:
            continue  # an earlier erasure kept what is needed
        for bound in (*parsed.objects, *parsed.history):
            yield Naming(entry, bound, secret)


def _redacted(one: Naming, commitments: Mapping[str, str], link_salts: Mapping[str, str]) -> RedactedRow:
    return RedactedRow(
        entry=one.entry,
        model=one.bound.model,
        key=one.bound.key,
        commitments=dict(commitments),
        link_salts=dict(link_salts),
    )


def redact(patient: Patient) -> None:
    """Empty every personal column of a patient's rows, live and history, in all tables.

    **Writes** columns that are not open, past the history and past the guards of exactly these tables.
    """
    tables = personal_tables()
    guarded = {model for model, _guard in guarded_models()}
    with laid_aside(connection, {table.model._meta.db_table for table in tables if table.model in guarded}):
        for table in tables:
            names = [field.name for field in table.fields]
            for row in list(rows_of(table, patient).only("pk", *names)):
                filled = [field for field in table.fields if field.value_from_object(row) is not None]
                values = {field.name: neutral_value(row, field) for field in filled}
                if values:
                    models.QuerySet(table.model).filter(pk=row.pk).update(**values)


def write_parts(erasure: Erasure, entries: Sequence[LedgerEntry], kept: Sequence[RedactedRow], *, by: Account) -> None:
    """Save what is kept, and append what was done: in as many entries as its length asks for.

    **Writes** RedactedRow; entries subject.erased.
    """
    ledger = newest_ledger(erasure.request.patient.site)
    indices = [index for entry in entries if entry.ledger == ledger and (index := entry.index) is not None]
    earlier = [_place(entry) for entry in entries if entry.ledger != ledger and entry.index is not None]
    for row in kept:
        row.erasure = erasure
        row.save(force_insert=True)
    parts = max(-(-len(kept) // ROWS_IN_ENTRY), -(-max(len(indices), len(earlier)) // INDICES_IN_ENTRY), 1)
    for part in range(parts):
        detail: dict[str, DetailValue] = {
            **detail_of(erasure.request),
            "part": part + 1,
            "parts": parts,
            "indices": tuple(indices[part * INDICES_IN_ENTRY : (part + 1) * INDICES_IN_ENTRY]),
        }
        if earlier:
            detail["earlier"] = tuple(earlier[part * INDICES_IN_ENTRY : (part + 1) * INDICES_IN_ENTRY])
        rows = [erasure, *kept[part * ROWS_IN_ENTRY : (part + 1) * ROWS_IN_ENTRY]]
        record_erasure(
            EntryKind.SUBJECT_ERASED,
            erasure.request,
            by=by,
            via=Via.COMMAND,
            at=erasure.erased_at,
            rows=rows,
            detail=detail,
        )


def destroy_keys(erasure: Erasure) -> None:
    """Destroy, outside the database, the keys an erasure retired. Raises LedgerError with the reason."""
    try:
        destroy_key(owner=erasure.request.patient.ledger_subject, through=erasure.key_generation)
    except KeyStoreError as error:
        raise LedgerError(str(error)) from error


def _place(entry: LedgerEntry) -> str:
    """A place in an earlier log of the site: incarnation and index."""
    return f"{entry.ledger.incarnation}:{entry.index}"


def detail_of(request: ErasureRequest) -> dict[str, DetailValue]:
    """What the entries about an erasure say openly."""
    return {"request": request.pk.hex, "basis": request.basis, "authority": request.authority}


def record_erasure(
    kind: EntryKind,
    request: ErasureRequest,
    *,
    by: Account,
    via: Via,
    at: datetime.datetime,
    rows: Sequence[models.Model],
    detail: Mapping[str, DetailValue],
) -> LedgerEntry:
    """Append one entry of an act about an erasure. The rows must already be saved."""
    return append(
        site=request.patient.site,
        kind=kind,
        subject=request.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=rows,
        occurred_at=at,
        detail=detail,
    )
