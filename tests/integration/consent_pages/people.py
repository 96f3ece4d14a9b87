"""Puts people in front of the pages: staff, a patient with her card, a patient with the clinic's tablet."""

import html
import re
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from clinic import clock
from clinic.accounts.sessions import HANDOVER_KEY, SEEN_KEY
from clinic.actions.open_handover import open_handover
from clinic.models import Account, Patient
from consent.actions.raise_hold import raise_hold
from consent.models import Consent, Hold
from consent.vocabulary import HoldReason, Via

STAFF_DOOR = "clinic.accounts.backends.StaffBackend"
CARD_DOOR = "clinic.accounts.backends.PatientCardBackend"


def staff(account: Account) -> Client:
    """A browser in which this member of staff has signed in."""
    client = Client()
    client.force_login(account, backend=STAFF_DOOR)
    return client


def with_card(patient: Patient) -> Client:
    """A browser in which this patient has signed in with her card."""
    client = Client()
    client.force_login(patient.account, backend=CARD_DOOR)
    session = client.session
    session[SEEN_KEY] = clock.now().timestamp()
    session.save()
    return client


def with_tablet(consent: Consent) -> Client:
    """The clinic's tablet in the hands of the consent's patient."""
    client = Client()
    handover = open_handover(procedure_id=consent.procedure_id, by=consent.proposed_by)
    session = client.session
    session[HANDOVER_KEY] = str(handover.pk)
    session.save()
    return client


def address(name: str, **ids: Any) -> str:
    """The address of a page."""
    return reverse(name, kwargs=ids or None)


def text_of(response: Any) -> str:
    """What a page says, with entities read."""
    return html.unescape(response.content.decode())


def hidden(response: Any, name: str) -> str:
    """The value of a hidden input on a page."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', response.content.decode())
    assert found, f"no hidden input {name}"
    return html.unescape(found.group(1))


def held(consent: Consent, by: Account, note: str = "") -> Hold:
    """A concern that is open about a consent."""
    return raise_hold(
        consent_id=consent.pk,
        reason=HoldReason.PRESSURE,
        note=note,
        by=by,
        via=Via.STAFF,
        form_key=uuid.uuid4(),
    )


def fresh(consent: Consent) -> Consent:
    """The consent as it stands in the database now."""
    return Consent.objects.get(pk=consent.pk)
