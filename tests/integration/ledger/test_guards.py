"""The database refuses to change evidence, on both engines, whoever asks; and says so when a guard is gone."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from consent import checks, guards
from consent.guard_sql import FUNCTION, postgresql_triggers, sqlite_triggers
from consent.guards import guarded_models
from consent.models import Consent, Hold, LedgerEntry
from consent.models.guarding import Guard
from consent.ownership import as_owner
from tests.integration.ledger.world import some_row

pytestmark = pytest.mark.django_db

GUARDED = [pytest.param(model, guard, id=model.__name__) for model, guard in guarded_models()]
APPEND_ONLY = [model for model, guard in guarded_models() if guard is Guard.APPEND_ONLY]
MODELS = [model for model, _guard in guarded_models()]

only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite only")
only_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only")


@pytest.fixture(autouse=True)
def owner(db: None) -> Iterator[None]:
    """Triggers refuse the owner too; what everybody else is refused before they are asked, test_ownership says."""
    with as_owner(connection):
        yield


@pytest.fixture
def switched_off(story: None, db: None) -> Iterator[None]:
    """SQLite without recursive triggers: its default, in which REPLACE passes a delete trigger."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        yield
        cursor.execute("PRAGMA recursive_triggers = ON")


def run(sql: str, values: list[object] | None = None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def refused(sql: str, values: list[object] | None = None) -> str:
    with pytest.raises(IntegrityError) as refusal:
        run(sql, values)
    return str(refusal.value)


def columns(model: type[models.Model]) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)


def test_every_table_of_evidence_is_guarded_and_so_is_its_history() -> None:
    guarded = dict(guarded_models())
    assert guarded[Consent] is Guard.NO_DELETE
    assert guarded[Consent.history.model] is Guard.APPEND_ONLY
    assert guarded[LedgerEntry] is Guard.APPEND_ONLY
    assert guards.missing(connection) == []


