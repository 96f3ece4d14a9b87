"""No write without a trace: what passes by `save()`, the history or the ledger is not in the code, and does not work.

The source of both floors is read for every way to write past them, and each bulk writer is called and must refuse.
"""

import ast
import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.db import models
from django.urls import NoReverseMatch, reverse
from simple_history.models import HistoricalChanges

from clinic.models import Patient, PatientCard
from clinic.models.bases import CarefulQuerySet, SilentWriteRefused
from consent.guards import guarded_models, history_model
from consent.models.guarding import Guard

ROOT = Path(__file__).resolve().parents[2]

CALLS = {
    "update": "bulk write",
    "aupdate": "bulk write",
    "bulk_create": "bulk write",
    "abulk_create": "bulk write",
    "bulk_update": "bulk write",
    "abulk_update": "bulk write",
    "bulk_create_with_history": "bulk write",
    "bulk_update_with_history": "bulk write",
    "_update": "bulk write",
    "_insert": "bulk write",
    "_raw_delete": "delete",
    "delete": "delete",
    "adelete": "delete",
    "raw": "SQL by hand",
    "cursor": "SQL by hand",
    "execute": "SQL by hand",
    "executemany": "SQL by hand",
    "executescript": "SQL by hand",
    "extra": "SQL by hand",
    "RawSQL": "SQL by hand",
    "connect": "signal receiver",
    "receiver": "signal receiver",
    "Signal": "signal receiver",
}
NAMED_VALUES_ONLY = frozenset({"update", "aupdate"})  # with anything else it is a set's or a dictionary's update
NAMES = {
    "save_without_historical_record": "history left out",
    "skip_history_when_saving": "history left out",
    "disable_history": "history left out",
    "_base_manager": "another manager",
    "_default_manager": "another manager",
}
OWN_WAY_OF_WRITING = frozenset({"save", "asave", "save_base", "delete", "adelete"})
TOO_BROAD = frozenset({"Exception", "BaseException"})

# Rooms that exist to do this: guards and checks speak to the database about itself, and hook into migrate.
ROOMS = {
    "SQL by hand": (
        "clinic/guards.py", "consent/guards.py", "clinic/checks.py", "consent/checks.py", "consent/guard_manifest.py",
    ),
    "signal receiver": (
        "clinic/apps.py", "consent/apps.py", "clinic/guards.py", "consent/guards.py",
        "consent/ownership.py", "consent/saves.py", "consent/models/history_made.py",
    ),
    "history left out": ("clinic/models/history.py", "consent/saves.py"),  # they refuse it
}  # fmt: skip

# Everything else, one by one: file::function, what it does, why it may.
ALLOWED = {
    ("clinic/models/bases.py::CarefulQuerySet.delete", "own way of writing"): (
        "This is the queryset that refuses; it writes nothing."
    ),
    ("consent/ledger/encoding.py::_entry_from", "SQL by hand"): (
        "Not a queryset's raw(): it takes a part out of a parsed document."
    ),
    ("consent/rules/policy_digest.py::_cell", "SQL by hand"): "Not a queryset's raw(): a value as JSON has it.",
    ("consent/management/showing.py::_bar", "SQL by hand"): "Not a queryset's raw(): a value as JSON has it.",
    ("consent/rules/signals/judging.py::_signal", "signal receiver"): (
        "Not Django's Signal: a sign of pressure, a plain record in a pure room."
    ),
    ("consent/ledger_store/by_hand.py::Statement._send", "SQL by hand"): (
        "The pen's own statements, each written out once: building them anew took longer than the answers."
    ),
    ("consent/ledger_store/by_hand.py::Statement.all", "SQL by hand"): "As above, and the rows it gives back.",
    ("consent/ledger_store/by_hand.py::insert", "SQL by hand"): "As above: new rows of the ledger's own tables.",
    ("consent/queries/ledger_bytes.py::_as_they_lie", "SQL by hand"): (
        "Reads a million bodies as bytes; models would cost more than hashing them."
    ),
    ("consent/queries/ledger_bytes.py::_by_place", "SQL by hand"): "As above, one page in the order of its places.",
    ("consent/queries/ledger_bytes.py::_map", "SQL by hand"): "Tells SQLite how to read its file; it names no table.",
    ("consent/record/fonts.py::Face.part", "SQL by hand"): "Not a cursor: HarfBuzz executes a plan for part of a font.",
    ("consent/ledger_store/incarnations.py::next_incarnation", "delete"): (
        "What waited in a log that is given up leaves its queue; it was never sealed."
    ),
    ("consent/queries/ledger_proof_rows.py::changed_rows", "another manager"): (
        "Reads every row of a table as it stands, damaged ones too."
    ),
    ("consent/queries/receipt_files.py::_opening", "another manager"): "Reads a row of whichever model an entry binds.",
    ("consent/verifier/freely_given_verify.py::Streams._spill", "SQL by hand"): (
        "The stand-alone verifier's own scratch file; it never sees the clinic's database."
    ),
    ("consent/verifier/freely_given_verify.py::Streams._spill", "signal receiver"): (
        "Opens the verifier's own scratch file; no signal of Django's."
    ),
    ("consent/verifier/freely_given_verify.py::Streams.last", "SQL by hand"): (
        "The stand-alone verifier's own scratch file; it never sees the clinic's database."
    ),
    (
        "consent/queries/ledger.py::_outside_the_numbering",
        "another manager",
    ): "Counts rows of whichever table it is given.",
    ("consent/queries/ledger.py::_loose_ends", "another manager"): "Looks for rows of the ledger that hang on nothing.",
    ("consent/queries/tree_nodes.py::_rows", "SQL by hand"): "Reads the hashes of a proof, for which somebody waits.",
    ("consent/queries/snapshot.py::snapshot", "SQL by hand"): (
        "Asks PostgreSQL for a transaction that sees one moment and cannot write."
    ),
    ("consent/actions/erasure_steps.py::redact", "bulk write"): (
        "An erasure empties personal columns, live and history, without a trace of what stood there; it is an entry."
    ),
    ("consent/queries/ledger_rows.py::_page_of_keys", "another manager"): "Reads keys of whichever table it is given.",
    ("consent/queries/ledger_rows.py::_rows", "another manager"): "Reads rows of whichever table a salt names.",
}


