"""What the database itself refuses, on both engines: overlapping appointments.

Installed again after every migrate, because SQLite drops the triggers of a table that Django rebuilds.
SQLite has triggers; PostgreSQL has an exclusion constraint and a trigger function. The names are the same on both.
"""

from typing import Any

from django.apps import apps
from django.db import IntegrityError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate

from clinic.models import Appointment
from clinic.vocabulary import AppointmentStatus

OCCUPYING = (AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.FULFILLED)
OVERLAP = "clinic_appointment_overlap"
TOO_LONG = "clinic_appointment_longer_than_a_day"

_STATUSES = ", ".join(f"'{status.value}'" for status in OCCUPYING)
_APPOINTMENTS = Appointment._meta.db_table

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
}

_POSTGRESQL: dict[str, str] = {
    OVERLAP: f"ALTER TABLE {_APPOINTMENTS} DROP CONSTRAINT IF EXISTS {OVERLAP},"
    f" ADD CONSTRAINT {OVERLAP} EXCLUDE USING gist"
    " (practitioner_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&)"
    f" WHERE (status IN ({_STATUSES}))",
    TOO_LONG: f"ALTER TABLE {_APPOINTMENTS} DROP CONSTRAINT IF EXISTS {TOO_LONG},"
    f" ADD CONSTRAINT {TOO_LONG}"
    f" CHECK (status NOT IN ({_STATUSES}) OR ends_at - starts_at <= interval '24 hours')",
}
_POSTGRESQL_FIRST = ("CREATE EXTENSION IF NOT EXISTS btree_gist",)


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
    if _APPOINTMENTS not in connection.introspection.table_names():
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
    """Constraints on our table that are in force."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND convalidated",
            [_APPOINTMENTS],
        )
        return {str(row[0]) for row in cursor.fetchall()}


def _texts_in_sqlite(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """Triggers on our table with their text, so that a weakened one counts as missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
            [_APPOINTMENTS],
        )
        return {str(name): str(text).strip() for name, text in cursor.fetchall()}
