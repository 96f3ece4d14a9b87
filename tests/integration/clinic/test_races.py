"""Many at once: one time is booked once, a double click writes once, twenty wrong PINs are five looks."""

import datetime
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase

from clinic import clock
from clinic.actions import try_card_pin as trying
from clinic.actions.book_appointment import book_appointment
from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.define_procedure_type import define_procedure_type
from clinic.actions.try_card_pin import try_card_pin
from clinic.exceptions import CardLockedError, ClinicError, TimeTakenError, WrongStateError
from clinic.models import (
    Account,
    Appointment,
    Patient,
    PatientCard,
    Practitioner,
    Procedure,
    ProcedureType,
    Site,
)
from clinic.vocabulary import ProcedureCategory, ProcedureStatus
from tests.factories import House

WRONG = "000001"
FROM_LEAVES_TO_ROOT = (Procedure, ProcedureType, Appointment, PatientCard, Patient, Practitioner, Account, Site)


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def swept_by_hand() -> Iterator[None]:
    """Guarded tables cannot be emptied, so that Django's own sweeping after a test would fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        yield


@pytest.fixture
def committed_house() -> Iterator[House]:
    """A clinic that other threads can see; its rows are taken away again, past every signal, table after table."""
    yield House(sheets=())
    for model in FROM_LEAVES_TO_ROOT:
        history = getattr(model, "history", None)
        if history is not None:
            history.model._base_manager.all()._raw_delete("default")
        model._base_manager.all()._raw_delete("default")


def at_once(times: int, act: Callable[[], Any]) -> list[Any]:
    """Run an act in many threads that start together; gives what each gave, or the refusal."""
    start = threading.Barrier(times)
    answers: list[Any] = []

    def run() -> None:
        try:
            start.wait()
            answers.append(act())
        except ClinicError as refusal:
            answers.append(type(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == times, "a thread ended with something unforeseen"
    return answers


def booking(house: House, **changes: Any) -> Callable[[], Appointment]:
    patient = house.patient()
    tomorrow = (clock.now() + datetime.timedelta(days=1)).replace(second=0, microsecond=0)

    def book() -> Appointment:
        values = {"form_key": uuid.uuid4(), "starts_at": tomorrow, "minutes": 30} | changes
        return book_appointment(
            patient_id=patient.pk, practitioner_id=house.midwife.pk, by=house.receptionist, **values
        )

    return book


def test_one_time_is_booked_once(committed_house: House) -> None:
    answers = at_once(8, booking(committed_house))
    assert answers.count(TimeTakenError) == 7
    assert Appointment.objects.count() == 1


def test_a_double_click_writes_once(committed_house: House) -> None:
    answers = at_once(6, booking(committed_house, form_key=uuid.uuid4()))
    assert {answer.pk for answer in answers} == {Appointment.objects.get().pk}


def test_a_registration_clicked_many_times_is_one_patient(committed_house: House) -> None:
    key = uuid.uuid4()
    answers = at_once(6, lambda: committed_house.patient(form_key=key))
    assert {answer.pk for answer in answers} == {Patient.objects.get().pk}
    assert Account.objects.filter(role="patient").count() == 1


def test_twenty_wrong_tries_at_once_are_five_looks(committed_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    code = committed_house.card(committed_house.patient())
    looks: list[str] = []

    def looked(pin: str, pin_hash: str) -> bool:
        looks.append(pin)
        return False

    monkeypatch.setattr(trying, "check_password", looked)
    answers = at_once(20, lambda: try_card_pin(code=code, pin=WRONG))
    assert len(looks) == 5
    assert (answers.count(None), answers.count(CardLockedError)) == (4, 16)
    assert PatientCard.objects.get(code=code).locked_at is not None


def test_an_appointment_is_not_cancelled_under_a_procedure_that_is_just_starting(committed_house: House) -> None:
    names, category = {"en": "Test procedure"}, ProcedureCategory.VACC
    define_procedure_type(code_system="test", code="TEST", category=category, names=names, needs_laterality=False)
    procedure = committed_house.procedure(code="TEST")
    is_locked = threading.Event()

    def starting() -> None:
        try:
            with transaction.atomic():
                row = Procedure.objects.select_for_update().get(pk=procedure.pk)
                is_locked.set()
                time.sleep(0.3)  # by then the other side stands at the lock
                row.status = ProcedureStatus.IN_PROGRESS
                row.save()
        finally:
            connection.close()

    thread = threading.Thread(target=starting)
    thread.start()
    assert is_locked.wait(5)
    with pytest.raises(WrongStateError, match="under way"):
        cancel_appointment(appointment_id=procedure.appointment_id, by=committed_house.receptionist)
    thread.join()
    assert Appointment.objects.get(pk=procedure.appointment_id).status == "booked"
