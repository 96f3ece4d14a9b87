"""Another clinic, a browser at the desk and one of the midwife."""

import pytest
from django.test import Client

from tests.factories import House


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
