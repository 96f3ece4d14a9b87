"""A clinic with its people, a clock that stands still until moved, and password hashes that cost nothing."""

import pytest
from django.test import Client
from pytest_django import Settings

from tests.clock import MovableClock, install
from tests.factories import House

QUICK_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Slow hashes protect people; nobody here is real."""
    settings.PASSWORD_HASHERS = [QUICK_HASHER]


@pytest.fixture
def movable_clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """The house's clock, at 10:00 in Shanghai on 15 January 2027."""
    return install(monkeypatch)


@pytest.fixture
def house(db: None, movable_clock: MovableClock) -> House:
    """A clinic in Shanghai that has published the copper IUD sheet."""
    return House()


@pytest.fixture
def elsewhere(house: House) -> House:
    """Another clinic in the same database."""
    return House(sheets=())


@pytest.fixture
def desk(house: House, client: Client) -> Client:
    """A browser at the reception desk."""
    client.force_login(house.receptionist, backend="clinic.accounts.backends.StaffBackend")
    return client


@pytest.fixture
def ward(house: House) -> Client:
    """A browser of the midwife."""
    client = Client()
    client.force_login(house.midwife.account, backend="clinic.accounts.backends.StaffBackend")
    return client
