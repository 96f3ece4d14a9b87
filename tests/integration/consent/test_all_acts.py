"""Promises that hold for every act alike: all or nothing, once for a double click, and only for whom it belongs to."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import OperationalError

import consent.actions
from clinic.exceptions import NotSavedError
from consent.models import LedgerEntry
from tests.factories import House
from tests.integration.consent.acts import ACTS

# Helpers of the acts, not acts.
SHARED = {
    "emergency_steps",
    "ending",
    "erasure_steps",
    "finish_erasure",  # destroys keys outside the database; no row, no entry
    "freezing",
    "keep_checkpoint",  # anybody may hand in a slip: nobody acts, and no entry is written
    "locks",
    "make_copy",  # prints and seals before the locks are taken
    "moving",
    "offering",
    "policy_rows",
    "print_leaflet",  # her own paper to show: nothing is written
    "promise_entry",  # signs a promise about an entry that is written already
    "procedure_ends",
    "removal_steps",
    "saying_yes",
    "seal_copy",
    "shorter_waits",
    "signal_holds",
    "signing",
    "talk_draft",
    "voice_steps",
    "young_people",
}

# What is done to a log as a whole, by commands and the software itself; each has tests of its own for a broken-off act
# (tests/integration/ledger: seal, incarnations, ask_witnesses, witness, publishing, stamps, guard_manifest).
OF_THE_LOG = {
    "ask_witnesses",
    "continue_ledger",
    "cosign_checkpoint",
    "freeze_ledger",
    "outside",
    "publish_checkpoint",
    "record_guard_manifest",
    "recover_entry",
    "rotate_key",
    "seal_ledger",
    "stamp_checkpoint",
}
# Inside the transaction of the page's own log: tests/integration/consent_pages/test_looks.py.
OF_THE_PAGES = {"note_look"}


def everything() -> Iterator[tuple[str, tuple]]:
    """Every row of every table of the house."""
    for app in ("clinic", "consent"):
        for model in apps.get_app_config(app).get_models():
            for row in model._base_manager.order_by("pk").values_list():
                yield model.__name__, tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)


def snapshot() -> list[str]:
    return [repr(row) for row in everything()]


def test_every_action_is_in_the_list() -> None:
    modules = {module.name for module in pkgutil.iter_modules(consent.actions.__path__)}
    assert modules - SHARED - OF_THE_LOG - OF_THE_PAGES == set(ACTS)
    assert modules >= SHARED | OF_THE_LOG | OF_THE_PAGES


def test_every_action_has_one_public_function() -> None:
    for name in ACTS:
        module = importlib.import_module(f"consent.actions.{name}")
        acts = [
            function
            for function in vars(module).values()
            if inspect.isfunction(function)
            and function.__module__ == module.__name__
            and hasattr(function, "__wrapped__")
        ]
        assert len(acts) == 1, f"{name} has {len(acts)} transactional functions"
        parameters = inspect.signature(acts[0]).parameters.values()
        assert all(p.kind is inspect.Parameter.KEYWORD_ONLY for p in parameters)
        assert "by" in inspect.signature(acts[0]).parameters


@pytest.mark.parametrize("name", sorted(ACTS))
def test_when_the_ledger_cannot_take_the_entry_nothing_changes(
    name: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = ACTS[name](house)
    before = snapshot()

    def disk_is_full(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(importlib.import_module("consent.ledger_store.append"), "write_entry", disk_is_full)
        with pytest.raises(NotSavedError):
            act()
    assert snapshot() == before
    act()
    assert snapshot() != before, "the same act must change something once the ledger works again"


@pytest.mark.parametrize("name", sorted(ACTS))
def test_each_act_appends_entries_and_a_second_click_appends_none(name: str, house: House) -> None:
    act = ACTS[name](house)
    before = LedgerEntry.objects.count()
    act()
    after = LedgerEntry.objects.count()
    assert after > before
    act()
    second = LedgerEntry.objects.count()
    if name == "issue_record":
        assert second == after + 1, "each copy handed over is an act of its own"
    else:
        assert second == after
