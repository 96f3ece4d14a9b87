"""Booking at the ends of the calendar and where the clocks change, in several zones: a page, never a fault."""

import uuid

import pytest
from django.urls import reverse

from clinic.models import Appointment
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.adversary.world import staff

DAYS = ("0001-01-01", "0001-01-02", "1900-01-01", "9999-12-30", "9999-12-31")
CLOCKS = ("00:00", "12:00", "23:59")


@pytest.mark.parametrize(
    "zone", ["Asia/Shanghai", "America/New_York", "Europe/London", "Pacific/Kiritimati", "Etc/UTC"]
)
def test_the_ends_of_the_calendar(zone: str, db: None, movable_clock: MovableClock) -> None:
    house = House(time_zone=zone, sheets=())
    desk, patient = staff(house.receptionist), house.patient()
    booked = house.appointment(patient)
    new = reverse("appointment-new", kwargs={"patient_id": patient.pk})
    move = reverse("appointment-move", kwargs={"appointment_id": booked.pk})
    for day in DAYS:
        for time in CLOCKS:
            form = {"practitioner": str(house.midwife.pk), "day": day, "time": time, "minutes": "240"}
            for path in (new, move):
                answer = desk.post(path, form | {"form_key": str(uuid.uuid4())})
                assert answer.status_code == 422, (zone, day, time, answer.status_code)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize(
    ("zone", "day", "time", "expected"),
    [
        ("Europe/London", "2027-03-28", "01:30", 422),
        ("Europe/London", "2027-10-31", "01:30", 422),
        ("America/New_York", "2027-03-14", "02:00", 422),
        ("Australia/Lord_Howe", "2027-10-03", "02:15", 422),
        ("Pacific/Apia", "2027-12-30", "09:00", 303),
        ("Africa/Casablanca", "2027-02-07", "02:30", 422),
        ("Asia/Kathmandu", "2027-06-01", "09:00", 303),
    ],
)
def test_where_the_clocks_change(
    zone: str, day: str, time: str, expected: int, db: None, movable_clock: MovableClock
) -> None:
    house = House(time_zone=zone, sheets=())
    desk, patient = staff(house.receptionist), house.patient()
    path = reverse("appointment-new", kwargs={"patient_id": patient.pk})
    form = {"practitioner": str(house.midwife.pk), "day": day, "time": time, "minutes": "30"}
    answer = desk.post(path, form | {"form_key": str(uuid.uuid4()), "which_time": "third"})
    assert answer.status_code in {expected, 422}
    answer = desk.post(path, form | {"form_key": str(uuid.uuid4())})
    assert answer.status_code == expected
    assert Appointment.objects.count() == (1 if expected == 303 else 0)
    assert desk.get(reverse("today"), {"day": day}).status_code == 200
