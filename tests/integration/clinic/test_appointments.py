"""Booking, moving, cancelling, checking in: allowed, refused, twice; and what the database refuses by itself."""

import datetime
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from clinic import guards
from clinic.actions.book_appointment import book_appointment
from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.check_in import check_in
from clinic.actions.move_appointment import move_appointment
from clinic.exceptions import ClinicError, InvalidInputError, NotAllowedError, TimeTakenError, WrongStateError
from clinic.models import Appointment
from clinic.vocabulary import AppointmentStatus, ProcedureStatus
from tests.clock import MovableClock
from tests.factories import House

NINE = datetime.datetime(2027, 1, 18, 1, 0, tzinfo=datetime.UTC)  # Monday, nine o'clock in Shanghai


def book(house: House, **changes: Any) -> Appointment:
    values: dict[str, Any] = {
        "practitioner_id": house.midwife.pk,
        "starts_at": NINE,
        "minutes": 30,
        "by": house.receptionist,
        "form_key": uuid.uuid4(),
    }
    if "patient_id" not in changes:
        values["patient_id"] = house.patient().pk
    return book_appointment(**(values | changes))


def later(minutes: int) -> datetime.datetime:
    return NINE + datetime.timedelta(minutes=minutes)


def test_an_appointment_is_booked_with_its_history(house: House) -> None:
    appointment = book(house)
    assert (appointment.starts_at, appointment.ends_at) == (NINE, later(30))
    assert appointment.status == AppointmentStatus.BOOKED
    assert appointment.history.get().history_user_id == house.receptionist.pk


@pytest.mark.parametrize(
    ("start", "minutes", "is_free"),
    [
        (-30, 30, True),
        (30, 30, True),
        (-29, 30, False),
        (29, 1, False),
        (10, 10, False),
        (-60, 120, False),
        (0, 30, False),
    ],
)
def test_touching_is_not_overlapping(house: House, start: int, minutes: int, is_free: bool) -> None:
    book(house)
    if is_free:
        assert book(house, starts_at=later(start), minutes=minutes)
        return
    with pytest.raises(TimeTakenError) as refusal:
        book(house, starts_at=later(start), minutes=minutes)
    assert refusal.value.field == "time"
    assert "09:00" in refusal.value.message and "Asia/Shanghai" in refusal.value.message
    assert Appointment.objects.count() == 1


def test_a_day_long_appointment_still_blocks_its_end(house: House) -> None:
    book(house, minutes=24 * 60)
    with pytest.raises(TimeTakenError):
        book(house, starts_at=later(24 * 60 - 1), minutes=10)
    assert book(house, starts_at=later(24 * 60), minutes=10)


def test_another_clinician_is_free(house: House) -> None:
    book(house)
    assert book(house, practitioner_id=house.colleague.pk)


