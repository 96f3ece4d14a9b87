"""Nobody but the owner changes the tables of evidence; on SQLite, where every opener owns the file, we give it away."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from consent.guards import guarded_models
from consent.models import Consent, Hold
from consent.models.guarding import Guard
from consent.ownership import as_owner, is_owner

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only; on PostgreSQL roles do this"),
]

TABLES = [pytest.param(model._meta.db_table, guard, id=model.__name__) for model, guard in guarded_models()]


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def refused(sql: str) -> None:
    with pytest.raises(DatabaseError, match=r"not authorized|prohibited"):
        run(sql)


@pytest.mark.parametrize(("table", "guard"), TABLES)
def test_evidence_is_only_added_to(table: str, guard: Guard) -> None:
    if guard is Guard.APPEND_ONLY:
        refused(f"UPDATE {table} SET rowid = rowid")  # noqa: S608  names of our own models
    refused(f"DELETE FROM {table}")  # noqa: S608  names of our own models
    refused(f"DROP TABLE {table}")
    refused(f"ALTER TABLE {table} RENAME TO other")
    refused(f"ALTER TABLE {table} ADD COLUMN other")
    refused(f"DROP TRIGGER fg_{table}_delete")
    for kind in ("TRIGGER", "TEMP TRIGGER"):
        refused(f"CREATE {kind} another BEFORE DELETE ON main.{table} BEGIN SELECT RAISE(IGNORE); END")


@pytest.mark.parametrize(
    "sql",
    [
        "ATTACH DATABASE ':memory:' AS other",
        "PRAGMA writable_schema = ON",
        "PRAGMA Writable_Schema(1)",
        "PRAGMA main.recursive_triggers = OFF",
        "PRAGMA ignore_check_constraints = ON",
        "PRAGMA foreign_keys = OFF",
        "PRAGMA synchronous = OFF",
        "PRAGMA journal_mode = DELETE",
        "DROP INDEX one_live_consent_per_procedure",
        "DELETE FROM sqlite_master WHERE type = 'trigger'",
        "UPDATE sqlite_master SET sql = '' WHERE type = 'trigger'",
        "INSERT INTO consent_hold (id) VALUES ('1') ON CONFLICT (id) DO UPDATE SET note = 'x'",
    ],
)
def test_no_way_around_the_triggers(sql: str) -> None:
    with pytest.raises(DatabaseError):
        run(sql)


def test_rows_are_still_read_added_and_moved_on(story: None) -> None:
    consent = Consent.objects.filter(state="used").first()
    with transaction.atomic():
        run("UPDATE consent_consent SET more_time_asked_at = proposed_at")
        Hold.objects.filter(consent=consent).count()
        consent.save()
        transaction.set_rollback(True)


def test_a_draft_may_be_emptied_and_a_queue_shortened() -> None:
    run("DELETE FROM consent_talkdraft WHERE id = '0'")
    run("DELETE FROM consent_ledgerwaiting WHERE number = 0")
    run("UPDATE consent_ledgerlease SET ledger_id = ledger_id")


def test_pragmas_may_be_read() -> None:
    for name in ("foreign_keys", "journal_mode", "synchronous", "recursive_triggers"):
        run(f"PRAGMA {name}")


def test_the_owner_is_asked_by_the_triggers_only(story: None) -> None:
    with as_owner(connection):
        with pytest.raises(DatabaseError, match="freely-given"):
            run("DELETE FROM consent_hold")
        run("PRAGMA recursive_triggers = ON")
    refused("DELETE FROM consent_hold")


def test_ownership_ends_with_its_block_even_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), as_owner(connection):
        with as_owner(connection):
            assert is_owner("default")
        assert is_owner("default")
        raise ValueError("broken")
    assert not is_owner("default")
    refused("PRAGMA writable_schema = ON")


def test_every_new_connection_is_fenced_in(tmp_path: Path) -> None:
    copy = connection.copy("default")
    copy.settings_dict = {**copy.settings_dict, "NAME": str(tmp_path / "new.sqlite3")}
    try:
        with copy.cursor() as cursor:
            cursor.execute("CREATE TABLE consent_hold (id text)")
            with pytest.raises(DatabaseError, match="not authorized"):
                cursor.execute("DELETE FROM consent_hold")
        with as_owner(copy), copy.cursor() as cursor:
            cursor.execute("DELETE FROM consent_hold")
    finally:
        copy.close()


@pytest.mark.parametrize(
    "act", [lambda: call_command("migrate", verbosity=0), lambda: call_command("dumpdata", "clinic")]
)
def test_commands_of_django_still_work(act: Callable[[], Any], capsys: pytest.CaptureFixture[str]) -> None:
    act()
