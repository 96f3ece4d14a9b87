"""The text of the database guards. `consent.guards` says which table gets which, and installs them.

SQLite's `REPLACE` deletes the row in its way without asking a delete trigger, unless recursive triggers are
on. So here an insert also refuses every key that is taken, whatever that switch says. Names of tables and
columns come from the models, never from outside.
"""

from dataclasses import dataclass

from consent.models.guarding import Guard

FUNCTION = "freely_given_refuse"
FUNCTION_BODY = (
    " BEGIN RAISE EXCEPTION 'freely-given: % of % is refused; its rows never change or vanish',"
    " TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END "
)
CREATE_FUNCTION = f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION_BODY}$$"


@dataclass(frozen=True, slots=True)
class Key:
    """Columns that may hold each combination of values once; `condition` limits that to some rows."""

    name: str
    columns: tuple[str, ...]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class GuardedTable:
    """A table and how it is guarded."""

    name: str
    guard: Guard
    columns: tuple[str, ...]
    primary_key: str
    keys: tuple[Key, ...]


def sqlite_triggers(table: GuardedTable) -> dict[str, str]:
    """Name and text of each trigger of one table, as SQLite keeps the text."""
    append_only = table.guard is Guard.APPEND_ONLY
    bodies = {
        "delete": ("BEFORE DELETE", _abort(f"rows of {table.name} never vanish")),
        "insert": ("BEFORE INSERT", _no_taken_key(table)),
        "update": (
            "BEFORE UPDATE",
            _abort(f"rows of {table.name} never change") if append_only else _keys_stay(table),
        ),
    }
    return {
        _name(table, what): f'CREATE TRIGGER "{_name(table, what)}" {event} ON "{table.name}" BEGIN {body} END'
        for what, (event, body) in bodies.items()
    }


def postgresql_triggers(table: GuardedTable) -> dict[str, str]:
    """Name and text of each trigger of one table, as PostgreSQL prints the text."""
    append_only = table.guard is Guard.APPEND_ONLY
    key = table.primary_key
    events = {
        "row": f"BEFORE {'DELETE OR UPDATE' if append_only else 'DELETE'} ON {table.name} FOR EACH ROW",
        "truncate": f"BEFORE TRUNCATE ON {table.name} FOR EACH STATEMENT",
    }
    if not append_only:
        changed = f"WHEN (old.{key} IS DISTINCT FROM new.{key})"
        events["key"] = f"BEFORE UPDATE ON {table.name} FOR EACH ROW {changed}"
    return {
        _name(table, what): f"CREATE TRIGGER {_name(table, what)} {event} EXECUTE FUNCTION {FUNCTION}()"
        for what, event in events.items()
    }


def _name(table: GuardedTable, what: str) -> str:
    return f"fg_{table.name}_{what}"


def _abort(sentence: str, condition: str = "") -> str:
    where = f" WHERE {condition}" if condition else ""
    return f"SELECT RAISE(ABORT, 'freely-given: {sentence}'){where};"


def _keys_stay(table: GuardedTable) -> str:
    """An update may change neither the key nor the place of a row, and may not push another row away."""
    moved = f'NEW."{table.primary_key}" IS NOT OLD."{table.primary_key}" OR NEW.rowid IS NOT OLD.rowid'
    stay = _abort(f"keys of {table.name} never change", moved)
    return f"{stay} {_no_taken_key(table, besides=' AND rowid <> OLD.rowid')}"


def _no_taken_key(table: GuardedTable, besides: str = "") -> str:
    """Statements that refuse NEW when one of its keys stands in a row already."""
    keys = (Key("place", ("rowid",)), *table.keys)
    return " ".join(_abort(f"{key.name} of {table.name} is taken", _taken(table, key, besides)) for key in keys)


def _taken(table: GuardedTable, key: Key, besides: str) -> str:
    same = " AND ".join(f"{_quoted(column)} = NEW.{_quoted(column)}" for column in key.columns)
    if not key.condition:
        return f'EXISTS (SELECT 1 FROM "{table.name}" WHERE {same}{besides})'  # noqa: S608  see above
    used = [column for column in table.columns if _quoted(column) in key.condition]
    new_row = ", ".join(f"NEW.{_quoted(column)} AS {_quoted(column)}" for column in used)
    old_row_counts = f'EXISTS (SELECT 1 FROM "{table.name}" WHERE {same}{besides} AND ({key.condition}))'  # noqa: S608  see above
    new_row_counts = f"EXISTS (SELECT 1 FROM (SELECT {new_row}) WHERE {key.condition})"  # noqa: S608  see above
    return f"{old_row_counts} AND {new_row_counts}"


def _quoted(column: str) -> str:
    return column if column == "rowid" else f'"{column}"'
