"""A clinic whose people and callers mean harm or do not look, and a second clinic whose things they must not reach."""

import pytest
from django.test import Client

from tests.factories import House
from tests.integration.adversary.world import World, build_world


@pytest.fixture
def world(house: House) -> World:
    """Two clinics with one thing of every kind in each."""
    return build_world(house)


@pytest.fixture
def nobody() -> Client:
    """A browser in which nobody has signed in; it shows the page of a fault, as a real one does."""
    return Client(raise_request_exception=False)
