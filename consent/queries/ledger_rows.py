"""Compares rows with the entries that bind them: the part of `verify_ledger` that looks outside the ledger.

The last entry that names a row must carry the digest of that row as it is now; where rows never change, every entry
that names it. Every row of evidence must be named by some entry.
"""

import uuid
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from clinic.models import Procedure
from clinic.vocabulary import ProcedureStatus
from consent.guards import guarded_models
from consent.ledger.canonical import EncodingError
from consent.ledger.entry import BoundRow
from consent.ledger.verify import Finding, Step
from consent.models import Ledger, LedgerEntry, LedgerRoot, LedgerSalt, ProcedureStart
from consent.models.digests import digest_of_row, model_label, row_key
from consent.models.guarding import Guard
from consent.models.ledger import salt_id

PAGE = 500

Rows = dict[tuple[str, str], models.Model]
Salts = dict[tuple[uuid.UUID, str, str], LedgerSalt]


@cache
def evidential_models() -> dict[str, tuple[type[models.Model], Guard]]:
    """Every table whose rows the ledger binds, by label: all guarded ones except the ledger's own."""
    own = (Ledger, LedgerEntry, LedgerRoot, LedgerSalt)
    return {model_label(model): (model, guard) for model, guard in guarded_models() if model not in own}


def bound_rows(ledger_id: uuid.UUID, steps: Sequence[Step]) -> Iterator[Finding]:
    """What a run of entries of one ledger says about rows, compared with their salts and the rows themselves."""
    salts = _salts([step.stored.id for step in steps if step.stored is not None])
    rows, last = _rows(salts), _last_named(ledger_id, salts)
    for step in steps:
        if step.stored is None or step.entry is None:
            continue
        index, entry_id = step.stored.index, step.stored.id
        for bound in (*step.entry.objects, *step.entry.history):
            salt = salts.pop((entry_id, bound.model, bound.key), None)
            is_last = last.get((bound.model, bound.key), index) <= index
            yield from _bound_row(index, bound, salt, rows.get((bound.model, bound.key)), is_last=is_last)
    read = {step.stored.id: step.stored.index for step in steps if step.stored is not None and step.entry is not None}
    for (entry_id, model, key), salt in salts.items():
        if entry_id in read:
            yield _salt_finding(read[entry_id], salt, f"its salt for {model} {key} belongs to no row it names")


def _bound_row(
    index: int, bound: BoundRow, salt: LedgerSalt | None, row: models.Model | None, *, is_last: bool
) -> Iterator[Finding]:
    where, known = f"{bound.model} {bound.key}", evidential_models()
    if bound.model not in known:
        yield _row_finding(index, where, "row-unknown", "is of a kind that is not evidence")
    elif salt is None:
        sentence = f"Entry {index}: the salt for {where} is missing."
        yield Finding(index=index, what="salt-missing", where=where, sentence=sentence)
    elif not _is_salt_sound(salt):
        yield _salt_finding(index, salt, f"its salt for {where} was changed")
    elif row is None:
        yield _row_finding(index, where, "row-missing", "is missing or cannot be read")
    elif (is_last or known[bound.model][1] is Guard.APPEND_ONLY) and not _matches(row, salt, bound.digest):
        yield _row_finding(index, where, "row-changed", "is not as it was bound")


def _row_finding(index: int, where: str, what: str, sentence: str) -> Finding:
    return Finding(index=index, what=what, where=where, sentence=f"Entry {index}: the row {where} {sentence}.")


def _salt_finding(index: int, salt: LedgerSalt, sentence: str) -> Finding:
    where = f"LedgerSalt {salt.pk.hex}"
    return Finding(index=index, what="salt", where=where, sentence=f"Entry {index}: {sentence}.")


def _is_salt_sound(salt: Any) -> bool:
    if not isinstance(salt.salt, bytes | memoryview):
        return False  # SQLite holds any kind of value in any column
    return salt.pk == salt_id(entry_id=salt.entry_id, model=salt.model, key=salt.key, salt=bytes(salt.salt))


def _matches(row: models.Model, salt: LedgerSalt, digest: str) -> bool:
    try:
        return digest_of_row(row, row_salt=bytes(salt.salt)) == digest
    except EncodingError:
        return False


