"""A clinic with its people, at a time that stands still until moved."""

from collections.abc import Iterator

import pytest

from tests import commits, retelling
from tests.clock import MovableClock, install
from tests.factories import House
from tests.integration.ledger import world


@pytest.fixture(scope="session", autouse=True)
def acts_commit() -> Iterator[None]:
    """What an act leaves for after its commit happens when it ends."""
    with pytest.MonkeyPatch.context() as patch:
        commits.install(patch)
        patch.setattr("os.fsync", lambda _file: None)  # nobody pulls the plug here; tests/long does, in processes
        retelling.install(patch)
        yield


@pytest.fixture(autouse=True)
def nobody_stays_owner() -> Iterator[None]:
    """Whoever took the fences down in a test is the owner of the database no longer when it ends."""
    yield
    world.give_up_ownership()


@pytest.fixture
def movable_clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """The house's clock, at 10:00 in Shanghai on 15 January 2027."""
    return install(monkeypatch)


@pytest.fixture
def house(db: None, movable_clock: MovableClock) -> House:
    """A clinic in Shanghai under the strict preset that has published the copper IUD sheet."""
    return House()