@pytest.mark.parametrize("model", APPEND_ONLY)
def test_no_row_changes(story: None, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    assert "freely-given" in refused(f'UPDATE "{table}" SET "{key}" = "{key}"')  # noqa: S608  names of our own models


@pytest.mark.parametrize("model", MODELS)
def test_no_row_vanishes(story: None, model: type[models.Model]) -> None:
    assert "freely-given" in refused(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  names of our own models


@pytest.mark.parametrize("model", MODELS)
def test_no_key_changes(story: None, model: type[models.Model]) -> None:
    table, field = model._meta.db_table, model._meta.pk
    key, _value = some_row(model, field.column)
    new = "7" if isinstance(field, models.AutoField) else "0" * 32
    sql = f'UPDATE "{table}" SET "{field.column}" = %s WHERE "{field.column}" = %s'  # noqa: S608  names of our own models
    assert "freely-given" in refused(sql, [new, key])


@only_postgresql
@pytest.mark.parametrize("model", MODELS)
def test_no_table_is_emptied(story: None, model: type[models.Model]) -> None:
    assert "TRUNCATE" in refused(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@only_postgresql
def test_a_server_in_replica_mode_refuses_too(story: None) -> None:
    with transaction.atomic():
        run("SET LOCAL session_replication_role = replica")
        assert "freely-given" in refused("DELETE FROM consent_ledgerentry")
        transaction.set_rollback(True)


@only_postgresql
def test_an_upsert_is_an_update(story: None) -> None:
    sql = (
        f"INSERT INTO consent_hold ({columns(Hold)}) SELECT {columns(Hold)} FROM consent_hold"  # noqa: S608  names of our own models
        " ON CONFLICT (id) DO UPDATE SET note = 'x'"
    )
    assert "UPDATE" in refused(sql)


@only_sqlite
@pytest.mark.parametrize("verb", ["REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE", "INSERT"])
@pytest.mark.parametrize("model", MODELS)
def test_no_row_is_replaced(switched_off: None, model: type[models.Model], verb: str) -> None:
    table = model._meta.db_table
    sql = f'{verb} INTO "{table}" ({columns(model)}) SELECT {columns(model)} FROM "{table}"'  # noqa: S608  names of our own models
    assert "is taken" in refused(sql)


@only_sqlite
@pytest.mark.parametrize("model", MODELS)
def test_no_place_is_taken_from_a_row(switched_off: None, model: type[models.Model]) -> None:
    table, key = model._meta.db_table, model._meta.pk
    values = ", ".join("'0'" if field.unique else f'"{field.column}"' for field in model._meta.concrete_fields)
    if isinstance(key, models.AutoField):
        return  # there the place is the key
    sql = f'REPLACE INTO "{table}" (rowid, {columns(model)}) SELECT rowid, {values} FROM "{table}" LIMIT 1'  # noqa: S608  names of our own models
    assert "is taken" in refused(sql)


@only_sqlite
def test_an_upsert_is_refused(switched_off: None) -> None:
    sql = (
        f"INSERT INTO consent_hold ({columns(Hold)}) SELECT {columns(Hold)} FROM consent_hold WHERE true"  # noqa: S608  names of our own models
        " ON CONFLICT (id) DO UPDATE SET note = 'x'"
    )
    assert "is taken" in refused(sql)


@only_sqlite
def test_an_update_pushes_no_other_row_away(switched_off: None) -> None:
    refused("UPDATE OR REPLACE consent_consent SET form_key = (SELECT max(form_key) FROM consent_consent)")
    refused("UPDATE OR REPLACE consent_consent SET rowid = (SELECT max(rowid) FROM consent_consent)")


@only_sqlite
def test_a_second_live_consent_replaces_none(switched_off: None) -> None:
    live = Consent.objects.filter(state="used").first()
    with connection.cursor() as cursor:
        names = [field.column for field in Consent._meta.concrete_fields]
        fresh = {"id": f"'{'1' * 32}'", "form_key": f"'{'2' * 32}'"}
        values = ", ".join(fresh.get(name, f'"{name}"') for name in names)
        sql = f"REPLACE INTO consent_consent ({columns(Consent)}) SELECT {values} FROM consent_consent WHERE id = %s"  # noqa: S608  names of our own models
        assert "one_live_consent_per_procedure" in refused(sql, [live.pk.hex])
        cursor.execute("SELECT count(*) FROM consent_consent WHERE id = %s", [live.pk.hex])
        assert cursor.fetchone() == (1,)


def test_a_consent_may_still_move_on(story: None) -> None:
    consent = Consent.objects.filter(state="used").first()
    with transaction.atomic():
        run("UPDATE consent_consent SET more_time_asked_at = proposed_at")
        consent.save()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("model", "guard"), GUARDED)
def test_a_missing_or_altered_guard_is_noticed_and_comes_back(
    story: None, model: type[models.Model], guard: Guard
) -> None:
    table = guards._guarded_table(model, guard, connection)
    is_postgresql = connection.vendor == "postgresql"
    wanted = postgresql_triggers(table) if is_postgresql else sqlite_triggers(table)
    for name in wanted:
        with transaction.atomic():
            run(f"DROP TRIGGER {name} ON {table.name}" if is_postgresql else f"DROP TRIGGER {name}")
            assert guards.missing(connection) == [name]
            guards.install(connection)
            assert guards.missing(connection) == []
            transaction.set_rollback(True)


@only_postgresql
def test_a_guard_that_sleeps_or_does_nothing_is_noticed(story: None) -> None:
    with transaction.atomic():
        run("ALTER TABLE consent_hold DISABLE TRIGGER fg_consent_hold_row")
        assert guards.missing(connection) == ["fg_consent_hold_row"]
        run("ALTER TABLE consent_hold ENABLE TRIGGER fg_consent_hold_row")
        assert guards.missing(connection) == ["fg_consent_hold_row"], "must fire in replica mode too"
        transaction.set_rollback(True)
    with transaction.atomic():
        run(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN COALESCE(NEW, OLD); END $$"
        )
        assert len(guards.missing(connection)) > len(MODELS)
        guards.install(connection)
        assert guards.missing(connection) == []
        transaction.set_rollback(True)


@only_sqlite
def test_a_weakened_guard_is_noticed(story: None) -> None:
    with transaction.atomic():
        run("DROP TRIGGER fg_consent_hold_delete")
        run("CREATE TRIGGER fg_consent_hold_delete BEFORE DELETE ON consent_hold BEGIN SELECT 1; END")
        assert guards.missing(connection) == ["fg_consent_hold_delete"]
        transaction.set_rollback(True)


def drop_one_guard() -> None:
    name = "fg_consent_hold_row ON consent_hold" if connection.vendor == "postgresql" else "fg_consent_hold_delete"
    run(f"DROP TRIGGER {name}")


def test_the_check_and_the_server_say_what_to_do(story: None) -> None:
    assert checks.check_guards(None, databases=["default"]) == []
    assert checks.check_guards(None, databases=None) == []
    with transaction.atomic():
        drop_one_guard()
        (message,) = checks.check_guards(None, databases=["default"])
        assert message.id == "consent.W001"
        assert "manage.py migrate" in message.msg
        with pytest.raises(SystemExit, match=r"cannot start: .*fg_consent_hold.*manage\.py migrate"):
            checks.refuse_start_without_guards()
        transaction.set_rollback(True)


def test_migrate_puts_a_guard_back(story: None) -> None:
    with transaction.atomic():
        drop_one_guard()
        call_command("migrate", "consent", verbosity=0, skip_checks=False)
        assert guards.missing(connection) == []
        transaction.set_rollback(True)


REBUILD = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection, models
from consent import guards
from consent.models import Hold
from consent.ownership import as_owner
call_command("migrate", verbosity=0, skip_checks=False)
print(len(guards.missing(connection)))
wider = models.CharField(max_length=60)
wider.set_attributes_from_name("reason")
wider.model = Hold
with as_owner(connection), connection.schema_editor() as editor:
    editor.alter_field(Hold, Hold._meta.get_field("reason"), wider, strict=True)
print(len(guards.missing(connection)))
call_command("migrate", verbosity=0, skip_checks=False)
print(len(guards.missing(connection)))
"""


@only_sqlite
def test_sqlite_drops_the_guards_of_a_rebuilt_table_and_migrate_brings_them_back(tmp_path: Path) -> None:
    """Django alters a column on SQLite by making the table anew. A database of its own, from empty."""
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-c", REBUILD], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["0", "3", "0"]