def test_a_booking_sent_twice_writes_once(house: House) -> None:
    key, patient = uuid.uuid4(), house.patient()
    first = book(house, form_key=key, patient_id=patient.pk)
    assert book(house, form_key=key, patient_id=patient.pk).pk == first.pk
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": -5}, "minutes"),
        ({"minutes": 24 * 60 + 1}, "minutes"),
        ({"starts_at": NINE.replace(second=1)}, "time"),
        ({"starts_at": NINE.replace(microsecond=1)}, "time"),
        ({"starts_at": datetime.datetime(2027, 1, 14, 1, 0, tzinfo=datetime.UTC)}, "day"),
        ({"practitioner_id": uuid.UUID(int=1)}, "practitioner"),
    ],
)
def test_a_wrong_booking_is_refused_with_its_field(house: House, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        book(house, **changes)
    assert refusal.value.field == field
    assert not Appointment.objects.exists()


def test_earlier_the_same_day_may_be_written_down(house: House) -> None:
    assert book(house, starts_at=datetime.datetime(2027, 1, 15, 1, 0, tzinfo=datetime.UTC))


def test_a_clinician_who_left_is_not_booked(house: House) -> None:
    house.midwife.account.is_active = False
    house.midwife.account.save()
    with pytest.raises(InvalidInputError):
        book(house)


def test_who_may_not_book(house: House, elsewhere: House) -> None:
    patient = house.patient()
    for by in (house.advocate, house.auditor, house.administrator, patient.account, elsewhere.receptionist):
        with pytest.raises(NotAllowedError):
            book(house, patient_id=patient.pk, by=by)
    with pytest.raises(NotAllowedError):
        book(house, patient_id=patient.pk, practitioner_id=elsewhere.midwife.pk)
    with pytest.raises(WrongStateError):
        book(house, patient_id=uuid.uuid4())


def test_moving(house: House) -> None:
    appointment = book(house)
    other = book(house, starts_at=later(30))
    values: dict[str, Any] = {"practitioner_id": house.midwife.pk, "minutes": 20, "by": house.receptionist}
    with pytest.raises(TimeTakenError):
        move_appointment(appointment_id=appointment.pk, starts_at=other.starts_at, **values)
    moved = move_appointment(appointment_id=appointment.pk, starts_at=later(5), **values)
    again = move_appointment(appointment_id=appointment.pk, starts_at=later(5), **values)
    assert (moved.starts_at, moved.ends_at) == (again.starts_at, again.ends_at) == (later(5), later(25))
    assert moved.history.count() == 2
    with pytest.raises(NotAllowedError):
        move_appointment(appointment_id=appointment.pk, starts_at=later(60), **(values | {"by": house.advocate}))
    check_in(appointment_id=appointment.pk, by=house.receptionist)
    with pytest.raises(WrongStateError):
        move_appointment(appointment_id=appointment.pk, starts_at=later(60), **values)
    with pytest.raises(WrongStateError):
        move_appointment(appointment_id=uuid.uuid4(), starts_at=later(60), **values)


def test_cancelling_frees_the_time_and_asks_no_reason(house: House) -> None:
    appointment = book(house)
    for _time in range(2):
        assert cancel_appointment(appointment_id=appointment.pk, by=house.receptionist).status == "cancelled"
    assert appointment.history.count() == 2
    assert book(house)
    with pytest.raises(WrongStateError):
        check_in(appointment_id=appointment.pk, by=house.receptionist)


def test_nothing_is_cancelled_or_moved_while_a_procedure_is_under_way(house: House) -> None:
    procedure = house.procedure()
    procedure.status = ProcedureStatus.IN_PROGRESS
    procedure.save()
    with pytest.raises(WrongStateError, match="under way"):
        cancel_appointment(appointment_id=procedure.appointment_id, by=house.receptionist)
    with pytest.raises(WrongStateError, match="under way"):
        move_appointment(
            appointment_id=procedure.appointment_id,
            practitioner_id=house.midwife.pk,
            starts_at=house.next_start + datetime.timedelta(hours=3),
            minutes=30,
            by=house.receptionist,
        )


def test_checking_in_twice_writes_once(house: House) -> None:
    appointment = book(house)
    for _time in range(2):
        assert check_in(appointment_id=appointment.pk, by=house.receptionist).status == AppointmentStatus.ARRIVED
    assert appointment.history.count() == 2


def test_who_came_late_finds_the_time_given_away(house: House) -> None:
    appointment = book(house)
    appointment.status = AppointmentStatus.NOSHOW
    appointment.save()
    book(house)
    with pytest.raises(TimeTakenError):
        check_in(appointment_id=appointment.pk, by=house.receptionist)


@pytest.mark.parametrize("act", [cancel_appointment, check_in])
def test_another_clinic_changes_nothing_here(house: House, elsewhere: House, act: Any) -> None:
    appointment = book(house)
    for by in (elsewhere.receptionist, house.auditor, appointment.patient.account):
        with pytest.raises(NotAllowedError):
            act(appointment_id=appointment.pk, by=by)


def test_the_database_refuses_overlaps_by_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clinic.actions.booking.first_overlap", lambda wanted, taken: None)
    book(house)
    with pytest.raises(TimeTakenError):
        book(house, starts_at=later(15))
    other = book(house, starts_at=later(30))
    with pytest.raises(TimeTakenError):
        move_appointment(
            appointment_id=other.pk,
            practitioner_id=house.midwife.pk,
            starts_at=later(29),
            minutes=10,
            by=house.receptionist,
        )
    assert Appointment.objects.count() == 2


@pytest.mark.parametrize(
    ("start", "minutes"), [(-1440 + 1, 1440), (-1, 2), (0, 30), (29, 1440)], ids=["a day", "edge", "same", "tail"]
)
def test_the_database_refuses_raw_overlaps(house: House, start: int, minutes: int) -> None:
    row = book(house)
    values = {name: getattr(row, name) for name in ("site", "patient", "practitioner", "booked_by", "booked_at")}
    with pytest.raises(IntegrityError, match=guards.OVERLAP), transaction.atomic():
        Appointment(starts_at=later(start), ends_at=later(start + minutes), **values).save()
    Appointment(starts_at=later(start), ends_at=later(start + minutes), status="cancelled", **values).save()


def test_the_database_refuses_more_than_a_day(house: House) -> None:
    row = book(house)
    row.ends_at = later(24 * 60 + 1)
    with pytest.raises(IntegrityError, match=guards.TOO_LONG), transaction.atomic():
        row.save()


def test_a_cancelled_one_cannot_come_back_over_another(house: House) -> None:
    row = book(house)
    cancel_appointment(appointment_id=row.pk, by=house.receptionist)
    book(house)
    with pytest.raises(IntegrityError, match=guards.OVERLAP), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE clinic_appointment SET status = 'booked' WHERE status = 'cancelled'")


def test_times_are_stored_as_instants(house: House, movable_clock: MovableClock) -> None:
    local = datetime.datetime.fromisoformat("2027-01-18T09:00:00+08:00")
    assert book(house, starts_at=local).starts_at == NINE
    with pytest.raises(ClinicError):
        book(house)
