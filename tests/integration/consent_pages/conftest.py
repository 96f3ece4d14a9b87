"""A clinic with its people, and a second one next door whose people must see nothing of the first."""

import pytest

from tests.clock import MovableClock, install
from tests.factories import House


@pytest.fixture
def movable_clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """The house's clock, at 10:00 in Shanghai on 15 January 2027."""
    return install(monkeypatch)


@pytest.fixture
def house(db: None, movable_clock: MovableClock) -> House:
    """A clinic in Shanghai under the strict preset that has published the copper IUD sheet."""
    return House()


@pytest.fixture
def next_door(house: House) -> House:
    """Another clinic with its own people."""
    return House()
