"""The page on which the first of two people asks for an erasure; the second reads there what to type on the server."""

import uuid

import pytest

from consent.actions.erase_subject import erase_subject
from consent.models import ErasureRequest
from tests.factories import House
from tests.integration.consent_pages.people import address, staff


def form_for(house: House, **changes: str) -> dict[str, str]:
    values = {
        "name": "Test Patient Who Goes",
        "birth_date": "1994-05-17",
        "basis": "patient-asked",
        "authority": "letter/114",
        "form_key": str(uuid.uuid4()),
    }
    return values | changes


def test_the_first_asks_and_the_second_reads_what_to_type(house: House) -> None:
    patient = house.patient("Test Patient Who Goes")
    first = staff(house.advocate)
    answer = first.post(address("erasures"), form_for(house))
    assert (answer.status_code, answer.headers["Location"]) == (303, address("erasures"))
    request = ErasureRequest.objects.get(patient=patient)
    mine, second = first.get(address("erasures")), staff(house.administrator).get(address("erasures"))
    command = f"manage.py erase_subject {request.pk.hex} --by {house.administrator.username}"
    assert command in second.content.decode() and command not in mine.content.decode()
    assert "it cannot be you" in mine.content.decode()
    assert "Test Patient Who Goes" not in second.content.decode(), "no patient is named here"
    erase_subject(request_id=request.pk, by=house.administrator)
    after = first.get(address("erasures")).content.decode()
    assert "Erased" in after and request.pk.hex not in after


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "test patient who goes?"}, "exactly this name"),
        ({"birth_date": "1994-05-18"}, "exactly this name"),
        ({"birth_date": "17.5.1994"}, "year, month, day"),
        ({"basis": ""}, "required"),
        ({"authority": "Mrs Lin asked"}, "valid"),
        ({"authority": ""}, "required"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(house: House, changes: dict[str, str], said: str) -> None:
    house.patient("Test Patient Who Goes")
    answer = staff(house.advocate).post(address("erasures"), form_for(house, **changes))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not ErasureRequest.objects.exists()


def test_two_patients_of_one_name_are_told_apart_by_nobody_here(house: House, next_door: House) -> None:
    next_door.patient("Test Patient Who Goes")
    assert staff(house.advocate).post(address("erasures"), form_for(house)).status_code == 422
    house.patient("Test Patient Who Goes")
    house.patient("Test Patient Who Goes")
    assert staff(house.advocate).post(address("erasures"), form_for(house)).status_code == 422


def test_asked_for_already(house: House) -> None:
    house.patient("Test Patient Who Goes")
    browser = staff(house.administrator)
    key = str(uuid.uuid4())
    for _time in range(2):
        assert browser.post(address("erasures"), form_for(house, form_key=key)).status_code == 303
    answer = browser.post(address("erasures"), form_for(house))
    assert answer.status_code == 409 and "already" in answer.content.decode()
    assert ErasureRequest.objects.count() == 1


def test_a_begun_erasure_says_how_to_finish_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = house.given().patient
    browser = staff(house.advocate)
    browser.post(address("erasures"), form_for(house, name=patient.name))
    monkeypatch.setattr("consent.actions.erase_subject.destroy_keys", lambda erasure: None)
    erase_subject(request_id=ErasureRequest.objects.get().pk, by=house.administrator)
    assert "--finish" in browser.get(address("erasures")).content.decode()
