"""Damage drawn at random: one bit, a row that vanishes, two values that change places, a row that is doubled."""

import random
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

from consent.guards import guarded_models
from tests.integration.ledger.world import drop_fence, write_raw

# Rows whose absence is no change of history: see test_tampering.
REDUNDANT = {"LedgerCheckpoint", "LedgerCosignature", "LedgerStamp", "KnownCheckpoint"}


@dataclass(frozen=True)
class Damage:
    """What was done, in words, and whether anybody who reads through the house's own models could see it."""

    words: str
    has_effect: bool


def tables() -> list[type[models.Model]]:
    """Every table of evidence, of history and of the ledger that has a row."""
    return [model for model, _guard in guarded_models() if model._base_manager.exists()]


def bits_of(value: Any) -> int:
    """How many bits a stored value has."""
    return 0 if value is None else 8 * len(_bytes_of(value))


def flipped(value: Any, bit: int) -> Any:
    """The value with one bit turned over, as the same kind of value; None where that is no value of this kind."""
    damaged = bytearray(_bytes_of(value))
    damaged[bit // 8] ^= 1 << bit % 8
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return int.from_bytes(damaged, "big", signed=True)
    if isinstance(value, bytes):
        return bytes(damaged)
    try:
        return bytes(damaged).decode()
    except UnicodeDecodeError:
        return None


def _bytes_of(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\0"
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return value if isinstance(value, bytes) else str(value).encode()


def keys_of(model: type[models.Model]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{model._meta.pk.column}" FROM "{model._meta.db_table}" ORDER BY 1')  # noqa: S608  names of our own models
        return [key for (key,) in cursor.fetchall()]


def value_of(model: type[models.Model], column: str, key: Any) -> Any:
    table, primary_key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{primary_key}" = %s', [key])  # noqa: S608  names of our own models
        (value,) = cursor.fetchone()
        return bytes(value) if isinstance(value, memoryview) else value


def as_read(model: type[models.Model]) -> Any:
    """The table as the house reads it (in SQLite an id in capital letters is the same id); None where it cannot."""
    try:
        return sorted(map(repr, model._base_manager.values()))
    except (ValueError, TypeError):
        return None


def some_damage(chance: random.Random) -> Damage | None:
    """Do something to some row; None when the draw gave nothing that can be done."""
    model = chance.choice(tables())
    drop_fence(model)
    key, field = chance.choice(keys_of(model)), chance.choice(model._meta.concrete_fields)
    act = chance.choice([_one_bit, _one_bit, _one_bit, _gone, _swapped, _doubled])
    return act(chance, model, key, field)


def _one_bit(
    chance: random.Random, model: type[models.Model], key: Any, field: "models.Field[Any, Any]"
) -> Damage | None:
    value = value_of(model, field.column, key)
    if not bits_of(value):
        return None
    return turn(model, key, field, value, chance.randrange(bits_of(value)))


def turn(model: type[models.Model], key: Any, field: "models.Field[Any, Any]", value: Any, bit: int) -> Damage | None:
    """Turn one bit of one stored value."""
    new = flipped(value, bit)
    if new is None or new == value:
        return None
    before = as_read(model)
    write_raw(model, field.column, key, new)
    return Damage(f"{model.__name__}.{field.name} bit {bit}", has_effect=as_read(model) != before)


def _gone(
    _chance: random.Random, model: type[models.Model], key: Any, _field: "models.Field[Any, Any]"
) -> Damage | None:
    if model.__name__ in REDUNDANT:
        return None
    with connection.cursor() as cursor:
        cursor.execute(f'DELETE FROM "{model._meta.db_table}" WHERE "{model._meta.pk.column}" = %s', [key])  # noqa: S608  names of our own models
    return Damage(f"{model.__name__} {key} gone", has_effect=True)


def _swapped(
    chance: random.Random, model: type[models.Model], key: Any, field: "models.Field[Any, Any]"
) -> Damage | None:
    other = chance.choice(keys_of(model))
    mine, theirs = value_of(model, field.column, key), value_of(model, field.column, other)
    if mine == theirs or field.unique:
        return None
    before = as_read(model)
    write_raw(model, field.column, key, theirs)
    write_raw(model, field.column, other, mine)
    return Damage(f"{model.__name__}.{field.name} swapped", has_effect=as_read(model) != before)


def _doubled(
    _chance: random.Random, model: type[models.Model], key: Any, _field: "models.Field[Any, Any]"
) -> Damage | None:
    table, columns = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    if any(field.unique for field in model._meta.concrete_fields if not field.primary_key) or model._meta.constraints:
        return None  # the database has no room for a second one
    if isinstance(model._meta.pk, models.AutoField):
        return None
    new = uuid.uuid4() if connection.vendor == "postgresql" else uuid.uuid4().hex
    names = ", ".join(f'"{column}"' for column in columns if column != model._meta.pk.column)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table}" ("{model._meta.pk.column}", {names})'  # noqa: S608  names of our own models
            f' SELECT %s, {names} FROM "{table}" WHERE "{model._meta.pk.column}" = %s',
            [new, key],
        )
    return Damage(f"{model.__name__} {key} doubled", has_effect=True)
