"""What people type and press: searching, registering, booking, planning, cards; refused, kept, and written once."""

import re
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from clinic.models import Appointment, Patient, PatientCard, Procedure, ProcedureType, RecordView
from tests.clock import install
from tests.factories import PIN, House

PERSON = {
    "name": "测试 病人",
    "birth_date": "1994-05-17",
    "first_language": "zh-Hans",
    "second_language": "en",
    "safe_contact": "none",
}


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def with_key(**fields: Any) -> dict[str, Any]:
    return {"form_key": str(uuid.uuid4()), **fields}


def test_searching_needs_two_identifiers(house: House, desk: Client) -> None:
    house.patient(name="测试 病人", latin_name="Test Patient")
    path = reverse("patients")
    assert "测试" not in text(desk.get(path))
    assert desk.post(path, {"name_part": "测试", "birth_date": ""}).status_code == 422
    assert desk.post(path, {"name_part": "", "birth_date": "1994-05-17"}).status_code == 422
    for part in ("测试", "病", "test PATIENT", "ｔｅｓｔ"):  # noqa: RUF001  wide letters are what this asks about
        assert "测试 病人" in text(desk.post(path, {"name_part": part, "birth_date": "1994-05-17"})), part
    for part, day in (("测试", "1994-05-18"), ("other", "1994-05-17"), (" ", "1994-05-17"), ("%", "1994-05-17")):
        assert "测试 病人" not in text(desk.post(path, {"name_part": part, "birth_date": day})), part


def test_searching_by_card(house: House, elsewhere: House, desk: Client) -> None:
    code = house.card(house.patient())
    foreign = elsewhere.card(elsewhere.patient(name="Test Foreigner"))
    path = reverse("patients")
    assert "Test Patient One" in text(desk.post(path, {"card_code": code.lower()}))
    assert "Test Foreigner" not in text(desk.post(path, {"card_code": foreign}))
    assert desk.post(path, {"card_code": ""}).status_code == 422