def _salts(entry_ids: Sequence[uuid.UUID]) -> Salts:
    every = LedgerSalt.objects.all()
    found = readable(every.filter(entry__in=entry_ids), every)
    return {(salt.entry_id, salt.model, salt.key): salt for salt in found}


def _last_named(ledger_id: uuid.UUID, salts: Salts) -> dict[tuple[str, str], int]:
    """Index of the last entry of a ledger that names each of these rows; every naming has its salt."""
    models_named, keys = {model for _entry, model, _key in salts}, {key for _entry, _model, key in salts}
    namings = LedgerSalt.objects.filter(model__in=models_named, key__in=keys)
    # The ledger is asked for as a value, not as a filter: SQLite would read all entries of the ledger for each row.
    answers = namings.annotate(is_ours=Q(entry__ledger=ledger_id)).values_list(
        "model", "key", "entry__index", "is_ours"
    )
    last: dict[tuple[str, str], int] = {}
    for model, key, index, is_ours in answers:
        if is_ours and isinstance(index, int):  # SQLite may hold text there
            last[model, key] = max(index, last.get((model, key), index))
    return last


def _rows(salts: Salts) -> Rows:
    """The rows that salts speak of, as they are now."""
    known, wanted = evidential_models(), dict[str, set[uuid.UUID]]()
    for _entry_id, label, key in salts:
        if label in known:
            wanted.setdefault(label, set()).update(_key_values(key))
    rows: Rows = {}
    for label, keys in wanted.items():
        every = known[label][0]._base_manager.all()
        for row in readable(every.filter(pk__in=keys), every):
            rows[label, row_key(row.pk)] = row
    return rows


def _key_values(key: str) -> list[uuid.UUID]:
    try:
        return [uuid.UUID(hex=key)]
    except ValueError:
        return []  # a damaged salt; its own finding names it


def readable(found: models.QuerySet[Any], every: models.QuerySet[Any]) -> Iterator[Any]:
    """The rows of a queryset that can be read, if need be one by one: a damaged column must hide only its row."""
    try:
        rows = list(found)
    except ValueError:
        rows = []
        for key in readable_keys(found):
            try:
                rows += every.filter(pk=key)
            except ValueError:
                continue
    yield from rows


def readable_keys(found: models.QuerySet[Any]) -> list[Any]:
    """The primary keys of a queryset; none when one of them cannot be read (its own row is a finding)."""
    try:
        return list(found.values_list("pk", flat=True))
    except ValueError:
        return []


def unnamed_rows() -> Iterator[Finding]:
    """Rows of evidence that no entry of any ledger names."""
    for label, (model, _guard) in evidential_models().items():
        last: Any = None
        while page := _page_of_keys(model, last):
            last = page[-1]
            keys = {row_key(key) for key in page}
            named = LedgerSalt.objects.filter(model=label, key__in=keys).values_list("key", flat=True)
            for key in sorted(keys - set(named)):
                sentence = f"The row {label} {key} is named by no entry."
                yield Finding(index=None, what="row-unnamed", where=f"{label} {key}", sentence=sentence)


def _page_of_keys(model: type[models.Model], last: Any) -> list[Any]:
    rows = model._base_manager.order_by("pk")
    if last is not None:
        rows = rows.filter(pk__gt=last)
    return readable_keys(rows[:PAGE])


def procedure_status() -> Iterator[Finding]:
    """Procedures whose status disagrees with their start and end."""
    started = Exists(ProcedureStart.objects.filter(procedure=OuterRef("pk")))
    rows = Procedure.objects.values_list("pk", "status", started, "start__end__outcome", "start__entry__index")
    for key, status, is_started, outcome, index in rows.iterator():
        if is_started:
            agrees = status == (outcome or ProcedureStatus.IN_PROGRESS)
        else:
            agrees = status in {ProcedureStatus.PREPARATION, ProcedureStatus.NOT_DONE}
        if not agrees:
            where = f"{model_label(Procedure)} {row_key(key)}"
            sentence = f"The procedure {row_key(key)} is {status}, which its start and end do not say."
            yield Finding(index=index, what="procedure-status", where=where, sentence=sentence)


CROSS_CHECKS = (procedure_status,)
