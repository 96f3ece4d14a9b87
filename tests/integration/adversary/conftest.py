"""A clinic whose people and callers mean harm or do not look, and a second clinic whose things they must not reach."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.factories import House
from tests.integration.adversary.world import WATCH, World, build_world


@pytest.fixture(autouse=True)
def watch() -> Iterator[None]:
    """Tables nobody wrote to look as they did."""
    with WATCH.over():
        yield


@pytest.fixture
def world(house: House) -> World:
    """Two clinics with one thing of every kind in each."""
    return build_world(house)


@pytest.fixture
def nobody() -> Client:
    """A browser in which nobody has signed in; it shows the page of a fault, as a real one does."""
    return Client(raise_request_exception=False)
