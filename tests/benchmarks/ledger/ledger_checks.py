"""Runs beside Django, on one file: fills it with a ledger, and reads it back as `verify_ledger` reads."""

import time
import uuid
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import orjson
from django.core.management import call_command
from django.db import connection, transaction

from clinic.actions.open_site import open_site
from clinic.vocabulary import Preset
from consent.ledger.canonical import read
from consent.ledger.tree import Frontier, node_hash
from consent.ledger.verify import walk
from consent.ledger_store import open_ledger
from consent.models import Ledger, LedgerCheckpoint, LedgerEntry, LedgerLeaf
from consent.queries.ledger_bytes import hashed_pages
from consent.queries.ledger_reading import stored_checkpoints, stored_entries
from tests.benchmarks.ledger.entries import KIND, RECORDED_AT, Written, entries
from tests.benchmarks.ledger.hashing import hashing_limit

PAGE = 5000
LIMIT_ENTRIES = 20_000
ENTRY, LEAF = LedgerEntry._meta.db_table, LedgerLeaf._meta.db_table
STORED_AT = RECORDED_AT.strftime("%Y-%m-%d %H:%M:%S")


def make(_pipe: Connection, size: int, heads: list[int]) -> dict[str, Any]:
    """Fills the tables as fast as they take it: guards come off first, because each row would be asked for twice."""
    call_command("migrate", verbosity=0)
    site = open_site(name="Measured Clinic", time_zone="UTC", preset=Preset.STRICT_DEFAULT)
    with transaction.atomic():
        ledger = open_ledger(site=site)
    connection.connection.set_authorizer(None)  # it would not let a guard be taken off
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')
    _fill(ledger, size, set(heads))
    return {"size": size}


def _fill(ledger: Ledger, size: int, heads: set[int]) -> None:
    frontier, page, due = Frontier(), [], []
    for number, written in enumerate(entries(size, origin=ledger.origin)):
        page.append((number, written))
        frontier = frontier.append(written.leaf)
        if number + 1 in heads:
            due.append(_head(ledger, frontier, written))
        if len(page) == PAGE or number == size - 1:
            with transaction.atomic():
                _insert(ledger.pk.hex, page)
                for head in due:
                    head.save(force_insert=True)
            page, due = [], []


def _head(ledger: Ledger, frontier: Frontier, last: Written) -> LedgerCheckpoint:
    return LedgerCheckpoint(
        id=uuid.UUID(last.id),
        ledger=ledger,
        size=frontier.size,
        root_hash=frontier.root().hex(),
        frontier=frontier.to_hex(),
        note="not signed: signatures are measured apart\n",
        made_at=RECORDED_AT,
    )


def _insert(ledger: str, page: list[tuple[int, Written]]) -> None:
    entry = f"INSERT INTO {ENTRY} (id, ledger_id, kind, subject, sseq, body, leaf_hash, sealed_salt, recorded_at)"
    leaf = f"INSERT INTO {LEAF} (id, ledger_id, {connection.ops.quote_name('index')}, entry_id, leaf_hash)"
    salt = bytes(61)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"{entry} VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [(w.id, ledger, KIND.value, w.subject, w.sseq, w.body, w.leaf.hex(), salt, STORED_AT) for _, w in page],
        )
        cursor.executemany(
            f"{leaf} VALUES (%s, %s, %s, %s, %s)", [(w.id, ledger, n, w.id, w.leaf.hex()) for n, w in page]
        )


def limit(_pipe: Connection) -> float:
    """Seconds of CPU for one entry at the hashing limit, on the bytes of this file."""
    pages = hashed_pages(Ledger.objects.get(), end=min(LIMIT_ENTRIES, LedgerLeaf.objects.count()))
    bodies = [body for page in pages for body in page.bodies]
    repeat = hashing_limit(bodies)
    began = time.process_time()
    repeat(len(bodies))
    return (time.process_time() - began) / len(bodies)


def check_rows(_pipe: Connection, start: int, end: int, how: str) -> dict[str, Any]:
    """Entries in order as the product reads and hashes them, and the root; `how` says what else is asked of each."""
    check, ledger = CHECKS[how], Ledger.objects.get()
    began, cpu = time.perf_counter(), time.process_time()
    frontier = Frontier()
    for page in hashed_pages(ledger, start=start, end=end):
        if page.missing or page.wrong or not (check is None or all(map(check, page.bodies))):
            raise ValueError("a stored entry is not what it should be")
        frontier = frontier.extend(page.leaves)
    done = {"cpu": time.process_time() - cpu, "began": began, "ended": time.perf_counter()}
    return {**done, "root": frontier.root().hex()}


def check_root(_pipe: Connection, size: int, root: str) -> None:
    if not LedgerCheckpoint.objects.filter(size=size, root_hash=root).exists():
        raise ValueError("the entries do not give the root of the checkpoint")


def check_halves(_pipe: Connection, halves: list[str], whole: str) -> None:
    left, right = (bytes.fromhex(half) for half in halves)
    if node_hash(left, right).hex() != whole:
        raise ValueError("the two halves do not give the root")


def check_newest(_pipe: Connection, start: int) -> float:
    """Seconds of CPU to check what came after a checkpoint, with the house's own reader and its own walk."""
    ledger = Ledger.objects.get()
    list(stored_checkpoints(ledger, after=start))  # opens the connection and warms the caches of SQLite
    began = time.process_time()
    checked = next(head for head in stored_checkpoints(ledger, after=start - 1) if head.size == start)
    newer = stored_entries(ledger, start=start), stored_checkpoints(ledger, after=start)
    steps = list(walk(*newer, origin=ledger.origin, start=checked))
    if not steps or any(finding.what != "note" for step in steps for finding in step.findings):
        raise ValueError(f"the newest entries have findings: {steps[-1:]}")
    return time.process_time() - began


def _is_canonical(body: bytes) -> bool:
    read(body)
    return True


def _is_canonical_with_orjson(body: bytes) -> bool:
    return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS) == body


CHECKS: dict[str, Callable[[bytes], bool] | None] = {
    "rows": None,
    "meaning": _is_canonical,
    "meaning with orjson": _is_canonical_with_orjson,
}
