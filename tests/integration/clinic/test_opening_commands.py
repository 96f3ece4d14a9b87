"""A new installation: open a clinic and its staff from the command line, without a half state."""

import io

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Account, Practitioner, Site

CLINIC = {"name": "Test Clinic North", "time_zone": "Europe/Lisbon", "preset": "england"}
MIDWIFE = {
    "clinic": "Test Clinic North",
    "username": "test-midwife",
    "display_name": "Test Midwife",
    "role": "practitioner",
    "profession": "midwife",
}


def open_clinic(**changes: str) -> str:
    out = io.StringIO()
    call_command("open_clinic", stdout=out, **(CLINIC | changes))
    return out.getvalue()


@pytest.mark.django_db
def test_a_clinic_and_its_staff_open_from_the_command_line() -> None:
    assert "Europe/Lisbon" in open_clinic()
    out = io.StringIO()
    call_command("open_staff_account", stdout=out, **MIDWIFE)
    password = out.getvalue().rsplit(" ", 1)[1].strip()
    account = Account.objects.get(username="test-midwife")
    assert account.check_password(password)
    assert Practitioner.objects.get(account=account).site == Site.objects.get()


@pytest.mark.django_db
def test_wrong_words_open_nothing() -> None:
    with pytest.raises(CommandError, match="time zone"):
        open_clinic(time_zone="Lisbon/Europe")
    assert not Site.objects.exists()
    open_clinic()
    with pytest.raises(CommandError, match="open already"):
        open_clinic()
    with pytest.raises(CommandError, match="open_clinic"):
        call_command("open_staff_account", **(MIDWIFE | {"clinic": "Elsewhere"}))
    call_command("open_staff_account", stdout=io.StringIO(), **MIDWIFE)
    with pytest.raises(CommandError, match="taken"):
        call_command("open_staff_account", **MIDWIFE)
    assert Account.objects.count() == 1
