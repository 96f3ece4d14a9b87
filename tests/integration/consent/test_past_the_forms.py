"""Every act with nasty words past the forms: it is refused as a whole, or it is done and her record still holds."""

import dataclasses
import enum
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from clinic.exceptions import ClinicError
from consent import high_water
from consent.models import FrozenRecord
from consent.record.check import check_record
from consent.record.document import record_of
from consent.record.exceptions import RecordError
from consent.record.own_words import printable
from consent.record.plain_html import html_of
from consent.record_facts import ConsentRecord
from tests.factories import House
from tests.integration.consent.acts import ACTS
from tests.integration.consent.test_all_acts import snapshot
from tests.integration.ledger.world import taken_back

pytestmark = pytest.mark.django_db
BAD = "A\u202eB\ue000"
LONG = "Ann Lee " * 5_000
# Codes, of which no form takes any that is not on its list.
CODES = frozenset(
    {"language", "spoken_language", "languages", "shown_digest", "key", "username", "password", "code_system", "code"}
)
Path = tuple[Any, ...]


class Caught(Exception):
    """What an act was called with."""


Call = tuple[Callable[..., Any], dict[str, Any]]


def call_of(name: str, act: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> Call:
    """The function and the arguments of a call that was made ready."""
    functions = functions_of(name)
    with monkeypatch.context() as caught:
        for module in [one for key, one in sys.modules.items() if key.startswith("tests.")]:
            for key, thing in list(vars(module).items()):
                if any(thing is function for function in functions):
                    caught.setattr(module, key, functools.partial(catch, thing))
        with pytest.raises(Caught) as found:
            act()
    function, given = found.value.args
    return function, given


def catch(_function: Callable[..., Any], **given: Any) -> None:
    raise Caught(_function, given)


def functions_of(name: str) -> list[Callable[..., Any]]:
    """What somebody can call of an act: it is told who acts."""
    module = importlib.import_module(f"consent.actions.{name}")
    return [
        thing
        for thing in vars(module).values()
        if inspect.isfunction(thing)
        and thing.__module__ == module.__name__
        and "by" in inspect.signature(thing).parameters
    ]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Where words stand in the arguments of an act."""
    if isinstance(value, enum.Enum) or (path and path[-1] in CODES):
        return
    if isinstance(value, str):
        yield path
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from places(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, dict | tuple):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def put(value: Any, path: Path, text: str) -> Any:
    """The same arguments with other words in one place."""
    if not path:
        return text
    key, *rest = path
    if dataclasses.is_dataclass(value):
        return dataclasses.replace(value, **{key: put(getattr(value, key), tuple(rest), text)})
    if isinstance(value, tuple):
        return tuple(put(one, tuple(rest), text) if at == key else one for at, one in enumerate(value))
    return value | {key: put(value[key], tuple(rest), text)}


def tried(name: str, house: House, text: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, bool]]:
    """The act with these words in one place after the other; whether it was done. Both times all or nothing."""
    function, given = call_of(name, ACTS[name](house), monkeypatch)
    for path in places(given):
        with taken_back():
            before = snapshot()
            try:
                function(**put(given, path, text))
            except ClinicError as refusal:
                assert str(refusal), path
                assert snapshot() == before, path
                is_done = False
            else:
                is_done = True
            yield ".".join(map(str, path)), is_done


def frozen() -> Iterator[ConsentRecord]:
    """The newest record of each consent."""
    newest = {row.consent_id: row for row in FrozenRecord.objects.order_by("made_at")}
    for row in newest.values():
        yield record_of(bytes(row.document))


def is_printable(record: ConsentRecord) -> bool:
    try:
        check_record(dataclasses.replace(record, ended_words=printable(record.ended_words)))
    except RecordError:
        return False
    return True


@pytest.fixture(autouse=True)
def nobody_remembers_what_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside the database it is kept how far the ledger has come: going back would stop every act."""
    monkeypatch.setattr(high_water, "keep_head", lambda _ledger, _note: None)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_words_that_no_paper_can_show(name: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are refused, or kept where no paper shows them, or they stand in what nobody can sign any more."""
    for place, is_done in tried(name, house, BAD, monkeypatch):
        for record in frozen() if is_done else ():
            assert is_printable(record) or record.decision.given_at is None, place
            assert html_of(record, digest="").startswith(b"<!doctype html>")


@pytest.mark.parametrize("name", sorted(ACTS))
def test_far_too_many_words(name: str, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of 40 KB is refused here and not by the database, of which one kind keeps it and another breaks off."""
    for place, is_done in tried(name, house, LONG, monkeypatch):
        assert not is_done or too_long() == [], place


def too_long() -> list[str]:
    """Columns that hold more than they may."""
    return [
        f"{model.__name__}.{field.name}"
        for app in ("clinic", "consent")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField) and field.max_length
        for value in model._base_manager.values_list(field.attname, flat=True)
        if value is not None and len(value) > field.max_length
    ]
