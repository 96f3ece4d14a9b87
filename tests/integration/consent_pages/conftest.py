"""A clinic with its people, and a second one next door whose people must see nothing of the first."""

import pytest

from tests.factories import House


@pytest.fixture
def next_door(house: House) -> House:
    """Another clinic with its own people."""
    return House()