class Reader(ast.NodeVisitor):
    """Collects (function, what) of everything in one file that could write without a trace."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.where: list[str] = []
        self.classes = 0

    def note(self, what: str) -> None:
        self.found.append((".".join(self.where), what))

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.where.append(node.name)
        if self.classes and node.name in OWN_WAY_OF_WRITING:
            self.note("own way of writing")
        self.generic_visit(node)
        self.where.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.where.append(node.name)
        self.classes += 1
        self.generic_visit(node)
        self.classes -= 1
        self.where.pop()

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in CALLS and not (called in NAMED_VALUES_ONLY and node.args):
            self.note(CALLS[called])
        if called == "suppress" and any(_is_broad(argument) for argument in node.args):
            self.note("catches everything")
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is None or any(_is_broad(part) for part in ast.walk(node.type)):
            self.note("catches everything")
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.note_name(node.attr)
        self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self.note_name(node.id)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.note_name(node.value)

    def visit_alias(self, node: ast.alias) -> None:
        self.note_name(node.name)

    def note_name(self, name: str) -> None:
        if name in NAMES:
            self.note(NAMES[name])


def _is_broad(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in TOO_BROAD


def read(source: str) -> list[tuple[str, str]]:
    reader = Reader()
    reader.visit(ast.parse(source))
    return reader.found


def silent_writes() -> Iterator[tuple[str, str]]:
    """file::function and what it does, of both floors without migrations, outside the rooms that may."""
    for floor in ("clinic", "consent"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            file = path.relative_to(ROOT).as_posix()
            if "migrations" in path.parts:
                continue
            for function, what in read(path.read_text(encoding="utf-8")):
                if file not in ROOMS.get(what, ()):
                    yield f"{file}::{function}", what


def test_nothing_writes_past_history_and_ledger() -> None:
    assert set(silent_writes()) - set(ALLOWED) == set()


def test_every_exception_is_still_needed_and_has_a_reason() -> None:
    assert set(ALLOWED) - set(silent_writes()) == set()
    assert all(len(reason.split()) >= 5 for reason in ALLOWED.values())


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("Patient.objects.filter(pk=1).update(name='x')", "bulk write"),
        ("Patient.objects.bulk_create([])", "bulk write"),
        ("rows.bulk_update([], ['name'])", "bulk write"),
        ("bulk_create_with_history([], Patient)", "bulk write"),
        ("Patient.objects.all().delete()", "delete"),
        ("rows._raw_delete(using)", "delete"),
        ("Patient.objects.raw('SELECT 1')", "SQL by hand"),
        ("connection.cursor()", "SQL by hand"),
        ("cursor.execute('DELETE FROM x')", "SQL by hand"),
        ("post_save.connect(f)", "signal receiver"),
        ("@receiver(post_save)\ndef f(**kwargs): pass", "signal receiver"),
        ("class A:\n    def save(self): pass", "own way of writing"),
        ("class A:\n    async def adelete(self): pass", "own way of writing"),
        ("try: f()\nexcept Exception: pass", "catches everything"),
        ("try: f()\nexcept (KeyError, BaseException): pass", "catches everything"),
        ("try: f()\nexcept: pass", "catches everything"),
        ("with suppress(Exception): f()", "catches everything"),
        ("patient.save_without_historical_record()", "history left out"),
        ("patient.skip_history_when_saving = True", "history left out"),
        ("setattr(patient, 'skip_history_when_saving', True)", "history left out"),
        ("from simple_history.utils import disable_history", "history left out"),
        ("Patient._base_manager.all()", "another manager"),
    ],
)
def test_each_way_is_seen(source: str, what: str) -> None:
    assert what in {found for _function, found in read(source)}


def test_what_only_looks_like_one_is_let_be() -> None:
    assert read("seen.update(others); names.update({'a': 1}); str_of(update)\ntry: f()\nexcept KeyError: pass") == []


def house_models() -> list[type[models.Model]]:
    return [
        model
        for floor in ("clinic", "consent")
        for model in apps.get_app_config(floor).get_models()
        if not issubclass(model, HistoricalChanges)
    ]


# What is typed of a talk before it is recorded; and the working tables below. Nothing rests on them.
NO_EVIDENCE = {"TalkDraft", "LedgerWaiting", "LedgerLease", "WitnessedLog"}
WORKING = {"LedgerWaiting", "LedgerLease", "WitnessedLog"}  # written by the sealer and the witness desk, in batches


def careful_models() -> list[type[models.Model]]:
    return [model for model in house_models() if model.__name__ not in WORKING]


# Every bulk writer of a queryset; async ones end in the same place.
WRITERS: dict[str, Callable[[Any], Any]] = {
    "update": lambda rows: rows.update(pk=None),
    "bulk_create": lambda rows: rows.bulk_create([]),
    "bulk_update": lambda rows: rows.bulk_update([], ["pk"]),
    "delete": lambda rows: rows.all().delete(),
    "aupdate": lambda rows: asyncio.run(rows.aupdate(pk=None)),
    "abulk_create": lambda rows: asyncio.run(rows.abulk_create([])),
    "abulk_update": lambda rows: asyncio.run(rows.abulk_update([], ["pk"])),
    "adelete": lambda rows: asyncio.run(rows.all().adelete()),
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("model", careful_models(), ids=lambda model: model.__name__)
def test_bulk_writers_refuse(model: type[models.Model], writer: str) -> None:
    rows = [model._default_manager, model._default_manager.all(), model._default_manager.none()]
    for found in rows:
        with pytest.raises(SilentWriteRefused, match=model.__name__):
            WRITERS[writer](found)


def test_rows_found_through_another_row_are_as_careful() -> None:
    with pytest.raises(SilentWriteRefused):
        Patient(pk="0" * 32).cards.update(failed_tries=0)  # type: ignore[attr-defined]
    with pytest.raises(SilentWriteRefused):
        PatientCard.objects.filter(failed_tries=5).delete()


def test_no_model_has_a_second_manager() -> None:
    for model in careful_models():
        managers = [manager for manager in model._meta.managers if manager.name != "history"]
        assert [manager.name for manager in managers] == ["objects"], model
        assert isinstance(managers[0].all(), CarefulQuerySet), model


def test_every_table_of_the_upper_floor_is_guarded() -> None:
    """A table of consents without a guard would be one that somebody can quietly change."""
    tables = [model for model in house_models() if model._meta.app_label == "consent"]
    upper = [model for model in tables if model.__name__ not in NO_EVIDENCE]
    assert [model for model in upper if not isinstance(vars(model).get("guard"), Guard)] == []
    guards = dict(guarded_models())
    assert set(upper) <= set(guards)
    assert {history for model in upper if (history := history_model(model))} <= set(guards)
    may_move = [model.__name__ for model in upper if model.guard is not Guard.APPEND_ONLY]  # type: ignore[attr-defined]
    assert may_move == ["Consent"], "only a consent moves on; every other row is written once"


def test_people_times_and_procedures_keep_their_history() -> None:
    followed = {model.__name__ for model in house_models() if history_model(model)}
    assert followed >= {"Patient", "Practitioner", "Appointment", "ProcedureType", "Procedure", "Consent"}


def test_there_is_no_admin() -> None:
    """Its pages write without an action; simple-history's can also put old rows back."""
    assert [app for app in settings.INSTALLED_APPS if "admin" in app] == []
    assert [path for floor in ("clinic", "consent") for path in (ROOT / floor).rglob("admin*.py")] == []
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")


def test_history_is_switched_on_and_cannot_be_put_back() -> None:
    assert settings.SIMPLE_HISTORY_ENABLED is True
    assert settings.SIMPLE_HISTORY_REVERT_DISABLED is True
    assert settings.SIMPLE_HISTORY_HISTORY_ID_USE_UUID is True  # the ledger names rows by UUID
    assert not hasattr(settings, "SIMPLE_HISTORY_EDIT")
    assert "simple_history.middleware.HistoryRequestMiddleware" in settings.MIDDLEWARE


def test_no_command_deletes_history() -> None:
    commands = get_commands()
    assert "verify_ledger" in commands
    assert not {"clean_old_history", "clean_duplicate_history", "populate_history"} & set(commands)
