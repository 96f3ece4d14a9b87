"""Compares rows with the entries that bind them: the part of `verify_ledger` that looks outside the log.

The last entry that names a row must carry the digest of that row as it is now; where rows never change, every entry
that names it. Every row of evidence must be named by some entry.
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from clinic.models import Procedure
from clinic.vocabulary import ProcedureStatus
from consent.exceptions import KeyStoreError
from consent.guards import guarded_models
from consent.keys.subject_keys import KeyReader
from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import row_salt
from consent.ledger.entry import BoundRow, Entry
from consent.ledger.verify import Finding, Step, StoredEntry
from consent.models import Ledger, LedgerBinding, LedgerEntry, ProcedureStart, RedactedRow
from consent.models.digests import digest_of_row, model_label, row_key
from consent.models.guarding import Guard
from consent.queries.ledger_readable import readable, readable_keys
from consent.queries.ledger_reading import carried_over
from consent.queries.redactions import Redactions, erasures_are_finished, fits_redacted, is_all_open, redactions_of

PAGE = 500
LARGEST = 2**63 - 1
LEDGER_TABLES = frozenset({"consent.models.ledger", "consent.models.ledger_proofs"})

Key = tuple[str, str]  # label of the model, key of the row
Rows = dict[Key, models.Model]
Bindings = dict[tuple[uuid.UUID, str, str], LedgerBinding]


@cache
def evidential_models() -> dict[str, tuple[type[models.Model], Guard]]:
    """Every table whose rows the ledger binds, by label: all guarded ones except the ledger's own."""
    own = tuple(model for model in apps.get_app_config("consent").get_models() if model.__module__ in LEDGER_TABLES)
    return {model_label(model): (model, guard) for model, guard in guarded_models() if model not in own}


