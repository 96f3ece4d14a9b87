"""Every stored field has a privacy class, and every class belongs to a stored field.

The class decides what may stand readable in the ledger: only OPEN. A field that nobody has thought about must
therefore fail here, before it fails in an entry. History tables are walked like any other.
"""

import importlib
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest
from django.apps import apps
from django.db import models
from simple_history.models import HistoricalChanges

from clinic.privacy import HISTORY_FIELDS, HISTORY_PREFIX
from clinic.vocabulary import PrivacyClass
from consent.models.guarding import Guard

FLOORS = ("clinic", "consent")

# Names that speak of a person or of what she said; a field of that name is never open.
NEVER_OPEN = frozenset(
    {
        "answer",
        "birth_date",
        "capacity_note",
        "code",
        "contact_detail",
        "display_name",
        "ended_words",
        "explanation",
        "image",
        "interpreter_name",
        "latin_name",
        "note",
        "password",
        "pin_hash",
        "question",
        "registration",
        "salt",
        "strokes",
        "typed_name",
        "username",
        "what_matters",
        "witness_name",
    }
)
# The code of a catalogue entry is not the code of a patient's card.
# The note of a checkpoint is a signed statement about a log.
OPEN_ALL_THE_SAME = {
    ("ProcedureType", "code"),
    ("HistoricalProcedureType", "code"),
    ("LedgerCheckpoint", "note"),
    ("KnownCheckpoint", "note"),
    ("PaperScan", "code"),  # random, printed on the form
    ("PaperScan", "answer"),  # one of three codes, as the kind of the entry beside it
}

# Open columns that hold text somebody typed, with the reason why they may stand readable.
OPEN_TEXT = {
    ("Site", "name"): "the clinic's own name, printed on every record",
    ("InformationSheetVersion", "title"): "published words, the same for everybody",
    ("InformationSheetVersion", "content"): "published words, the same for everybody",
    ("ProcedureType", "code_system"): "a published code system",
    ("ProcedureType", "code"): "a published code",
    ("ProcedureType", "names"): "plain names of the catalogue, the same for everybody",
    ("LedgerCheckpoint", "frontier"): "digests",
    ("LedgerCheckpoint", "note"): "a signed statement about the log",
    ("LedgerKey", "vkey"): "a public key",
    ("LedgerCosignature", "key_name"): "the name of a witness's key",
    ("LedgerCosignature", "line"): "a signature",
    ("LedgerStamp", "authority"): "the name of a time stamp authority",
    ("KnownCheckpoint", "origin"): "the name of a log",
    ("KnownCheckpoint", "note"): "a signed statement about a log",
    ("WitnessedLog", "origin"): "the name of a log",
    ("PolicyVersion", "document"): "the published rule table, the same for everybody",
    ("RedactedRow", "commitments"): "commitments whose salts are gone",
    ("RedactedRow", "link_salts"): "salts of links to other rows",
    ("RefusedOffer", "unmet"): "ids of requirements",
    ("TalkDraft", "clock_marks"): "names of marks and times, written by the server only",
    ("Practitioner", "trained_for"): "codes of categories of care",
}


def privacy(floor: str) -> ModuleType:
    return importlib.import_module(f"{floor}.privacy")


def stored_fields(floor: str) -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_app_config(floor).get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            yield model, field


def without_class(
    fields: Iterator[tuple[type[models.Model], models.Field]], classes: Mapping[str, Mapping[str, PrivacyClass]]
) -> list[str]:
    """Fields that the table of classes does not know. A history table asks for the class of the field it copies."""
    found = []
    for model, field in fields:
        is_history = issubclass(model, HistoricalChanges)
        if is_history and field.name in HISTORY_FIELDS:
            continue
        owner = model.__name__.removeprefix(HISTORY_PREFIX) if is_history else model.__name__
        if field.name not in classes.get(owner, {}):
            found.append(f"{model.__name__}.{field.name}")
    return found


