"""`manage.py verify_ledger --roots`: every entry hashed again, and nothing else looked at."""

import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from consent.ledger.tree import leaf_hash
from consent.models import Ledger, LedgerCheckpoint, LedgerEntry, LedgerKey, LedgerLeaf
from consent.queries import ledger_bytes
from consent.queries.ledger_bytes import hashed_pages
from tests.factories import House
from tests.integration.ledger.world import drop_fence, write_raw

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_bytes, "PAGE", 3)


@pytest.fixture
def log(house: House) -> Ledger:
    house.ready()
    return Ledger.objects.get()


def run() -> tuple[int, dict[str, Any]]:
    """Exit code and report of the command."""
    out = io.StringIO()
    try:
        call_command("verify_ledger", "--roots", "--json", stdout=out)
    except SystemExit as end:
        return int(str(end.code)), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def found() -> set[tuple[str, int | None]]:
    code, report = run()
    assert code == (1 if report["findings"] else 0)
    return {(finding["what"], finding["index"]) for finding in report["findings"]}


def raw(row: models.Model) -> Any:
    return row.pk if connection.vendor == "postgresql" else row.pk.hex


def change(row: models.Model, column: str, value: Any) -> None:
    drop_fence(type(row))
    write_raw(type(row), column, raw(row), value)


def leaf_at(index: int) -> LedgerLeaf:
    return LedgerLeaf.objects.select_related("entry").get(index=index)


def execute(model: type[models.Model], sql: str, *values: Any) -> None:
    drop_fence(model)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def the_entries(log: Ledger) -> list[tuple[bytes, bytes]]:
    leaves = LedgerLeaf.objects.filter(ledger=log).order_by("index").select_related("entry")
    bodies = [bytes(leaf.entry.body) for leaf in leaves]
    return [(body, leaf_hash(body)) for body in bodies]


def read(log: Ledger, **places: int) -> list[tuple[bytes, bytes]]:
    pages = list(hashed_pages(log, **places))
    assert not any(page.missing or page.wrong for page in pages)
    return [both for page in pages for both in zip(page.bodies, page.leaves, strict=True)]


def test_a_sound_ledger(log: Ledger) -> None:
    code, report = run()
    head = LedgerCheckpoint.objects.latest("size")
    assert (code, report["sound"], report["only_roots"]) == (0, True, True)
    assert (report["ledgers"][0]["entries"], report["ledgers"][0]["root"]) == (head.size, head.root_hash)


def test_it_says_what_it_does_not_look_at(log: Ledger) -> None:
    out = io.StringIO()
    call_command("verify_ledger", "--roots", stdout=out)
    assert "were not looked at: leave out --roots" in out.getvalue()


def test_an_empty_ledger_is_sound(db: None) -> None:
    assert found() == set()


def test_every_entry_in_the_order_of_the_log(log: Ledger) -> None:
    entries = the_entries(log)
    assert read(log, end=len(entries)) == entries
    assert read(log, start=2, end=len(entries) - 1) == entries[2:-1]
    assert read(log, start=2, end=2) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's rows lie somewhere")
@pytest.mark.parametrize("index", [0, 1, 4, 5])
def test_rows_that_lie_in_another_order_are_read_in_that_of_the_log(log: Ledger, index: int) -> None:
    entries = the_entries(log)
    move = 'UPDATE "consent_ledgerentry" SET rowid = rowid + 10000 WHERE id = %s'
    execute(LedgerEntry, move, leaf_at(index).entry_id.hex)
    assert read(log, end=len(entries)) == entries
    assert found() == set()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's rows lie somewhere")
def test_they_are_read_as_they_lie_and_never_sorted() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {ledger_bytes._AS_THEY_LIE}", ["", 0])
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "INTEGER PRIMARY KEY" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite's rows lie somewhere")
def test_the_entries_of_another_clinic_may_lie_between(house: House) -> None:
    other = House()
    house.ready()
    other.ready()
    for log in Ledger.objects.all():
        entries = the_entries(log)
        assert read(log, end=len(entries)) == entries
    assert found() == set()


@pytest.mark.parametrize("index", [0, 1, 3, 5])
def test_changed_bytes(log: Ledger, index: int) -> None:
    entry = leaf_at(index).entry
    change(entry, "body", bytes(entry.body)[:-1] + b"]")
    size = LedgerLeaf.objects.count()
    assert found() == {("place-hash", index), ("root", size - 1)}


def test_changed_bytes_whose_hashes_were_changed_alike(log: Ledger) -> None:
    leaf = leaf_at(4)
    body = bytes(leaf.entry.body)[:-1] + b"]"
    change(leaf.entry, "body", body)
    change(leaf, "leaf_hash", leaf_hash(body).hex())
    assert found() == {("root", LedgerLeaf.objects.count() - 1)}


def test_a_changed_hash_of_a_place(log: Ledger) -> None:
    change(leaf_at(2), "leaf_hash", "0" * 64)
    assert found() == {("place-hash", 2)}


@pytest.mark.parametrize("index", [0, 4])
def test_a_place_that_is_gone(log: Ledger, index: int) -> None:
    execute(LedgerLeaf, 'DELETE FROM "consent_ledgerleaf" WHERE "index" = %s', index)
    assert found() == {("gap", index)}


def test_two_entries_that_changed_places(log: Ledger) -> None:
    one, two = leaf_at(2), leaf_at(3)
    for leaf, index in ((one, 9000), (two, 2), (one, 3)):
        change(leaf, "index", index)
    assert found() == {("root", LedgerLeaf.objects.count() - 1)}


def test_a_tail_no_head_covers(log: Ledger) -> None:
    execute(LedgerCheckpoint, 'DELETE FROM "consent_ledgercheckpoint" WHERE size > %s', 3)
    ((what, index),) = found()
    assert what == "root-missing"
    assert index is not None
    assert index <= 3


def test_a_tail_that_was_cut_off(log: Ledger) -> None:
    last = LedgerLeaf.objects.count() - 1
    execute(LedgerLeaf, 'DELETE FROM "consent_ledgerleaf" WHERE "index" = %s', last)
    assert found() == {("gap", last)}


def test_a_changed_root(log: Ledger) -> None:
    head = LedgerCheckpoint.objects.latest("size")
    change(head, "root_hash", "0" * 64)
    assert found() == {("note", head.size - 1), ("root", head.size - 1)}


def test_a_note_that_another_key_signed(log: Ledger) -> None:
    head = LedgerCheckpoint.objects.latest("size")
    lines = head.note.split("\n")
    lines[4] = lines[4][:-8] + ("A" if lines[4][-8] != "A" else "B") + lines[4][-7:]
    change(head, "note", "\n".join(lines))
    assert found() == {("signature", head.size - 1)}


def test_a_log_without_its_keys(log: Ledger) -> None:
    execute(LedgerKey, 'DELETE FROM "consent_ledgerkey"')
    assert ("signature", LedgerCheckpoint.objects.latest("size").size - 1) in found()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite holds text where bytes should be")
@pytest.mark.parametrize("index", [0, 1, 5])
def test_bytes_that_became_text(log: Ledger, index: int) -> None:
    change(leaf_at(index).entry, "body", "text")
    assert found() == {("gap", index)}
