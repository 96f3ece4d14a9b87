"""Change one column of one row behind the back of the house: `verify_ledger` names the row, or the entry."""

import pytest
from django.db import connection, models

from consent.guards import guarded_models
from consent.models import LedgerEntry
from consent.queries.ledger import verify
from tests.integration.ledger.world import changed, drop_fence, some_row, taken_back, write_raw

pytestmark = pytest.mark.django_db

MODELS = [model for model, _guard in guarded_models()]


def markers(model: type[models.Model], key: object) -> set[str]:
    """Texts by which a finding may name a row: its key; for the ledger's own rows, their number too."""
    hexes = {str(key).replace("-", ""), f"{key:032x}" if isinstance(key, int) else str(key)}
    names = {"LedgerEntry": ("index", "Entry {}:"), "LedgerRoot": ("size", "size {}:")}.get(model.__name__)
    if names:
        number = model._base_manager.filter(pk=key).values_list(names[0], flat=True).get()
        hexes.add(names[1].format(number))
    if model.__name__ == "LedgerSalt":
        label, row = model._base_manager.filter(pk=key).values_list("model", "key").get()
        hexes.add(f"{label} {row}")
    return hexes


def said() -> list[str]:
    return [f"{finding.sentence} {finding.where}" for finding in verify().findings]


def test_a_world_that_nobody_damaged_is_sound(story: None) -> None:
    report = verify()
    assert [finding.sentence for finding in report.findings] == []
    assert sum(ledger.entries for ledger in report.ledgers) == LedgerEntry.objects.count() > 20


@pytest.mark.parametrize("model", MODELS)
def test_every_table_of_evidence_has_a_row_to_damage(story: None, model: type[models.Model]) -> None:
    assert model._base_manager.exists()


@pytest.mark.parametrize("model", MODELS)
def test_a_changed_value_is_named_whichever_column_holds_it(story: None, model: type[models.Model]) -> None:
    drop_fence(model)
    for field in model._meta.concrete_fields:
        with taken_back():
            key, value = some_row(model, field.column)
            names = markers(model, key)
            write_raw(model, field.column, key, changed(field, value))
            sentences = said()
            assert any(name in sentence for sentence in sentences for name in names), (field, sentences)


@pytest.mark.sqlite
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no value of another kind")
@pytest.mark.parametrize("model", MODELS)
def test_a_value_of_another_kind_is_a_finding_too(story: None, model: type[models.Model]) -> None:
    drop_fence(model)
    for field in {type(field): field for field in model._meta.concrete_fields}.values():
        key, value = some_row(model, field.column)
        if value is None or isinstance(field, models.AutoField):
            continue  # an unreadable time is no time, as before; and this kind of key SQLite itself refuses
        if isinstance(field, models.BooleanField) and not value:
            continue  # whatever is not 1 is read as no, as before
        with taken_back():
            write_raw(model, field.column, key, "{no value")
            assert said(), field


@pytest.mark.parametrize("model", MODELS)
def test_a_row_that_vanished_is_named(story: None, model: type[models.Model]) -> None:
    key, _value = some_row(model, model._meta.pk.column)
    names = markers(model, key)
    drop_fence(model)
    with connection.cursor() as cursor:
        table, primary_key = model._meta.db_table, model._meta.pk.column
        cursor.execute(f'DELETE FROM "{table}" WHERE "{primary_key}" = %s', [key])  # noqa: S608  names of our own models
    sentences = said()
    if model.__name__ == "LedgerRoot":
        return  # an older root is redundant; the last one is looked for in its own test
    if model.__name__ == "Ledger":
        names = {"belongs to no ledger"}
    assert any(name in sentence for sentence in sentences for name in names), sentences


def test_every_bit_of_an_entry_counts(story: None) -> None:
    entry = LedgerEntry.objects.order_by("index")[3]
    drop_fence(LedgerEntry)
    body = bytes(entry.body)
    for position in range(0, len(body), 197):
        with taken_back():
            raw = entry.pk if connection.vendor == "postgresql" else entry.pk.hex
            damaged = body[:position] + bytes([body[position] ^ 4]) + body[position + 1 :]
            write_raw(LedgerEntry, "body", raw, damaged)
            assert said()[0].startswith("Entry 3:")
