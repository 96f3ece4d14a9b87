"""`manage.py verify_ledger`: what it finds beyond changed columns, what it prints, and how it ends."""

import io
import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, models

from clinic.models import Procedure
from consent.models import Ledger, LedgerBinding, LedgerCheckpoint, LedgerEntry, LedgerLeaf, LedgerWaiting
from consent.queries import ledger, ledger_rows
from tests.factories import House
from tests.integration.consent.acts import started
from tests.integration.ledger.pen import hold_entry, saved_hold
from tests.integration.ledger.world import drop_fence, write_raw

pytestmark = pytest.mark.django_db


def run(*options: str) -> tuple[int, str]:
    """Exit code and printed text of the command."""
    out = io.StringIO()
    try:
        call_command("verify_ledger", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def raw(row: models.Model) -> Any:
    return row.pk if connection.vendor == "postgresql" else row.pk.hex


def damage(model: type[models.Model], column: str, row: models.Model, value: Any) -> None:
    drop_fence(model)
    write_raw(model, column, raw(row), value)


def remove(model: type[models.Model], row: models.Model) -> None:
    drop_fence(model)
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [raw(row)])  # noqa: S608  names of our own models


def manage(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command in a process and a data folder of its own."""
    environment = {**os.environ, "DATA_DIR": str(folder), "DATABASE_URL": "", **settings}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def entry_at(index: int) -> LedgerEntry:
    return LedgerEntry.objects.get(leaf__index=index)


def test_a_sound_clinic(house: House) -> None:
    house.ready()
    code, text = run()
    assert code == 0
    assert "Everything agrees." in text
    assert "Not anchored" in text
    root = LedgerCheckpoint.objects.latest("size")
    assert f"{root.size} entries, root {root.root_hash}" in text


def test_json(house: House) -> None:
    code, text = run("--json")
    report = json.loads(text)
    assert code == 0
    assert (report["sound"], report["anchored"], report["findings"]) == (True, False, [])
    assert report["ledgers"][0]["entries"] == LedgerEntry.objects.count()


def test_the_first_bad_entry_comes_first(house: House) -> None:
    house.ready()
    fourth, second = entry_at(4), entry_at(2)
    damage(LedgerEntry, "leaf_hash", fourth, "0" * 64)
    write_raw(LedgerEntry, "leaf_hash", raw(second), "0" * 64)
    code, text = run()
    assert code == 1
    assert text.startswith(
        f"Entry 2: its stored hash is not the hash of its bytes.  [leaf-hash: LedgerEntry {second.pk.hex}]"
    )
    code, text = run("--json")
    report = json.loads(text)
    assert code == 1
    assert report["sound"] is False
    assert report["findings"][0]["index"] == 2
    assert set(report["findings"][0]) == {"index", "what", "where", "sentence"}
    assert report["findings_count"] == len(report["findings"])


def test_one_site_by_id_or_name(house: House) -> None:
    other = House()
    damage(LedgerEntry, "leaf_hash", LedgerEntry.objects.get(leaf__index=0, ledger__site=other.site), "0" * 64)
    assert run("--site", house.site.name)[0] == 0
    assert run("--site", str(house.site.pk))[0] == 0
    assert run("--site", other.site.name)[0] == 1
    assert run()[0] == 1


@pytest.mark.parametrize("name", ["nowhere", str(uuid.UUID(int=1))])
def test_an_unknown_site_ends_with_two(house: House, name: str) -> None:
    with pytest.raises(CommandError, match="no site") as end:
        run("--site", name)
    assert end.value.returncode == 2


def test_a_closed_database_ends_with_two(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_args: object) -> None:
        raise OperationalError("unable to open database file")

    monkeypatch.setattr(ledger, "_verify_ledger", closed)
    with pytest.raises(CommandError, match="unable to open") as end:
        run()
    assert end.value.returncode == 2


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
def test_a_database_without_tables_ends_with_two_and_one_without_rows_is_sound(tmp_path: Path) -> None:
    empty = manage(tmp_path, "verify_ledger")
    assert (empty.returncode, "no such table" in empty.stderr) == (2, True)
    assert manage(tmp_path, "migrate", "--verbosity", "0").returncode == 0
    assert manage(tmp_path, "verify_ledger").returncode == 0
    sound = (tmp_path / "freely-given.sqlite3").read_bytes()
    for words, option in ((b'CREATE TABLE "consent_ledgerentry"', "--json"), (b"CREATE UNIQUE INDEX", "--roots")):
        (tmp_path / "freely-given.sqlite3").write_bytes(sound.replace(words, b"CR\xff" + words[3:], 1))
        damaged = manage(tmp_path, "verify_ledger", option)
        assert damaged.returncode == 2
        assert damaged.stderr.startswith("CommandError: The database cannot be read (")
        assert damaged.stderr.count("\n") == 1


def test_a_wrong_setting_ends_with_two(tmp_path: Path) -> None:
    """With 1 a script that asks every night would report a finding."""
    for command in ("verify_ledger", "self_audit"):
        done = manage(tmp_path, command, DATABASE_URL="mysql://name@host/clinic")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("Freely Given cannot start: DATABASE_URL names the engine")


def test_evidence_without_an_entry(house: House) -> None:
    hold = saved_hold(house)
    (finding,) = ledger.verify().findings
    assert (finding.what, finding.where) == ("row-unnamed", f"consent.hold {hold.pk.hex}")


@pytest.mark.parametrize(
    ("build", "status"),
    [("proposed", "in-progress"), ("proposed", "completed"), ("started", "preparation"), ("started", "completed")],
)
def test_a_procedure_whose_status_its_start_and_end_do_not_say(house: House, build: str, status: str) -> None:
    procedure = started(house) if build == "started" else house.proposed().procedure
    assert ledger.verify().count == 0
    write_raw(Procedure, "status", raw(procedure), status)
    (finding,) = ledger.verify().findings
    assert finding.what == "procedure-status"
    assert procedure.pk.hex in finding.sentence


def test_the_last_checkpoint_is_looked_for(house: House) -> None:
    remove(LedgerCheckpoint, LedgerCheckpoint.objects.latest("size"))
    assert [finding.what for finding in ledger.verify().findings] == ["root-missing"]


def test_a_place_that_was_removed_leaves_an_entry_that_is_lost(house: House) -> None:
    house.ready()
    entry = entry_at(2)
    remove(LedgerLeaf, entry.leaf)
    found = {finding.what for finding in ledger.verify().findings}
    assert {"gap", "lost"} <= found


def test_an_entry_taken_out_of_the_queue_before_it_was_sealed_is_lost(house: House) -> None:
    row = hold_entry(house, saved_hold(house), is_urgent=False)
    assert ledger.verify().count == 0
    LedgerWaiting.objects.filter(entry=row).delete()
    whats = {finding.what: finding.where for finding in ledger.verify().findings}
    assert whats["lost"] == f"LedgerEntry {row.pk.hex}"


def test_an_entry_changed_while_it_waits_is_named(house: House) -> None:
    row = hold_entry(house, saved_hold(house), is_urgent=False)
    damage(LedgerEntry, "kind", row, "hold.lifted")
    (finding,) = ledger.verify().findings
    assert (finding.what, finding.index) == ("column-kind", None)
    assert row.pk.hex in finding.where


def test_the_end_of_a_ledger_cut_off_leaves_rows_that_nobody_names(house: House) -> None:
    consent = house.given()
    last = LedgerEntry.objects.latest("leaf__index")
    for binding in last.bindings.all():
        remove(LedgerBinding, binding)
    for model in (LedgerCheckpoint, LedgerLeaf, LedgerEntry):
        remove(model, model.objects.get(pk=last.pk))
    whats = {finding.what for finding in ledger.verify().findings}
    assert whats == {"row-changed", "row-unnamed"}, "the consent and its signature say more than the ledger"
    assert consent.pk.hex in " ".join(finding.where for finding in ledger.verify().findings)


def test_a_binding_of_a_row_that_its_entry_does_not_name(house: House) -> None:
    entry = LedgerEntry.objects.latest("leaf__index")
    binding = LedgerBinding(entry=entry, model="consent.hold", key=uuid.uuid4().hex)
    binding.id = binding.computed_id()
    binding.save(force_insert=True)
    (finding,) = ledger.verify().findings
    assert (finding.what, finding.where) == ("binding", f"LedgerBinding {binding.pk.hex}")


def test_two_acts_of_one_patient_in_one_batch_leave_one_last_word(house: House) -> None:
    """Only the last entry that names a row speaks of the row as it is now; within a batch too."""
    consent = house.proposed()
    for _ in range(2):
        consent._history_user = house.receptionist  # whom the entry names
        consent.save()
        hold_entry(house, consent, is_urgent=False)
    assert ledger.verify().count == 0, "while both wait"
    hold_entry(house)
    assert ledger.verify().count == 0


def test_a_ledger_moved_to_another_site(house: House) -> None:
    other = House()
    ours = Ledger.objects.get(site=house.site)
    remove(Ledger, Ledger.objects.get(site=other.site))
    damage_column = other.site.pk if connection.vendor == "postgresql" else other.site.pk.hex
    write_raw(Ledger, "site_id", raw(ours), damage_column)
    assert {"ledger", "loose"} <= {finding.what for finding in ledger.verify().findings}


def test_pages_of_any_size_give_the_same_answer(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.ready()
    entries = LedgerEntry.objects.count()
    for size in (1, 2, 3, entries, entries + 1):
        monkeypatch.setattr(ledger, "PAGE", size)
        monkeypatch.setattr(ledger_rows, "PAGE", size)
        report = ledger.verify()
        assert (report.count, report.ledgers[0].entries) == (0, entries)


def test_only_the_first_findings_are_kept_but_all_are_counted(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.ready()
    monkeypatch.setattr(ledger, "KEPT_FINDINGS", 2)
    drop_fence(LedgerEntry)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consent_ledgerentry SET leaf_hash = %s", ["0" * 64])
    report = ledger.verify()
    assert report.count > LedgerEntry.objects.count()
    assert [finding.index for finding in report.findings] == [0, 1]
    assert "more." in run()[1]


def test_reading_holds_up_nobody_and_waits_for_nobody(house: House) -> None:
    """This test holds SQLite's one write lock; a reader of its own sees the last committed state, which is empty."""
    answers: list[int] = []

    def read() -> None:
        try:
            answers.append(len(ledger.verify().ledgers))
        finally:
            connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    reader.join(timeout=15)
    assert answers == [0]
