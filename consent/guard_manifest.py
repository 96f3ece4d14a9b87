"""What stands guard in this database just now, in a form that can be compared with yesterday's.

Every trigger with its text and whether it fires, who may do what on PostgreSQL, the settings that keep history and
make a commit last, and a digest of our own code. Whoever owns the database can take a guard down and put it back;
each day's manifest is an entry of the ledger, so that a guard that was gone, a new trigger or a new grant without a new
release stands out. Between two days `verify_ledger` finds what changed in the rows.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from consent import guards
from consent.guards import guarded_models

ROOT = Path(__file__).resolve().parents[1]
CODE = ("clinic/**/*.py", "consent/**/*.py", "consent/**/*.toml", "consent/**/*.sql")
SETTINGS = (
    "SIMPLE_HISTORY_ENABLED",
    "SIMPLE_HISTORY_EDIT",
    "SIMPLE_HISTORY_HISTORY_ID_USE_UUID",
    "SIMPLE_HISTORY_REVERT_DISABLED",
    "INSTALLED_APPS",
    "LEDGER_SEALING",
)
PRAGMAS = ("foreign_keys", "ignore_check_constraints", "journal_mode", "recursive_triggers", "synchronous")
ALTERED = "freely_given_ddl"  # the list of such statements (consent/sql/roles.sql)
PARTS = ("guards", "grants", "settings", "code")

_TRIGGERS = """
SELECT c.relname || '.' || t.tgname, concat_ws(' ', t.tgenabled, pg_get_triggerdef(t.oid, true), p.prosrc)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal
UNION ALL SELECT tablename || '.' || rulename, definition FROM pg_rules WHERE schemaname = 'public'
UNION ALL SELECT 'event.' || e.evtname, concat_ws(' ', e.evtenabled, e.evtevent, p.prosrc)
FROM pg_event_trigger e JOIN pg_proc p ON p.oid = e.evtfoid
UNION ALL SELECT relname || '.row security', concat_ws(' ', relrowsecurity, relforcerowsecurity)
FROM pg_class WHERE relrowsecurity OR relforcerowsecurity
"""
_GRANTS = """
SELECT 'table ' || c.relname, concat_ws(' ', pg_get_userbyid(c.relowner), c.relacl)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v')
AND c.relname ~ '^(clinic|consent)_'
UNION ALL SELECT 'column ' || c.relname || '.' || a.attname, a.attacl::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attacl IS NOT NULL AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'role ' || rolname, concat_ws(' ', rolsuper, rolinherit, rolcreaterole, rolreplication, rolbypassrls)
FROM pg_roles WHERE rolname !~ '^pg_'
UNION ALL SELECT 'member ' || pg_get_userbyid(member) || ' of ' || pg_get_userbyid(roleid), admin_option::text
FROM pg_auth_members WHERE pg_get_userbyid(member) !~ '^pg_'
"""
_ALTERED = "SELECT 'count', COALESCE(max(number), 0)::text FROM freely_given_ddl"
_WHO_AM_I = """
SELECT CASE WHEN (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN 'superuser'
WHEN pg_has_role(current_user, relowner, 'MEMBER') THEN 'owner' ELSE 'limited' END
FROM pg_class WHERE relname = 'consent_ledgerentry' AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """Everything that guards the evidence, as it stands."""

    engine: str
    connected_as: str  # superuser, owner or limited: whether the fence could be taken down from here
    guards: Mapping[str, str]  # table.trigger -> how it fires and its text
    grants: Mapping[str, str]  # what -> who may do what with it; empty on SQLite, which knows no roles
    settings: Mapping[str, str]
    code: str  # digest of our own files
    missing: tuple[str, ...]  # guards that should stand and do not, or not as written
    unknown: tuple[str, ...]  # triggers on tables of evidence that nobody of ours put there
    altered_count: int  # statements that altered a table, a trigger or a function, where roles.sql counts them


def guard_manifest(connection: BaseDatabaseWrapper) -> Manifest:
    """Read what guards this database now."""
    is_postgresql = connection.vendor == "postgresql"
    return Manifest(
        engine=connection.vendor,
        connected_as=_connected_as(connection) if is_postgresql else "owner",
        guards=_pairs(connection, _TRIGGERS) if is_postgresql else _sqlite_triggers(connection),
        grants=_pairs(connection, _GRANTS) if is_postgresql else {},
        settings=dict(_settings(connection)),
        code=code_digest(),
        missing=tuple(guards.missing(connection)),
        unknown=tuple(guards.unknown(connection)),
        altered_count=_altered_count(connection),
    )


def manifest_digest(manifest: Manifest) -> str:
    """One digest of the whole manifest."""
    return _digest(asdict(manifest))


def part_digests(manifest: Manifest) -> dict[str, str]:
    """A digest for each part that changes for another reason: guards, grants, settings, code."""
    return {part: _digest(getattr(manifest, part)) for part in PARTS}


def changed_without_release(before: Mapping[str, object], now: Mapping[str, str]) -> tuple[str, ...]:
    """Which parts differ from the last manifest although the code does not; nothing when there was none.

    >>> changed_without_release({"code": "a", "guards": "b"}, {"code": "a", "guards": "c"})
    ('guards',)
    >>> changed_without_release({"code": "a", "guards": "b"}, {"code": "new release", "guards": "c"})
    ()
    """
    if not before or before.get("code") != now["code"]:
        return ()
    return tuple(part for part in PARTS if part in now and before.get(part) != now[part])


def code_digest() -> str:
    """Digest of every file of ours that says what is refused, by name and content."""
    files = {path for pattern in CODE for path in ROOT.glob(pattern)}
    lines = (f"{path.relative_to(ROOT).as_posix()} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in files)
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _digest(document: object) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), default=dict)
    return hashlib.sha256(text.encode()).hexdigest()


def _pairs(connection: BaseDatabaseWrapper, question: str) -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {str(name): str(text) for name, text in cursor.fetchall()}


def _altered_count(connection: BaseDatabaseWrapper) -> int:
    if ALTERED not in connection.introspection.table_names():
        return 0
    return int(_pairs(connection, _ALTERED)["count"])


def _connected_as(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_WHO_AM_I)
        row = cursor.fetchone()
        return str(row[0]) if row else "owner"


def _sqlite_triggers(connection: BaseDatabaseWrapper) -> dict[str, str]:
    return _pairs(connection, "SELECT tbl_name || '.' || name, sql FROM sqlite_master WHERE type = 'trigger'")


def _settings(connection: BaseDatabaseWrapper) -> Iterator[tuple[str, str]]:
    for name in SETTINGS:
        yield name, str(getattr(settings, name, None))
    yield "guarded", " ".join(sorted(f"{model._meta.db_table}:{guard.value}" for model, guard in guarded_models()))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for pragma in PRAGMAS:
                cursor.execute(f"PRAGMA {pragma}")
                yield pragma, str(cursor.fetchone()[0])
