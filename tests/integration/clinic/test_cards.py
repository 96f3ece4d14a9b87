"""The patient's card: issued once, tried five times, opened again by the desk."""

import uuid

import pytest
from django.contrib.auth import authenticate

from clinic.accounts.backends import PatientCardBackend, StaffBackend
from clinic.actions import try_card_pin as trying
from clinic.actions.issue_card import CODE_LETTERS, issue_card
from clinic.actions.lift_card_lock import lift_card_lock
from clinic.actions.try_card_pin import try_card_pin
from clinic.exceptions import CardLockedError, InvalidInputError, NotAllowedError, WrongStateError
from clinic.models import PatientCard, RecordView
from tests.factories import PASSWORD, PIN, House

WRONG = "000001"


def test_a_card_shows_its_code_once_and_hides_its_pin(house: House) -> None:
    patient = house.patient()
    made = issue_card(patient_id=patient.pk, pin=PIN, by=house.receptionist)
    assert len(made.code) == 8 and set(made.code) <= set(CODE_LETTERS)
    assert not set(CODE_LETTERS) & set("0OQ1IL2Z5S8BUV") - {"Q"}
    assert PIN not in made.card.pin_hash
    assert try_card_pin(code=made.code, pin=PIN) == patient.account


def test_a_new_card_ends_the_old_one(house: House) -> None:
    patient = house.patient()
    old = house.card(patient)
    new = house.card(patient)
    assert try_card_pin(code=old, pin=PIN) is None
    assert try_card_pin(code=new, pin=PIN) == patient.account
    assert PatientCard.objects.filter(patient=patient, ended_at__isnull=True).count() == 1


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "1234567",
        "12345a",
        "\uff11\uff12\uff13\uff14\uff15\uff16",
        "111111",
        "123456",
        "654321",
        "940517",
        "170594",
    ],
)
def test_a_pin_that_others_guess_is_refused(house: House, pin: str) -> None:
    patient = house.patient()
    with pytest.raises(InvalidInputError) as refusal:
        issue_card(patient_id=patient.pk, pin=pin, by=house.receptionist)
    assert refusal.value.field == "pin"
    assert not PatientCard.objects.exists()


def test_who_may_not_issue_or_open_cards(house: House, elsewhere: House) -> None:
    patient = house.patient()
    house.card(patient)
    for by in (house.midwife.account, house.advocate, elsewhere.receptionist, patient.account):
        with pytest.raises(NotAllowedError):
            issue_card(patient_id=patient.pk, pin=PIN, by=by)
        with pytest.raises(NotAllowedError):
            lift_card_lock(patient_id=patient.pk, by=by)
    with pytest.raises(WrongStateError):
        issue_card(patient_id=uuid.uuid4(), pin=PIN, by=house.receptionist)
    with pytest.raises(WrongStateError):
        lift_card_lock(patient_id=uuid.uuid4(), by=house.receptionist)


def test_five_wrong_pins_lock_the_card_and_the_desk_opens_it(house: House) -> None:
    patient = house.patient()
    code = house.card(patient)
    for _time in range(4):
        assert try_card_pin(code=code, pin=WRONG) is None
    with pytest.raises(CardLockedError):
        try_card_pin(code=code, pin=WRONG)
    with pytest.raises(CardLockedError):
        try_card_pin(code=code, pin=PIN)
    for _time in range(2):
        assert lift_card_lock(patient_id=patient.pk, by=house.receptionist).locked_at is None
    assert RecordView.objects.get().page == "card-unlock"
    assert try_card_pin(code=code, pin=PIN) == patient.account


def test_a_right_pin_forgets_the_wrong_ones(house: House) -> None:
    patient = house.patient()
    code = house.card(patient)
    for _round in range(2):
        for _time in range(4):
            assert try_card_pin(code=code, pin=WRONG) is None
        assert try_card_pin(code=code, pin=PIN) == patient.account
    assert PatientCard.objects.get().failed_tries == 0


def test_a_lock_set_meanwhile_survives_a_right_pin(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = house.patient()
    code = house.card(patient)
    real = trying.check_password

    def while_others_try(pin: str, pin_hash: str) -> bool:
        PatientCard._base_manager.filter(code=code).update(failed_tries=5, locked_at=patient.registered_at)
        return real(pin, pin_hash)

    monkeypatch.setattr(trying, "check_password", while_others_try)
    assert try_card_pin(code=code, pin=PIN) == patient.account
    assert PatientCard.objects.get().locked_at is not None


def test_an_unknown_code_costs_a_hash_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr(trying, "make_password", hashed.append)
    assert try_card_pin(code="AAAAAAAA", pin=PIN) is None
    assert hashed == [PIN]


def test_a_closed_account_does_not_come_in(house: House) -> None:
    patient = house.patient()
    code = house.card(patient)
    patient.account.is_active = False
    patient.account.save()
    assert try_card_pin(code=code, pin=PIN) is None
    assert PatientCardBackend().get_user(patient.account_id) is None


def test_neither_door_opens_for_the_other(house: House) -> None:
    patient = house.patient()
    code = house.card(patient)
    patient.account.set_password(PASSWORD)
    patient.account.save()
    assert authenticate(None, username=patient.account.username, password=PASSWORD) is None
    assert StaffBackend().get_user(patient.account_id) is None
    assert PatientCardBackend().get_user(house.receptionist.pk) is None
    assert authenticate(None, username=house.receptionist.username, password=PASSWORD) == house.receptionist
    assert authenticate(None, card_code=f" {code[:4].lower()}-{code[4:]} ", pin=PIN) == patient.account
