"""What the database itself refuses, on both engines: overlapping appointments, and changes to the log of views.

Installed again after every migrate, because SQLite drops the triggers of a table that Django rebuilds.
SQLite has triggers; PostgreSQL has an exclusion constraint and a trigger function. The names are the same on both.
"""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

from clinic.models import Appointment, RecordView
from clinic.vocabulary import AppointmentStatus

OCCUPYING = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
OVERLAP = "clinic_appointment_overlap"
TOO_LONG = "clinic_appointment_longer_than_a_day"
VIEWS = "clinic_record_view_append_only"

_STATUSES = ", ".join(f"'{status.value}'" for status in OCCUPYING)
_APPOINTMENTS = Appointment._meta.db_table
_RECORD_VIEWS = RecordView._meta.db_table

# The lower bound on starts_at keeps the search short; it is sound because nothing is longer than a day.
_SQLITE_OVERLAP = f"""
BEGIN
  SELECT RAISE(ABORT, '{TOO_LONG}') WHERE NEW.ends_at > datetime(NEW.starts_at, '+24 hours');
  SELECT RAISE(ABORT, '{OVERLAP}') WHERE EXISTS (
    SELECT 1 FROM {_APPOINTMENTS} AS other
    WHERE other.practitioner_id = NEW.practitioner_id
      AND other.id <> NEW.id
      AND other.status IN ({_STATUSES})
      AND other.starts_at < NEW.ends_at
      AND other.ends_at > NEW.starts_at
      AND other.starts_at >= datetime(NEW.starts_at, '-24 hours')
  );
END
"""  # noqa: S608  built from our own table names and statuses only

_SQLITE: dict[str, str] = {
    f"{OVERLAP}_insert": f"CREATE TRIGGER {OVERLAP}_insert BEFORE INSERT ON {_APPOINTMENTS}"
    f" WHEN NEW.status IN ({_STATUSES}) {_SQLITE_OVERLAP}",
    f"{OVERLAP}_update": f"CREATE TRIGGER {OVERLAP}_update BEFORE UPDATE ON {_APPOINTMENTS}"
    f" WHEN NEW.status IN ({_STATUSES}) {_SQLITE_OVERLAP}",
    f"{VIEWS}_update": f"CREATE TRIGGER {VIEWS}_update BEFORE UPDATE ON {_RECORD_VIEWS}"
    f" BEGIN SELECT RAISE(ABORT, '{VIEWS}'); END",
    f"{VIEWS}_delete": f"CREATE TRIGGER {VIEWS}_delete BEFORE DELETE ON {_RECORD_VIEWS}"
    f" BEGIN SELECT RAISE(ABORT, '{VIEWS}'); END",
}

_POSTGRESQL: dict[str, str] = {
    OVERLAP: f"ALTER TABLE {_APPOINTMENTS} DROP CONSTRAINT IF EXISTS {OVERLAP},"
    f" ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist"
    " (practitioner_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)"
    f" WHERE (status IN ({_STATUSES}))",
    TOO_LONG: f"ALTER TABLE {_APPOINTMENTS} DROP CONSTRAINT IF EXISTS {TOO_LONG},"
    f" ADD CONSTRAINT {TOO_LONG}"
    f" CHECK (status NOT IN ({_STATUSES}) OR ends_at - starts_at <= interval '24 hours')",
    f"{VIEWS}_row": f"CREATE OR REPLACE TRIGGER {VIEWS}_row BEFORE UPDATE OR DELETE ON {_RECORD_VIEWS}"
    f" FOR EACH ROW EXECUTE FUNCTION {VIEWS}()",
    f"{VIEWS}_truncate": f"CREATE OR REPLACE TRIGGER {VIEWS}_truncate BEFORE TRUNCATE ON {_RECORD_VIEWS}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION {VIEWS}()",
}
_POSTGRESQL_FIRST = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    f"CREATE OR REPLACE FUNCTION {VIEWS}() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{VIEWS}' USING ERRCODE = 'restrict_violation'; END $$",
)


def connect() -> None:
    """Install the guards after every migrate."""
    post_migrate.connect(_install_after_migrate, sender=apps.get_app_config("clinic"), dispatch_uid="clinic.guards")


def _install_after_migrate(*, using: str, **kwargs: Any) -> None:
    install(connections[using])


def install(connection: BaseDatabaseWrapper) -> None:
    """Put every missing or altered guard in place; does nothing while its table does not exist."""
    absent = missing(connection)
    if not absent:
        return
    is_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for sentence in _POSTGRESQL_FIRST if is_postgresql else ():
            cursor.execute(sentence)
        for name in absent:
            if not is_postgresql:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            cursor.execute(_POSTGRESQL[name] if is_postgresql else _SQLITE[name])


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of guards that should stand in this database and do not. Without tables nothing is missing yet."""
    if not {_APPOINTMENTS, _RECORD_VIEWS} <= set(connection.introspection.table_names()):
        return []
    if connection.vendor == "postgresql":
        standing = _standing_in_postgresql(connection)
        return [name for name in _POSTGRESQL if name not in standing]
    texts = _texts_in_sqlite(connection)
    return [name for name, text in _SQLITE.items() if texts.get(name) != text.strip()]


def is_overlap(error: IntegrityError) -> bool:
    """Whether the database refused an appointment because it overlaps another."""
    return OVERLAP in str(error)


def _standing_in_postgresql(connection: BaseDatabaseWrapper) -> set[str]:
    """Constraints and triggers on our two tables that are in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND convalidated"
            " UNION SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')",
            [_APPOINTMENTS, _RECORD_VIEWS],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def _texts_in_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Triggers on our two tables with their text, so that a weakened one counts as missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)",
            [_APPOINTMENTS, _RECORD_VIEWS],
        )
        return {str(name): str(text).strip() for name, text in cursor.fetchall()}
