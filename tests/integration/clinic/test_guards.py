"""The database's own guards and settings: put in place, missed when gone, put back."""

import pytest
from django.core.checks import run_checks
from django.db import connection, connections
from pytest_django import Settings

from clinic import checks, guards

APPOINTMENTS = "clinic_appointment"


def drop_one() -> str:
    """Take the overlap guard away by hand; gives its name."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE {APPOINTMENTS} DROP CONSTRAINT {guards.OVERLAP}")
            return guards.OVERLAP
        cursor.execute(f"DROP TRIGGER {guards.OVERLAP}_insert")
        return f"{guards.OVERLAP}_insert"


def test_all_is_well_after_migrate(db: None) -> None:
    assert guards.missing(connection) == []
    assert checks.start_up_findings() == []


def test_a_guard_that_is_gone_is_missed_and_put_back(db: None) -> None:
    name = drop_one()
    assert guards.missing(connection) == [name]
    assert any(name in sentence for sentence in checks.start_up_findings())
    found = run_checks(databases=["default"], tags=["database"])
    assert [message.id for message in found if message.id.startswith("clinic")] == ["clinic.W001"]
    guards.install(connection)
    assert guards.missing(connection) == []
    guards.install(connection)


@pytest.mark.sqlite
def test_a_guard_that_was_weakened_is_missed(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("triggers with their text are SQLite's")
    name = f"{guards.OVERLAP}_update"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {APPOINTMENTS} WHEN 0 BEGIN SELECT 1; END")
    assert guards.missing(connection) == [name]
    guards.install(connection)
    assert guards.missing(connection) == []


def test_without_tables_nothing_is_missing_and_the_server_does_not_start(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    assert guards.missing(connection) == []
    guards.install(connection)
    (sentence,) = checks.start_up_findings()
    assert "manage.py migrate" in sentence


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "value"), [("synchronous", 1), ("recursive_triggers", 0)])
def test_a_wrong_setting_of_sqlite_is_refused(db: None, monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("settings of SQLite")
    monkeypatch.setitem(checks.PRAGMAS, name, value)  # the same as finding another value
    (sentence,) = checks.start_up_findings()
    assert name in sentence
    found = run_checks(databases=["default"], tags=["database"])
    assert "clinic.E002" in [message.id for message in found]


@pytest.mark.sqlite
def test_transactions_must_be_immediate(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("settings of SQLite")
    monkeypatch.setattr(connections["default"], "transaction_mode", None)
    (sentence,) = checks.start_up_findings()
    assert "IMMEDIATE" in sentence


def test_history_must_be_on(db: None, settings: Settings) -> None:
    settings.SIMPLE_HISTORY_ENABLED = False
    assert any("SIMPLE_HISTORY_ENABLED" in sentence for sentence in checks.start_up_findings())
    assert "clinic.E001" in [message.id for message in run_checks()]
