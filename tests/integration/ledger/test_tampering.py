"""Change one column of one row behind the back of the house: `verify_ledger` names the row, or the entry."""

import pytest
from django.db import connection, models

from consent.guards import guarded_models
from consent.models import LedgerEntry
from consent.queries.ledger import verify
from consent.queries.ledger_rows import evidential_models
from tests.integration.ledger.world import changed, drop_fence, some_row, taken_back, write_raw

pytestmark = pytest.mark.django_db

MODELS = [model for model, _guard in guarded_models()]
EVIDENCE = [model for model, _guard in evidential_models().values()]
LEDGERS_OWN = [model for model in MODELS if model not in EVIDENCE]


# The ledger's own rows may be named by their number too.
NUMBERS = {
    "LedgerEntry": ("leaf__index", ("Entry {}:",)),
    "LedgerLeaf": ("index", ("Entry {}:", "entries from {} on")),
    "LedgerCheckpoint": ("size", ("size {}",)),
}


def markers(model: type[models.Model], key: object) -> set[str]:
    """Texts by which a finding may name a row: its key, its number in the log, or what it stands for."""
    hexes = {str(key).replace("-", ""), f"{key:032x}" if isinstance(key, int) else str(key)}
    rows = model._base_manager.filter(pk=key)
    if model.__name__ in NUMBERS:
        column, texts = NUMBERS[model.__name__]
        number = rows.values_list(column, flat=True).get()
        hexes |= {text.format(number) for text in texts}
    if model.__name__ == "LedgerBinding":
        label, row = rows.values_list("model", "key").get()
        hexes.add(f"{label} {row}")
    if model.__name__ == "LedgerTile":
        level, number = rows.values_list("level", "number").get()
        hexes.add(f"tile {level}/{number} ")
    return hexes


# Rows that are no history of this clinic: an older checkpoint says less than the newest, which is looked for in its own
# test; a cosignature or time stamp that is gone leaves the log less well witnessed, and is with whoever signed it; a
# statement of another log was handed in by somebody who still has it.
REDUNDANT = {"LedgerCheckpoint", "LedgerCosignature", "LedgerStamp", "KnownCheckpoint"}


def said() -> list[str]:
    return [f"{finding.sentence} {finding.where}" for finding in verify().findings]


def test_a_world_that_nobody_damaged_is_sound(story: None) -> None:
    report = verify()
    assert [finding.sentence for finding in report.findings] == []
    assert sum(ledger.entries for ledger in report.ledgers) == LedgerEntry.objects.count() > 20


@pytest.mark.parametrize("model", MODELS)
def test_every_table_of_evidence_has_a_row_to_damage(story: None, model: type[models.Model]) -> None:
    assert model._base_manager.exists()


def damage(model: type[models.Model], column: int) -> set[str]:
    """Change one column of one row; gives the texts that name the row."""
    field = model._meta.concrete_fields[column]
    key, value = some_row(model, field.column)
    names = markers(model, key)
    new = changed(field, value)
    write_raw(model, field.column, key, new)
    return names | ({str(new).replace("-", "")} if field.primary_key else set())


def damage_of_another_kind(model: type[models.Model], column: int) -> set[str]:
    """Put a text into a column where it is no value; gives the texts that name the row, none where nothing can be."""
    field = model._meta.concrete_fields[column]
    key, value = some_row(model, field.column)
    if value is None or isinstance(field, models.AutoField):
        return set()  # an unreadable time is no time, as before; and this kind of key SQLite itself refuses
    if isinstance(field, models.BooleanField) and not value:
        return set()  # whatever is not 1 is read as no, as before
    names = markers(model, key)
    write_raw(model, field.column, key, "{no value")
    return names


def first_of_each_kind(model: type[models.Model]) -> list[int]:
    """One column of each kind of field."""
    return list({type(field): number for number, field in enumerate(model._meta.concrete_fields)}.values())


def assert_each_is_named(names: dict[type[models.Model], set[str]], sentences: list[str]) -> None:
    """A damaged row counts as named only by a sentence that speaks of no other damaged row."""
    for model, mine in names.items():
        others = {name for other, theirs in names.items() if other is not model for name in theirs} - mine
        about_me = [one for one in sentences if any(name in one for name in mine)]
        assert any(not any(name in one for name in others) for one in about_me), (model, about_me or sentences)


@pytest.mark.parametrize("column", range(max(len(model._meta.concrete_fields) for model in EVIDENCE)))
def test_a_changed_value_is_named_whichever_column_holds_it(story: None, column: int) -> None:
    """One row of every table at once: each is damaged in its column of this number, and each is named."""
    damaged = [model for model in EVIDENCE if column < len(model._meta.concrete_fields)]
    for model in damaged:
        drop_fence(model)
    names = {model: damage(model, column) for model in damaged}
    assert_each_is_named(names, said())


@pytest.mark.parametrize("model", LEDGERS_OWN)
def test_a_changed_value_of_the_ledger_is_named_whichever_column_holds_it(
    story: None, model: type[models.Model]
) -> None:
    drop_fence(model)
    for column, field in enumerate(model._meta.concrete_fields):
        with taken_back():
            names = damage(model, column)
            sentences = said()
            assert any(name in sentence for sentence in sentences for name in names), (field, sentences)


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no value of another kind")
@pytest.mark.parametrize("number", range(max(len(first_of_each_kind(model)) for model in EVIDENCE)))
def test_a_value_of_another_kind_is_a_finding_too(story: None, number: int) -> None:
    """One row of every table at once, as above."""
    kinds = {model: first_of_each_kind(model) for model in EVIDENCE}
    damaged = {model: columns[number] for model, columns in kinds.items() if number < len(columns)}
    for model in damaged:
        drop_fence(model)
    names = {model: damage_of_another_kind(model, column) for model, column in damaged.items()}
    assert_each_is_named({model: mine for model, mine in names.items() if mine}, said())


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no value of another kind")
@pytest.mark.parametrize("model", LEDGERS_OWN)
def test_a_value_of_another_kind_in_the_ledger_is_a_finding_too(story: None, model: type[models.Model]) -> None:
    drop_fence(model)
    for column in first_of_each_kind(model):
        with taken_back():
            if damage_of_another_kind(model, column):
                assert said(), model._meta.concrete_fields[column]


@pytest.mark.parametrize("model", MODELS)
def test_a_row_that_vanished_is_named(story: None, model: type[models.Model]) -> None:
    key, _value = some_row(model, model._meta.pk.column)
    names = markers(model, key)
    drop_fence(model)
    with connection.cursor() as cursor:
        table, primary_key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f'DELETE FROM "{table}" WHERE "{primary_key}" = %s', [key])  # noqa: S608  names of our own models
    sentences = said()
    if model.__name__ in REDUNDANT:
        return
    if model.__name__ == "Ledger":
        names = {"belongs to no ledger"}
    if model.__name__ == "LedgerKey":
        names = {"public keys are not on record", "it is not signed by exactly the keys"}
    assert any(name in sentence for sentence in sentences for name in names), sentences


def test_every_bit_of_an_entry_counts(story: None) -> None:
    entry = LedgerEntry.objects.get(ledger__incarnation=1, leaf__index=3)
    drop_fence(LedgerEntry)
    body = bytes(entry.body)
    for position in range(0, len(body), 197):
        with taken_back():
            raw = entry.pk if connection.vendor == "postgresql" else entry.pk.hex
            damaged = body[:position] + bytes([body[position] ^ 4]) + body[position + 1 :]
            write_raw(LedgerEntry, "body", raw, damaged)
            assert said()[0].startswith("Entry 3:")
