"""One damaged or undamaged world for a whole module: building it costs more than looking at it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from consent.models import LedgerCheckpoint
from tests import clock
from tests.factories import House
from tests.integration.ledger.pen import hold_entry, saved_hold
from tests.integration.ledger.world import restore_checks, taken_back
from tests.story import build_full_story
from tests.story_ledger import cosign, small_tiles


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Every table of evidence has rows. Nothing of it is ever committed.

    Only for modules marked django_db: without the mark pytest-django would leave us the clinic's own database.
    """
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        clock.install(patch)
        small_tiles(patch)
        with taken_back():
            build_full_story(House())
            connection.check_constraints()
            yield


@pytest.fixture
def story(built: None, db: None) -> Iterator[None]:
    """The world of the module; what a test does to it is taken back."""
    with taken_back():
        yield
    restore_checks()


@pytest.fixture(scope="module")
def built_little(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One clinic with one consent, full tiles and a witness: quick to read, for damage by the thousand."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        clock.install(patch)
        patch.setattr("consent.ledger_store.tiles.WIDTH", 4)
        patch.setattr("consent.queries.ledger_proof_rows.WIDTH", 4)
        with taken_back():
            house = House()
            house.informed()
            head = LedgerCheckpoint.objects.latest("size")
            cosign(head, at=head.made_at)
            hold_entry(house, saved_hold(house))
            connection.check_constraints()
            yield


@pytest.fixture
def little(built_little: None, db: None) -> Iterator[None]:
    """The little world; what a test does to it is taken back."""
    with taken_back():
        yield
    restore_checks()


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A clinic of its own, with one published sheet in two languages."""
    clock.install(monkeypatch)
    with taken_back():
        yield House()
    restore_checks()
