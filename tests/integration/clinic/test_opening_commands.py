"""A new installation: open a clinic and its staff from the command line, without a half state."""

import io

import pytest
from django.core.management import CommandError, call_command

from clinic.models import Account, Practitioner, Site
from clinic.vocabulary import ProcedureCategory

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
def test_what_a_clinician_is_trained_for_is_said_and_printed() -> None:
    open_clinic()
    out = io.StringIO()
    call_command("open_staff_account", stdout=out, **MIDWIFE)
    midwife = Practitioner.objects.get()
    assert midwife.trained_for == [kind.value for kind in ProcedureCategory]
    assert "Trained to take consent for: STER LARC_IN" in out.getvalue()
    call_command(
        "open_staff_account",
        "--trained-for=STER",
        "--trained-for=LARC_IN",
        stdout=io.StringIO(),
        **(MIDWIFE | {"username": "test-doctor"}),
    )
    assert Practitioner.objects.get(account__username="test-doctor").trained_for == ["STER", "LARC_IN"]


@pytest.mark.django_db
def test_an_administrator_records_training_and_the_history_keeps_it() -> None:
    open_clinic()
    call_command("open_staff_account", stdout=io.StringIO(), **MIDWIFE)
    administrator = {"username": "test-admin", "display_name": "Test Administrator", "role": "administrator"}
    call_command("open_staff_account", stdout=io.StringIO(), **(MIDWIFE | administrator))
    out = io.StringIO()
    by = ("--username=test-midwife", "--by=test-admin")
    call_command("record_training", *by, "--trained-for=VACC", "--trained-for=TEST", stdout=out)
    assert "trained for: VACC TEST" in out.getvalue()
    call_command("record_training", *by, "--trained-for=nothing", stdout=out)
    midwife = Practitioner.objects.get()
    assert midwife.trained_for == []
    assert [row.trained_for for row in midwife.history.all()][:2] == [[], ["VACC", "TEST"]]
    for wrong in (("--username=nobody", "--by=test-admin"), ("--username=test-midwife", "--by=nobody")):
        with pytest.raises(CommandError, match="user name"):
            call_command("record_training", *wrong, "--trained-for=VACC")
    with pytest.raises(CommandError, match="role"):
        call_command("record_training", by[0], "--by=test-midwife", "--trained-for=VACC")
    with pytest.raises(CommandError):
        call_command("record_training", *by, "--trained-for=HAIR")


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