@pytest.mark.parametrize("floor", FLOORS)
def test_every_stored_field_has_a_class(floor: str) -> None:
    assert without_class(stored_fields(floor), privacy(floor).FIELD_PRIVACY) == []


@pytest.mark.parametrize("floor", FLOORS)
def test_the_function_that_the_ledger_asks_answers_for_every_stored_field(floor: str) -> None:
    answers = {privacy(floor).privacy_of(model.__name__, field.name) for model, field in stored_fields(floor)}
    assert answers <= set(PrivacyClass)
    assert len(answers) > 2, "a table that classes everything alike was not thought about"


@pytest.mark.parametrize("floor", FLOORS)
def test_no_class_is_left_over(floor: str) -> None:
    """A class of a field that went away would hide that a new field of that name was never classed."""
    stored: dict[str, set[str]] = {}
    for model, field in stored_fields(floor):
        if not issubclass(model, HistoricalChanges):
            stored.setdefault(model.__name__, set()).add(field.name)
    classed = {name: set(fields) for name, fields in privacy(floor).FIELD_PRIVACY.items()}
    assert classed == stored


def test_history_adds_only_the_columns_that_are_named() -> None:
    added = {
        field.name
        for floor in FLOORS
        for model, field in stored_fields(floor)
        if issubclass(model, HistoricalChanges)
        and field.name not in {copied.name for copied in model.instance_type._meta.concrete_fields}
    }
    assert added == HISTORY_FIELDS


def test_history_copies_every_field_and_no_class_changes_on_the_way() -> None:
    for floor in FLOORS:
        for model in apps.get_app_config(floor).get_models():
            if not issubclass(model, HistoricalChanges):
                continue
            copied = {field.name for field in model._meta.concrete_fields} - HISTORY_FIELDS
            assert copied == {field.name for field in model.instance_type._meta.concrete_fields}
            for name in copied:
                ask = privacy(floor).privacy_of
                assert ask(model.__name__, name) is ask(model.instance_type.__name__, name)


@pytest.mark.parametrize("floor", FLOORS)
def test_words_and_secrets_of_a_person_are_never_open(floor: str) -> None:
    found = [
        f"{model.__name__}.{field.name}"
        for model, field in stored_fields(floor)
        if field.name in NEVER_OPEN
        and (model.__name__, field.name) not in OPEN_ALL_THE_SAME
        and privacy(floor).privacy_of(model.__name__, field.name) is PrivacyClass.OPEN
    ]
    assert found == []


def test_open_text_is_text_for_everybody() -> None:
    """Free text and JSON that stand open are listed; codes, digests and times are what OPEN is for."""
    open_text = {
        (model.__name__.removeprefix(HISTORY_PREFIX), field.name)
        for floor in FLOORS
        for model, field in stored_fields(floor)
        if isinstance(field, models.TextField | models.JSONField)
        or (isinstance(field, models.CharField) and not field.choices and field.max_length >= 200)
        if privacy(floor).privacy_of(model.__name__, field.name) is PrivacyClass.OPEN
    }
    assert open_text <= set(OPEN_TEXT)


def test_the_ledger_binds_every_field_of_every_guarded_model() -> None:
    """`privacy_of` answers by class name, so no two evidential models may share one."""
    names = [
        model.__name__
        for model in apps.get_models()
        if isinstance(getattr(model, "guard", None), Guard) or model._meta.app_label in FLOORS
    ]
    assert len(names) == len(set(names))


def test_a_field_without_a_class_is_seen() -> None:
    fields = {name: dict(classes) for name, classes in privacy("consent").FIELD_PRIVACY.items()}
    del fields["Consent"]["ended_words"]
    assert without_class(stored_fields("consent"), fields) == ["HistoricalConsent.ended_words", "Consent.ended_words"]
    with pytest.raises(KeyError):
        privacy("consent").privacy_of("HistoricalConsent", "what_the_neighbours_say")
