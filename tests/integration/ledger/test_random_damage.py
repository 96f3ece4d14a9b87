"""Damage by the seed: whatever is drawn is found, or changes nothing that anybody could read.

LONG_SHARE and LONG_TAMPERINGS make it longer; `make nightly` does ten thousand and every bit of every row.
"""

import os
import random
from collections import Counter

import pytest
from django.db import DatabaseError, models, transaction

from consent.guards import guarded_models
from consent.models import LedgerBinding, LedgerLeaf
from consent.queries.ledger import verify
from tests.integration.ledger.damage import bits_of, keys_of, some_damage, turn, value_of
from tests.integration.ledger.world import drop_fence, taken_back

pytestmark = pytest.mark.django_db

TAMPERINGS = int(os.environ.get("LONG_TAMPERINGS", "100"))
EVERY_BIT = os.environ.get("LONG_EVERY_BIT") == "1"
STRIDE = int(os.environ.get("LONG_STRIDE", "1" if EVERY_BIT else "29"))
MODELS = [model for model, _guard in guarded_models()] if EVERY_BIT else [LedgerLeaf, LedgerBinding]
LONG_VALUE = 4096  # bytes; of a longer one, such as a whole sheet, one bit of each byte


def found() -> bool:
    """Whether the verifier says something."""
    return verify().count > 0


def tally(damages: Counter[str], what: str) -> None:
    print(f"{what}: {dict(damages)}")  # noqa: T201  the figures belong in the report


def test_seeded_tamperings_are_found(little: None) -> None:
    chance, seen, missed = random.Random(7), Counter[str](), list[str]()  # noqa: S311  a repeatable order of damage
    while seen.total() < TAMPERINGS:
        with taken_back():
            try:
                with transaction.atomic():
                    damage = some_damage(chance)
                    if damage is None:
                        continue
            except DatabaseError:
                seen["refused by the database"] += 1
                continue
            if not damage.has_effect:
                seen["no effect"] += 1
            elif found():
                seen["found"] += 1
            else:
                seen["missed"] += 1
                missed.append(damage.words)
    tally(seen, "seeded tamperings")
    assert missed == []
    assert seen["found"] > TAMPERINGS / 2


@pytest.mark.parametrize("model", MODELS)
def test_every_bit_of_a_row_counts(little: None, model: type[models.Model]) -> None:
    seen, missed, turned = Counter[str](), list[str](), 0
    drop_fence(model)
    for key in keys_of(model) if EVERY_BIT else keys_of(model)[:1]:
        for field in model._meta.concrete_fields:
            value = value_of(model, field.column, key)
            step = 8 if bits_of(value) > 8 * LONG_VALUE else 1
            for bit in range(turned % step, bits_of(value), step * STRIDE):
                turned += 1
                with taken_back():
                    seen[outcome(model, key, field, value, bit, missed)] += 1
    tally(seen, f"every bit of {model.__name__}")
    assert missed == []


def outcome(
    model: type[models.Model], key: object, field: models.Field, value: object, bit: int, missed: list[str]
) -> str:
    """What became of one turned bit."""
    try:
        with transaction.atomic():
            damage = turn(model, key, field, value, bit)
    except DatabaseError:
        return "refused by the database"
    if damage is None:
        return "no value of its kind"
    if not damage.has_effect:
        return "no effect"
    if found():
        return "found"
    missed.append(damage.words)
    return "missed"
