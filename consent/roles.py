"""Who may do what on PostgreSQL: the text of `consent/sql/roles.sql`, from the models.

Four roles. The *owner* has the tables and serves nobody. The *app* serves pages: evidence it reads and adds to. The
*sequencer* gives entries their places and signs. The *auditor* reads ledgers, and of rows only what is open. Written
from the models, so that a new table of evidence cannot be forgotten; a test compares the file with this text.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import models
from simple_history.models import HistoricalChanges

from clinic.models import Site
from clinic.privacy import privacy_of as ground_floor_privacy_of
from clinic.vocabulary import PrivacyClass
from consent.models import LedgerLease, LedgerWaiting
from consent.models.guarding import Guard, guarded_models
from consent.privacy import privacy_of

FOLDER = Path(__file__).resolve().parent / "sql"
FILE = FOLDER / "roles.sql"
BEGINNING, END = FOLDER / "roles_beginning.sql", FOLDER / "roles_end.sql"  # the parts a person wrote
OWNER, APP, SEQUENCER, AUDITOR = (f"freely_given_{name}" for name in ("owner", "app", "sequencer", "auditor"))

READ, ADD, MOVE, ALL = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE, DELETE"
SEALED = ("LedgerLeaf", "LedgerTile", "LedgerCheckpoint", "LedgerKey")  # only the sequencer adds to these
COLLECTED = ("LedgerEntry", "LedgerCosignature", "LedgerStamp", "KnownCheckpoint")  # the sequencer adds to these too
# Of the ground floor the auditor reads no person: which clinic it is, and which kind of care a procedure is.
AUDITED_BELOW: Mapping[str, tuple[str, ...]] = {
    "Site": ("id", "name", "time_zone", "preset", "opened_at"),
    "Procedure": ("id", "procedure_type_id"),
    "ProcedureType": ("id", "category", "particular"),
}


def roles_sql() -> str:
    """The whole file."""
    beginning, end = BEGINNING.read_text(encoding="utf-8"), END.read_text(encoding="utf-8")
    return "\n".join([beginning, *_owned(), "", *_app(), "", *_sequencer(), "", *_auditor(), "", end])


def tables() -> list[str]:
    """Every table of this installation."""
    every = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    return sorted([*every, "django_migrations", settings.CACHES["default"]["LOCATION"]])


def app_rights(model: type[models.Model]) -> str:
    """What serving pages needs of a table, and nothing more."""
    guard = dict(guarded_models()).get(model)
    if model.__name__ in SEALED or model is LedgerLease:
        return READ
    if guard is Guard.APPEND_ONLY or issubclass(model, HistoricalChanges) or model is LedgerWaiting:
        return ADD
    return MOVE if model._meta.app_label in {"clinic", "consent"} else ALL


def sequencer_rights(model: type[models.Model]) -> str | None:
    """What sealing needs of a table; None when nothing."""
    if model is LedgerWaiting:
        return f"{ADD}, DELETE"
    if model is LedgerLease:
        return MOVE
    if model.__name__ in (*SEALED, *COLLECTED):
        return ADD
    return READ if _is_of_the_ledger(model) or model is Site else None


def auditor_columns(model: type[models.Model]) -> list[str]:
    """The columns of a table that an auditor may read: those of class OPEN; on the ground floor only the few above."""
    is_below = model._meta.app_label == "clinic"
    ask = ground_floor_privacy_of if is_below else privacy_of
    fields = [field for field in model._meta.concrete_fields if ask(model.__name__, field.name) is PrivacyClass.OPEN]
    columns = [str(field.column) for field in fields]
    return [name for name in columns if name in AUDITED_BELOW.get(model.__name__, ())] if is_below else columns


def _is_of_the_ledger(model: type[models.Model]) -> bool:
    return model.__module__ in {"consent.models.ledger", "consent.models.ledger_proofs"}


def _sorted_models() -> list[type[models.Model]]:
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table)


def _grant(rights: str, table: str, role: str) -> str:
    return f"GRANT {rights} ON {table} TO {role};"


def _owned() -> Iterator[str]:
    yield "-- 2. The owner has every table; nobody else has anything yet."
    for table in tables():
        yield f"ALTER TABLE {table} OWNER TO {OWNER};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {APP}, {SEQUENCER}, {AUDITOR};"


def _app() -> Iterator[str]:
    yield "-- 3. The app: adds to evidence and reads it, moves what may move, deletes only what other packages keep."
    for model in _sorted_models():
        yield _grant(app_rights(model), model._meta.db_table, APP)
    yield _grant(READ, "django_migrations", APP)
    yield _grant(ALL, settings.CACHES["default"]["LOCATION"], APP)


def _sequencer() -> Iterator[str]:
    yield "-- 4. The sequencer: places, tiles, heads; the queue is the one table it takes rows from."
    for model in _sorted_models():
        rights = sequencer_rights(model)
        if rights is not None:
            yield _grant(rights, model._meta.db_table, SEQUENCER)


def _auditor() -> Iterator[str]:
    yield "-- 5. The auditor: open columns only, column by column."
    guarded = dict(guarded_models())
    for model in _sorted_models():
        is_above = model._meta.app_label == "consent" and (model in guarded or _is_of_the_ledger(model))
        if is_above or model.__name__ in AUDITED_BELOW:
            columns = auditor_columns(model)
            if columns:
                yield _grant(f"SELECT ({', '.join(columns)})", model._meta.db_table, AUDITOR)
