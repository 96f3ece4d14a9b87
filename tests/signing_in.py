"""Signs people in through the real pages, in a test client."""

from django.test import Client
from django.urls import reverse

from clinic.actions.issue_card import issue_card
from clinic.models import Account, Patient
from tests.factories import PASSWORD, PIN


def sign_in_staff(client: Client, account: Account) -> None:
    """Through the staff sign-in page with the password every test account has."""
    answer = client.post(reverse("sign-in"), {"login": account.username, "password": PASSWORD})
    assert answer.status_code in {302, 303}, answer.content[:2000]


def sign_in_patient(client: Client, patient: Patient) -> None:
    """Issue a card and sign in with it, as a patient on her own phone does."""
    card = issue_card(patient_id=patient.pk, pin=PIN, by=patient.registered_by)
    answer = client.post(reverse("card-sign-in"), {"card_code": card.code, "pin": PIN})
    assert answer.status_code in {302, 303}, answer.content[:2000]
