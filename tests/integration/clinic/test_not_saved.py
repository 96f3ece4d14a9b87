"""When the database, the disk or the ledger refuses: the page says so, and nothing is half done."""

import errno
import uuid
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.urls import reverse

from clinic.exceptions import NotSavedError
from clinic.models import Appointment
from consent.exceptions import LedgerError
from tests.factories import House

NOT_SAVED = "Not saved. Nothing was changed."
FAULTS = [
    OperationalError("database or disk is full"),
    OperationalError("connection is closed"),
    InterfaceError("connection already closed"),
    IntegrityError("something unforeseen"),
    OSError(errno.ENOSPC, "No space left on device"),
    NotSavedError("The pen broke."),
    LedgerError("The ledger could not take the entry."),
]


@pytest.fixture
def browser(house: House) -> Client:
    """A browser at the desk that shows the page of a fault, as a real one does."""
    client = Client(raise_request_exception=False)
    client.force_login(house.receptionist, backend="clinic.accounts.backends.StaffBackend")
    return client


@pytest.fixture
def booking(house: House) -> tuple[str, dict[str, Any]]:
    form = {
        "practitioner": str(house.midwife.pk),
        "day": "2027-01-18",
        "time": "09:00",
        "minutes": "30",
        "form_key": str(uuid.uuid4()),
    }
    return reverse("appointment-new", kwargs={"patient_id": house.patient().pk}), form


def raising(fault: BaseException) -> Any:
    def act(*args: Any, **kwargs: Any) -> None:
        raise fault

    return act


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{type(fault).__name__}: {fault}")
def test_a_fault_below_the_page_says_not_saved(
    browser: Client, booking: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    path, form = booking
    with monkeypatch.context() as broken:
        broken.setattr("clinic.views.appointments.book_appointment", raising(fault))
        answer = browser.post(path, form)
    assert answer.status_code == 503
    assert NOT_SAVED in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"
    assert not Appointment.objects.exists()
    assert browser.post(path, form).status_code == 303


def test_a_fault_in_the_middle_of_an_act_leaves_no_half(
    browser: Client, booking: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, form = booking
    history = Appointment.history.model
    monkeypatch.setattr(history, "save", raising(OperationalError("database or disk is full")))
    answer = browser.post(path, form)
    assert answer.status_code == 503 and NOT_SAVED in answer.content.decode()
    assert not Appointment.objects.exists()


def test_a_database_that_is_gone_before_the_page_says_not_saved(
    browser: Client, booking: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionStore, "load", raising(OperationalError("unable to open database file")))
    for answer in (browser.get("/"), browser.post(*booking)):
        assert answer.status_code == 503
        assert NOT_SAVED in answer.content.decode()


def test_a_fault_after_the_act_does_not_claim_that_nothing_changed(
    browser: Client, booking: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, form = booking
    with monkeypatch.context() as broken:
        broken.setattr(SessionStore, "save", raising(OperationalError("database or disk is full")))
        answer = browser.post(path, form)
    assert answer.status_code == 500
    assert NOT_SAVED not in answer.content.decode()
    assert "look whether it is there" in answer.content.decode()
    assert Appointment.objects.count() == 1
    assert browser.post(path, form).status_code == 303
    assert Appointment.objects.count() == 1


def test_any_other_fault_is_unsure_and_shows_no_inner_words(
    browser: Client, booking: tuple[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clinic.views.appointments.book_appointment", raising(RuntimeError("inner words")))
    answer = browser.post(*booking)
    assert answer.status_code == 500
    assert "inner words" not in answer.content.decode()
    assert "Something went wrong" in answer.content.decode()


def test_a_form_without_its_token_is_refused_in_words(house: House) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("card-sign-in"), {"card_code": "x", "pin": "y"})
    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"
