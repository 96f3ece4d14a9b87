"""The demonstration clinic: made through the actions, harmless to run again, never in production."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clinic.models import Account, Patient, Procedure
from consent.demonstration import PATIENTS
from consent.models import Consent, LedgerEntry
from consent.queries.ledger import verify
from tests.clock import MovableClock


def seed() -> str:
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_everybody_who_is_printed_can_sign_in(movable_clock: MovableClock) -> None:
    seed()
    words = seed().split()
    staff = Client().post(
        reverse("sign-in"), {"login": "demo-midwife", "password": words[words.index("demo-midwife") + 1]}
    )
    assert staff.status_code == 302
    code, pin = words[words.index("Anna") - 2 : words.index("Anna")]
    patient = Client().post(reverse("card-sign-in"), {"card_code": code, "pin": pin})
    assert patient.status_code == 303


@pytest.mark.django_db
def test_a_second_run_on_the_same_day_adds_nothing(movable_clock: MovableClock) -> None:
    seed()
    before = (Account.objects.count(), Patient.objects.count(), Consent.objects.count(), LedgerEntry.objects.count())
    movable_clock.forward(hours=3)
    seed()
    after = (Account.objects.count(), Patient.objects.count(), Consent.objects.count(), LedgerEntry.objects.count())
    assert after == before
    assert verify().findings == []


@pytest.mark.django_db
def test_on_another_day_there_is_something_to_see_again(movable_clock: MovableClock) -> None:
    seed()
    movable_clock.forward(days=1)
    seed()
    assert Procedure.objects.count() == 2 * len(PATIENTS)
    assert Patient.objects.count() == len(PATIENTS)


@pytest.mark.django_db
def test_invented_people_never_enter_a_real_clinic(settings: object) -> None:
    settings.PROFILE = "production"  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="production"):
        call_command("seed_demo")
    assert not Account.objects.exists()