class RowCheck:
    """Compares what entries say about rows with the rows themselves, page by page of one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._keys = KeyReader()

    def of(self, steps: Sequence[Step]) -> Iterator[Finding]:
        """What a run of entries says about rows, compared with the rows and with the index of bindings."""
        read = [step for step in steps if step.stored is not None and step.entry is not None]
        bindings = _bindings([step.stored.id for step in read if step.stored])
        rows, last = _rows(bindings), _last_named(bindings)
        redacted = redactions_of([step.stored.id for step in read if step.stored])
        sealed = _sealed_salts([step.stored.id for step in read if step.stored])
        for step in read:
            yield from self._step(step, bindings, rows, last, sealed, redacted)
        for (entry_id, model, key), binding in bindings.items():
            where = f"LedgerBinding {binding.pk.hex}"
            sentence = f"The entry {entry_id.hex} is indexed for {model} {key}, which it does not name."
            yield Finding(index=None, what="binding", where=where, sentence=sentence)

    def _step(
        self,
        step: Step,
        bindings: Bindings,
        rows: Rows,
        last: dict[Key, uuid.UUID],
        sealed: dict[uuid.UUID, bytes],
        redacted: Redactions,
    ) -> Iterator[Finding]:
        stored, entry = step.stored, step.entry
        if stored is None or entry is None:
            return
        secret = yield from self._secret(stored, entry, sealed.get(stored.id))
        for bound in (*entry.objects, *entry.history):
            where = f"{bound.model} {bound.key}"
            binding = bindings.pop((stored.id, bound.model, bound.key), None)
            if binding is None or binding.pk != binding.computed_id():
                sentence = f"{_name(stored)}: the index of {where} is missing or was changed."
                yield Finding(index=stored.index, what="binding", where=where, sentence=sentence)
            is_last = last.get((bound.model, bound.key), stored.id) == stored.id
            row, kept = rows.get((bound.model, bound.key)), redacted.get((stored.id, bound.model, bound.key))
            yield from _bound_row(stored, bound, secret, row, kept, is_last=is_last)
        yield from _authors(stored, entry, rows)

    def _secret(
        self, stored: StoredEntry, entry: Entry, sealed: bytes | None
    ) -> Generator[Finding, None, bytes | None]:
        """The secret of an entry; None when its key was destroyed, or cannot be used (a finding)."""
        try:
            if sealed is None:
                raise KeyStoreError("it is not there")
            return self._keys.open_secret(owner=entry.subject or self._ledger.pk, entry_id=stored.id, sealed=sealed)
        except KeyStoreError as error:
            sentence = f"{_name(stored)}: the secret behind its digests cannot be opened: {error}"
            yield Finding(index=stored.index, what="secret", where=f"LedgerEntry {stored.id.hex}", sentence=sentence)
            return None


def _name(stored: StoredEntry) -> str:
    return "Waiting entry" if stored.index is None else f"Entry {stored.index}"


def _bound_row(
    stored: StoredEntry,
    bound: BoundRow,
    secret: bytes | None,
    row: models.Model | None,
    kept: RedactedRow | None,
    *,
    is_last: bool,
) -> Iterator[Finding]:
    known = evidential_models()
    if bound.model not in known:
        yield _row_finding(stored, bound, "row-unknown", "is of a kind that is not evidence")
    elif row is None:
        yield _row_finding(stored, bound, "row-missing", "is missing or cannot be read")
    elif (is_last or known[bound.model][1] is Guard.APPEND_ONLY) and not _matches(row, bound, secret, kept):
        yield _row_finding(stored, bound, "row-changed", "is not as it was bound")


def _authors(stored: StoredEntry, entry: Entry, rows: Rows) -> Iterator[Finding]:
    """History names who saved; anybody may have set that, so it must be who the entry says."""
    for bound in entry.history:
        row: Any = rows.get((bound.model, bound.key))
        if row is not None and getattr(row, "history_user_id", None) != entry.actor.ref:
            yield _row_finding(stored, bound, "author", "names another person than the entry does")


def _row_finding(stored: StoredEntry, bound: BoundRow, what: str, sentence: str) -> Finding:
    where = f"{bound.model} {bound.key}"
    return Finding(index=stored.index, what=what, where=where, sentence=f"{_name(stored)}: the row {where} {sentence}.")


def _matches(row: models.Model, bound: BoundRow, secret: bytes | None, kept: RedactedRow | None) -> bool:
    """Whether a row has the digest it was bound with; after an erasure, whether its open part and its links have."""
    try:
        if kept is not None:
            return fits_redacted(row, kept, digest=bound.digest)
        if secret is None and not is_all_open(row):
            return False  # its key was destroyed, and no erasure names it
        salt = row_salt(secret=secret or b"", model=bound.model, key=bound.key)
        return digest_of_row(row, row_salt=salt) == bound.digest
    except EncodingError:
        return False


def _bindings(entry_ids: Sequence[uuid.UUID]) -> Bindings:
    every = LedgerBinding.objects.all()
    found = readable(every.filter(entry__in=entry_ids), every)
    return {(binding.entry_id, binding.model, binding.key): binding for binding in found}


def _sealed_salts(entry_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    rows = LedgerEntry.objects.filter(pk__in=entry_ids).values_list("pk", "sealed_salt")
    return {key: bytes(salt) for key, salt in rows if isinstance(salt, bytes | memoryview)}


def _last_named(bindings: Bindings) -> dict[Key, uuid.UUID]:
    """The last entry that names each of these rows: in the newest ledger, by place, and what still waits after that."""
    models_named, keys = {model for _entry, model, _key in bindings}, {key for _entry, _model, key in bindings}
    namings = LedgerBinding.objects.filter(model__in=models_named, key__in=keys)
    places: Iterator[Any] = namings.values_list(  # its types do not know that a join may find nothing
        "model", "key", "entry", "entry__ledger__incarnation", "entry__leaf__index", "entry__waiting__number"
    ).iterator()
    last: dict[Key, tuple[tuple[int, int, int], uuid.UUID]] = {}
    carried = carried_over()
    for model, key, entry_id, incarnation, index, number in places:
        if index is None and number is None and entry_id not in carried:
            continue  # set aside, or damaged: its own finding says so
        place = (_number(incarnation), LARGEST if index is None else _number(index), _number(number or 0))
        last[model, key] = max((place, entry_id), last.get((model, key), (place, entry_id)))
    return {row: entry_id for row, (_place, entry_id) in last.items()}


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1  # SQLite may hold text there


def _rows(bindings: Bindings) -> Rows:
    """The rows that bindings speak of, as they are now."""
    known, wanted = evidential_models(), dict[str, set[uuid.UUID]]()
    for _entry_id, label, key in bindings:
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
        return []  # a damaged binding; its own finding names it


def unnamed_rows() -> Iterator[Finding]:
    """Rows of evidence that no entry of any ledger names."""
    for label, (model, _guard) in evidential_models().items():
        last: Any = None
        while page := _page_of_keys(model, last):
            last = page[-1]
            keys = {row_key(key) for key in page}
            named = LedgerBinding.objects.filter(model=label, key__in=keys).values_list("key", flat=True)
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
    rows = Procedure.objects.values_list("pk", "status", started, "start__end__outcome", "start__entry__leaf__index")
    for key, status, is_started, outcome, index in rows.iterator():
        if is_started:
            agrees = status == (outcome or ProcedureStatus.IN_PROGRESS)
        else:
            agrees = status in {ProcedureStatus.PREPARATION, ProcedureStatus.NOT_DONE}
        if not agrees:
            where = f"{model_label(Procedure)} {row_key(key)}"
            sentence = f"The procedure {row_key(key)} is {status}, which its start and end do not say."
            yield Finding(index=index, what="procedure-status", where=where, sentence=sentence)


CROSS_CHECKS = (procedure_status, erasures_are_finished)