def test_an_empty_form_names_each_field_and_links_to_it(desk: Client) -> None:
    answer = desk.post(reverse("patient-new"), with_key())
    page = text(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    for name in ("name", "birth_date", "first_language"):
        assert f'href="#id_{name}"' in page and f'id="id_{name}_error"' in page
    assert 'href="#id_safe_contact_0"' in page


def test_registering(house: House, desk: Client) -> None:
    form = with_key(**PERSON)
    first, second = (desk.post(reverse("patient-new"), form) for _click in range(2))
    patient = Patient.objects.get()
    assert first.status_code == second.status_code == 303
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["Location"] == reverse("patient", kwargs={"patient_id": patient.pk})
    assert patient.languages == ["zh-Hans", "en"]
    assert patient.registered_by == house.receptionist


def test_a_look_alike_is_shown_and_what_was_typed_is_kept(house: House, desk: Client) -> None:
    like = house.patient(name="测试 病人")
    form = with_key(**PERSON, communication_needs="Reads lips")
    answer = desk.post(reverse("patient-new"), form)
    page = text(answer)
    assert answer.status_code == 422
    assert reverse("patient", kwargs={"patient_id": like.pk}) in page
    assert 'value="1994-05-17"' in page and "Reads lips" in page and form["form_key"] in page
    assert '<input type="checkbox" name="has_looked"' in page
    assert Patient.objects.count() == 1
    assert desk.post(reverse("patient-new"), {**form, "has_looked": "on"}).status_code == 303
    assert Patient.objects.count() == 2


def test_the_same_language_twice_is_refused(desk: Client) -> None:
    answer = desk.post(reverse("patient-new"), with_key(**(PERSON | {"second_language": "zh-Hans"})))
    assert answer.status_code == 422 and "Choose each language once" in text(answer)


def booking(house: House, **changes: Any) -> dict[str, Any]:
    fields = {"practitioner": str(house.midwife.pk), "day": "2027-01-18", "time": "09:00", "minutes": "30"}
    return with_key(**(fields | changes))


def test_booking_by_the_clinics_clock_and_once(house: House, desk: Client) -> None:
    path = reverse("appointment-new", kwargs={"patient_id": house.patient().pk})
    form = booking(house)
    answers = [desk.post(path, form) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Appointment.objects.get().starts_at.isoformat() == "2027-01-18T01:00:00+00:00"


def test_a_taken_time_is_a_conflict_that_keeps_what_was_typed(house: House, desk: Client) -> None:
    path = reverse("appointment-new", kwargs={"patient_id": house.patient().pk})
    desk.post(path, booking(house))
    answer = desk.post(path, booking(house, time="09:15"))
    assert answer.status_code == 409
    assert 'value="09:15"' in text(answer) and "09:00 to 09:30 (Asia/Shanghai)" in text(answer)


@pytest.mark.parametrize(
    "changes",
    [
        {"time": "25:00"},
        {"day": "18.1.2027"},
        {"minutes": "7"},
        {"practitioner": "nobody"},
        {"form_key": "x"},
        {"day": ""},
    ],
)
def test_an_unreadable_booking_is_refused(house: House, desk: Client, changes: dict[str, str]) -> None:
    path = reverse("appointment-new", kwargs={"patient_id": house.patient().pk})
    answer = desk.post(path, booking(house, **changes))
    assert answer.status_code == 422 and 'class="nhsuk-list nhsuk-error-summary__list"' in text(answer)
    assert ("Load it again" in text(answer)) is ("form_key" in changes)
    assert not Appointment.objects.exists()


def test_clocks_that_change(db: None, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    install(monkeypatch, "2026-03-01T09:00:00+00:00")
    house = House(time_zone="Europe/Berlin", sheets=())
    client.force_login(house.receptionist, backend="clinic.accounts.backends.StaffBackend")
    path = reverse("appointment-new", kwargs={"patient_id": house.patient().pk})
    skipped = client.post(path, booking(house, day="2026-03-29", time="02:30"))
    assert skipped.status_code == 422 and "does not exist" in text(skipped)
    twice = client.post(path, booking(house, day="2026-10-25", time="02:30"))
    assert twice.status_code == 422
    assert "UTC+02:00" in text(twice) and "UTC+01:00" in text(twice) and 'type="radio" name="which_time"' in text(twice)
    assert not Appointment.objects.exists()
    second = client.post(path, booking(house, day="2026-10-25", time="02:30", which_time="second"))
    assert second.status_code == 303
    assert Appointment.objects.get().starts_at.isoformat() == "2026-10-25T01:30:00+00:00"


def test_moving_cancelling_checking_in(house: House, desk: Client) -> None:
    appointment = house.appointment(house.patient())
    kwargs = {"appointment_id": appointment.pk}
    page = text(desk.get(reverse("appointment-move", kwargs=kwargs)))
    assert 'value="11:30"' in page and f'value="{house.midwife.pk}" selected' in page
    moved = desk.post(reverse("appointment-move", kwargs=kwargs), booking(house))
    assert moved.headers["Location"] == f"{reverse('today')}?day=2027-01-18"
    come = desk.post(reverse("appointment-check-in", kwargs=kwargs))
    assert come.headers["Location"] == moved.headers["Location"]
    assert desk.post(reverse("appointment-move", kwargs=kwargs), booking(house)).status_code == 409
    assert desk.get(reverse("appointment-cancel", kwargs=kwargs)).status_code == 200
    assert Appointment.objects.get().status == "arrived"
    assert desk.post(reverse("appointment-cancel", kwargs=kwargs)).status_code == 303
    assert Appointment.objects.get().status == "cancelled"
    again = desk.post(reverse("appointment-check-in", kwargs=kwargs))
    assert again.status_code == 409 and "moved on" in text(again)


def test_planning_and_calling_off(house: House, ward: Client) -> None:
    patient = house.patient()
    form = with_key(
        procedure_type=str(ProcedureType.objects.get().pk),
        laterality="not-applicable",
        operator=str(house.midwife.pk),
        appointment=str(house.appointment(patient).pk),
    )
    path = reverse("procedure-new", kwargs={"patient_id": patient.pk})
    assert [ward.post(path, form).status_code for _click in range(2)] == [303, 303]
    procedure = Procedure.objects.get()
    assert procedure.accompanies_birth is None
    wrong = ward.post(path, {**form, **with_key(), "laterality": "left"})
    assert wrong.status_code == 422 and "has no side" in text(wrong)
    off = reverse("procedure-cancel", kwargs={"procedure_id": procedure.pk})
    assert ward.get(off).status_code == 200
    assert ward.post(off).status_code == 303
    assert Procedure.objects.get().status == "not-done"


def test_a_card_code_is_shown_once(house: House, desk: Client) -> None:
    path = reverse("patient-card", kwargs={"patient_id": house.patient().pk})
    differing = desk.post(path, {"pin": PIN, "pin_again": "000001"})
    assert differing.status_code == 422 and PIN not in text(differing)
    assert desk.post(path, {"pin": "123456", "pin_again": "123456"}).status_code == 422
    assert not PatientCard.objects.exists()
    assert desk.post(path, {"pin": PIN, "pin_again": PIN}).status_code == 303
    code = PatientCard.objects.get().code
    shown = f"{code[:4]} {code[4:]}"
    assert shown in text(desk.get(path))
    assert shown not in text(desk.get(path))


def test_a_code_is_not_shown_on_another_patients_page(house: House, desk: Client) -> None:
    one, two = (reverse("patient-card", kwargs={"patient_id": house.patient(name=name).pk}) for name in ("One", "Two"))
    desk.post(one, {"pin": PIN, "pin_again": PIN})
    code = PatientCard.objects.get().code
    for path in (two, one):
        assert code[:4] not in re.sub(r'value="[^"]*"', "", text(desk.get(path)))


def test_a_locked_card_is_opened_at_the_desk(house: House, desk: Client) -> None:
    patient = house.patient()
    code = house.card(patient)
    for _time in range(5):
        Client().post(reverse("card-sign-in"), {"card_code": code, "pin": "000001"})
    page = reverse("patient", kwargs={"patient_id": patient.pk})
    assert "locked after five wrong PINs" in text(desk.get(page))
    assert desk.post(reverse("card-unlock", kwargs={"patient_id": patient.pk})).status_code == 303
    assert "locked after five wrong PINs" not in text(desk.get(page))
    assert Client().post(reverse("card-sign-in"), {"card_code": code, "pin": PIN}).status_code == 303


def test_each_look_at_a_patient_is_logged(house: House, desk: Client, ward: Client) -> None:
    procedure = house.procedure()
    patient_id = {"patient_id": procedure.patient_id}
    desk.get(reverse("patient", kwargs=patient_id))
    ward.get(reverse("patient", kwargs=patient_id))
    ward.get(reverse("procedure-cancel", kwargs={"procedure_id": procedure.pk}))
    desk.get(reverse("appointment-move", kwargs={"appointment_id": procedure.appointment_id}))
    looks = set(RecordView.objects.values_list("viewed_by_id", "page"))
    assert looks == {
        (house.receptionist.pk, "patient"),
        (house.midwife.account_id, "patient"),
        (house.midwife.account_id, "procedure-cancel"),
        (house.receptionist.pk, "appointment-move"),
    }
