"""The roles of PostgreSQL: each can do its work, and none but the owner can touch evidence; and what he does shows."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, models, transaction

from consent import guards, roles
from consent.actions.record_guard_manifest import record_guard_manifest
from consent.actions.seal_ledger import seal_every_ledger
from consent.guard_manifest import guard_manifest, part_digests
from consent.guards import guarded_models
from consent.ledger.encoding import parse_entry
from consent.models import Consent, LedgerLeaf, LedgerWaiting
from consent.models.guarding import Guard
from consent.queries.ledger import verify
from consent.roles import APP, AUDITOR, FILE, OWNER, SEQUENCER, roles_sql
from tests.factories import House
from tests.integration.ledger.world import alone_with_roles
from tests.story import build_full_story
from tests.story_erasure import tell_erasure

pytestmark = pytest.mark.django_db
postgres = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only"),
]

GUARDED = [pytest.param(model, guard, id=model.__name__) for model, guard in guarded_models()]


def run(sql: str) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def refused(sql: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner|must be superuser"):
        run(sql)


@contextmanager
def acting_as(role: str) -> Iterator[None]:
    run(f"SET ROLE {role}")
    try:
        yield
    finally:
        run("RESET ROLE")


@pytest.fixture
def alone() -> Iterator[None]:
    """Asked for before the database, so that the transaction ends before the next one begins."""
    with alone_with_roles():
        yield


@pytest.fixture
def roles_loaded(alone: None, db: None) -> Iterator[None]:
    """The file as it is shipped, in a transaction that is taken back."""
    connection.check_constraints()
    run(FILE.read_text(encoding="utf-8"))
    yield
    run("RESET ROLE")


def test_the_file_says_what_the_models_say(monkeypatch: pytest.MonkeyPatch) -> None:
    assert FILE.read_text(encoding="utf-8") == roles_sql(), "stale: run manage.py generate_roles"
    call_command("generate_roles", "--check")
    monkeypatch.setattr(roles, "AUDITED_BELOW", {})
    with pytest.raises(CommandError, match="generate_roles"):
        call_command("generate_roles", "--check")


def test_every_table_has_an_owner_and_the_app_its_rights() -> None:
    text = roles_sql()
    for table in roles.tables():
        assert f"ALTER TABLE {table} OWNER TO {OWNER};" in text
        assert f" ON {table} TO {APP};" in text


@pytest.mark.parametrize(("model", "guard"), GUARDED)
def test_the_app_never_gets_what_would_change_evidence(model: type[models.Model], guard: Guard) -> None:
    rights = roles.app_rights(model).split(", ")
    assert "DELETE" not in rights
    assert ("UPDATE" in rights) is (guard is Guard.NO_DELETE)
    sealing = (roles.sequencer_rights(model) or "").split(", ")
    assert not {"UPDATE", "DELETE"} & set(sealing)


def test_the_auditor_gets_no_name_and_no_secret() -> None:
    for model in (Consent, *[model for model, _guard in guarded_models() if model._meta.app_label == "consent"]):
        assert not {"patient_id", "sealed_salt", "name", "note"} & set(roles.auditor_columns(model)) - {
            "patient_id" if model.__name__ == "ErasureRequest" else "",
            "note" if model.__name__ in {"LedgerCheckpoint", "KnownCheckpoint"} else "",
        }, model


class TestInTheDatabase:
    """Everything below asks PostgreSQL."""

    pytestmark = postgres

    @pytest.mark.parametrize("role", [APP, SEQUENCER, AUDITOR])
    def test_no_statement_passes(self, roles_loaded: None, role: str) -> None:
        hold = "consent_hold"
        with acting_as(role):
            for table in ("consent_ledgerentry", hold, "consent_historicalconsent"):
                refused(f"UPDATE {table} SET id = id")  # noqa: S608  names of our own models
                refused(f"DELETE FROM {table}")  # noqa: S608  names of our own models
                refused(f"TRUNCATE {table} CASCADE")
                refused(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                refused(f"DROP TRIGGER fg_{table}_row ON {table}")
                refused(f"ALTER TABLE {table} ADD COLUMN other text")
                refused(f"ALTER TABLE {table} OWNER TO {role}")
                refused(f"DROP TABLE {table} CASCADE")
                refused(f"CREATE RULE quiet AS ON INSERT TO {table} DO INSTEAD NOTHING")
                refused(f"CREATE TRIGGER other BEFORE INSERT ON {table} EXECUTE FUNCTION freely_given_refuse()")
            refused(f"INSERT INTO {hold} SELECT * FROM {hold} ON CONFLICT (id) DO UPDATE SET note = 'x'")  # noqa: S608
            refused("SET session_replication_role = replica")
            refused("CREATE OR REPLACE FUNCTION freely_given_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'")
            refused("ALTER EVENT TRIGGER freely_given_ddl_end DISABLE")
            refused("DELETE FROM freely_given_ddl")
            refused("CREATE TABLE other (id int)")

    def test_the_app_moves_a_consent_and_deletes_none(self, story: None, roles_loaded: None) -> None:
        with acting_as(APP):
            run("UPDATE consent_consent SET more_time_asked_at = proposed_at")
            refused("DELETE FROM consent_consent")
            refused("INSERT INTO consent_ledgerleaf SELECT * FROM consent_ledgerleaf")
            refused("DELETE FROM consent_ledgerwaiting")

    def test_with_sealing_by_the_writer_the_app_can_do_all_the_house_does(
        self, alone: None, house: House, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Part 7 of the file; it also proves that no right is missing. Only an erasure is the owner's own."""
        monkeypatch.setattr("tests.story.tell_erasure", lambda house: None)
        connection.check_constraints()
        run(FILE.read_text(encoding="utf-8"))
        run(f"GRANT {SEQUENCER} TO {APP}")
        with acting_as(APP):
            build_full_story(house)
            connection.check_constraints()
            assert guard_manifest(connection).connected_as == "limited"
        assert verify().count == 0

    def test_the_sequencer_seals_what_the_app_wrote(self, house: House, roles_loaded: None, settings: Any) -> None:
        settings.LEDGER_SEALING = "service"
        with acting_as(APP):
            house.proposed()
        waiting, sealed = LedgerWaiting.objects.count(), LedgerLeaf.objects.count()
        assert waiting > 0
        with acting_as(SEQUENCER):
            seal_every_ledger()
            refused("SELECT name FROM clinic_patient")
        assert (LedgerWaiting.objects.count(), LedgerLeaf.objects.count()) == (0, sealed + waiting)

    def test_the_auditor_reads_open_columns_only(self, story: None, roles_loaded: None) -> None:
        with acting_as(AUDITOR):
            assert run("SELECT count(body) FROM consent_ledgerentry")[0][0] > 0
            assert run("SELECT DISTINCT state FROM consent_consent")
            for sql in (
                "SELECT * FROM consent_consent",
                "SELECT patient_id FROM consent_consent",
                "SELECT ended_words FROM consent_consent",
                "SELECT note FROM consent_hold",
                "SELECT sealed_salt FROM consent_ledgerentry",
                "SELECT name FROM clinic_patient",
                "SELECT patient_id FROM clinic_procedure",
                "SELECT names FROM clinic_proceduretype",
                "SELECT id FROM clinic_recordview",
                "SELECT session_data FROM django_session",
            ):
                refused(sql)

    @pytest.mark.parametrize(
        "sql",
        [
            "ALTER TABLE consent_hold DISABLE TRIGGER fg_consent_hold_row",
            "DROP TRIGGER fg_consent_hold_row ON consent_hold",
            "CREATE OR REPLACE FUNCTION freely_given_refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RETURN COALESCE(NEW, OLD); END $$",
        ],
    )
    def test_what_the_owner_takes_down_is_reported(self, house: House, roles_loaded: None, sql: str) -> None:
        record_guard_manifest(site_id=house.site.pk)
        connection.check_constraints()
        with acting_as(OWNER):
            run(sql)
        assert guards.missing(connection)
        alarm, _recorded = record_guard_manifest(site_id=house.site.pk)
        assert (parse_entry(bytes(alarm.body)).detail or {})["changed"] == ("guards", "tables")

    def test_what_was_taken_down_and_put_back_is_reported(self, house: House, roles_loaded: None) -> None:
        record_guard_manifest(site_id=house.site.pk)
        connection.check_constraints()
        with acting_as(OWNER):
            run("ALTER TABLE consent_hold DISABLE TRIGGER fg_consent_hold_row")
            run("ALTER TABLE consent_hold ENABLE ALWAYS TRIGGER fg_consent_hold_row")
        assert guards.missing(connection) == []
        alarm, _recorded = record_guard_manifest(site_id=house.site.pk)
        assert (parse_entry(bytes(alarm.body)).detail or {})["changed"] == ("tables",)

    @pytest.mark.parametrize(
        ("sql", "part"),
        [
            ("ALTER EVENT TRIGGER freely_given_ddl_end DISABLE", "guards"),
            ("GRANT DELETE ON consent_hold TO freely_given_app", "grants"),
            ("GRANT freely_given_owner TO freely_given_app", "grants"),
            ("ALTER ROLE freely_given_app SUPERUSER", "grants"),
            ("CREATE RULE quiet AS ON DELETE TO consent_hold DO INSTEAD NOTHING", "guards"),
            ("ALTER TABLE consent_hold ENABLE ROW LEVEL SECURITY", "guards"),
        ],
    )
    def test_what_a_superuser_changes_is_reported(self, roles_loaded: None, sql: str, part: str) -> None:
        before = part_digests(guard_manifest(connection))
        run(sql)
        after = part_digests(guard_manifest(connection))
        assert {name for name in before if before[name] != after[name]} == {part}

    def test_every_altering_statement_is_noted_and_none_vanishes(self, roles_loaded: None) -> None:
        run(f"CREATE TABLE public.t{uuid.uuid4().hex[:6]} (id int)")
        assert "CREATE TABLE" in {row[0] for row in run("SELECT statement FROM freely_given_ddl")}
        with pytest.raises(Exception, match="freely-given"):
            run("DELETE FROM freely_given_ddl")

    def test_an_erasure_is_a_lawful_reason(self, house: House, roles_loaded: None) -> None:
        record_guard_manifest(site_id=house.site.pk)
        tell_erasure(house)
        (recorded,) = record_guard_manifest(site_id=house.site.pk)
        assert recorded.kind == "guard.manifest"

    def test_the_file_can_be_loaded_again(self, roles_loaded: None) -> None:
        run(FILE.read_text(encoding="utf-8"))
