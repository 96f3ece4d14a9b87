"""Sites, accounts, patients: who can be entered, by whom, and once."""

import datetime
import uuid
from typing import Any

import pytest

from clinic.actions.define_procedure_type import define_procedure_type
from clinic.actions.open_account import open_account
from clinic.actions.open_site import open_site
from clinic.actions.record_access_needs import record_access_needs
from clinic.actions.record_training import record_training
from clinic.exceptions import ClinicError, InvalidInputError, LookAlikeError, NotAllowedError, WrongStateError
from clinic.models import Account, Patient, ProcedureType
from clinic.vocabulary import AccessNeed, Particular, Preset, ProcedureCategory, Role, SafeContact
from tests.factories import PASSWORD, House


def account_of(house: House, **changes: Any) -> Account:
    values: dict[str, Any] = {
        "username": "new-desk",
        "display_name": "Test Newcomer",
        "role": Role.RECEPTIONIST,
        "site_id": house.site.pk,
        "password": PASSWORD,
    }
    return open_account(**(values | changes))


def test_a_site_needs_a_real_time_zone(db: None) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        open_site(name="Test Clinic", time_zone="Asia/Nowhere", preset=Preset.ENGLAND)
    assert refusal.value.field == "time_zone"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", "  "),
        ("username", "x" * 65),
        ("display_name", ""),
        ("display_name", "x" * 201),
        ("password", "short"),
        ("password", "password1234"),
        ("role", Role.PATIENT),
    ],
)
def test_a_wrong_account_is_refused_with_its_field(house: House, field: str, value: Any) -> None:
    before = Account.objects.count()
    with pytest.raises(InvalidInputError) as refusal:
        account_of(house, **{field: value})
    assert refusal.value.field == field
    assert Account.objects.count() == before


def test_a_user_name_is_taken_once(house: House) -> None:
    account_of(house)
    with pytest.raises(InvalidInputError) as refusal:
        account_of(house)
    assert refusal.value.field == "username"


def test_a_practitioner_needs_a_profession(house: House) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        account_of(house, role=Role.PRACTITIONER)
    assert refusal.value.field == "profession"
    assert not Account.objects.filter(username="new-desk").exists()


def test_a_patient_gets_an_account_without_a_password(house: House) -> None:
    patient = house.patient(name="  测试 病人  ")
    assert patient.name == "测试 病人"
    assert patient.account.role == Role.PATIENT
    assert not patient.account.has_usable_password()
    line = patient.history.get()
    assert (line.history_user_id, line.history_type) == (house.receptionist.pk, "+")


def test_a_registration_sent_twice_writes_once(house: House) -> None:
    key = uuid.uuid4()
    first = house.patient(form_key=key, has_looked=False)
    second = house.patient(form_key=key, has_looked=False)
    assert first.pk == second.pk
    assert Patient.objects.count() == Account.objects.filter(role=Role.PATIENT).count() == 1


def test_a_form_sent_by_somebody_else_is_not_hers(house: House) -> None:
    key = uuid.uuid4()
    house.patient(form_key=key)
    with pytest.raises(NotAllowedError):
        house.patient(form_key=key, by=house.midwife.account)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"birth_date": datetime.date(2027, 1, 16)}, "birth_date"),
        ({"birth_date": datetime.date(1890, 1, 1)}, "birth_date"),
        ({"languages": []}, "languages"),
        ({"languages": ["en", "en"]}, "languages"),
        ({"languages": ["<script>"]}, "languages"),
        ({"safe_contact": SafeContact.PHONE_CALL}, "contact_detail"),
        ({"safe_contact": SafeContact.NONE, "contact_detail": "555"}, "contact_detail"),
        ({"safe_contact": "megaphone"}, "safe_contact"),
        ({"communication_needs": "x" * 1001}, "communication_needs"),
    ],
)
def test_a_wrong_patient_is_refused_with_its_field(house: House, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        house.patient(**changes)
    assert refusal.value.field == field
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("name", "changes", "is_like"),
    [
        ("Test Patient One", {}, True),
        ("test  PATIENT one", {"birth_date": datetime.date(1990, 1, 1)}, False),
        ("TEST PATIENT ONE", {"birth_date": datetime.date(1990, 1, 1)}, True),
        ("Someone One", {}, True),
        ("Somebody Else", {}, False),
        ("Somebody Else", {"latin_name": "Test"}, True),
    ],
)
def test_who_looks_alike_is_shown_before_registering(
    house: House, name: str, changes: dict[str, Any], is_like: bool
) -> None:
    house.patient()
    if not is_like:
        assert house.patient(name=name, has_looked=False, **changes)
        return
    with pytest.raises(LookAlikeError):
        house.patient(name=name, has_looked=False, **changes)
    assert house.patient(name=name, has_looked=True, **changes)


def test_names_without_blanks_are_compared_by_their_signs(house: House) -> None:
    house.patient(name="欧阳测试")
    with pytest.raises(LookAlikeError):
        house.patient(name="欧阳试验", has_looked=False)
    assert house.patient(name="王试验", has_looked=False)


def test_look_alikes_of_another_clinic_are_nobodys_business(house: House, elsewhere: House) -> None:
    elsewhere.patient()
    assert house.patient(has_looked=False)


@pytest.mark.parametrize("who", ["advocate", "auditor", "administrator"])
def test_who_may_not_register(house: House, who: str) -> None:
    with pytest.raises(NotAllowedError):
        house.patient(by=getattr(house, who))
    with pytest.raises(NotAllowedError):
        house.patient(by=house.patient().account)


def test_nobody_registers_at_another_clinic(house: House, elsewhere: House) -> None:
    with pytest.raises(NotAllowedError):
        house.patient(by=elsewhere.receptionist)


def test_a_procedure_type_gathers_names_and_keeps_its_category(db: None) -> None:
    values: dict[str, Any] = {"code_system": "urn:test", "code": "x", "needs_laterality": False}
    category = ProcedureCategory.MINOR
    first = define_procedure_type(names={"en": "A small cut"}, category=category, **values)
    second = define_procedure_type(names={"zh-Hans": "小切口"}, category=category, **values)
    define_procedure_type(names={"en": "A small cut"}, category=category, **values)
    assert first.pk == second.pk
    kind = ProcedureType.objects.get()
    assert kind.names == {"en": "A small cut", "zh-Hans": "小切口"}
    assert kind.history.count() == 2
    with pytest.raises(ClinicError):
        define_procedure_type(names={}, category=ProcedureCategory.STER, **values)


def test_a_particular_is_added_once_and_never_changed(db: None) -> None:
    values: dict[str, Any] = {
        "code_system": "urn:test",
        "code": "x",
        "needs_laterality": False,
        "names": {"en": "A test"},
    }
    category = ProcedureCategory.TEST
    assert define_procedure_type(category=category, **values).particular == Particular.NONE
    kind = define_procedure_type(category=category, particular=Particular.PREGNANCY_TEST, **values)
    assert kind.particular == Particular.PREGNANCY_TEST
    for other in (Particular.NONE, Particular.HYSTERECTOMY):
        with pytest.raises(ClinicError, match="particular"):
            define_procedure_type(category=category, particular=other, **values)


def test_what_keeps_her_from_reading_may_stay_unasked(house: House) -> None:
    assert house.patient(access_needs=None).access_needs is None
    assert house.patient(name="Test Two", access_needs=()).access_needs == []
    needs = [AccessNeed.DEAF, AccessNeed.CANNOT_READ]
    assert house.patient(name="Test Three", access_needs=needs).access_needs == [
        "cannot-read",
        "deaf-or-hard-of-hearing",
    ]


def test_what_keeps_her_from_reading_can_be_asked_later(house: House, elsewhere: House) -> None:
    patient = house.patient(access_needs=None)
    for needs, stored in (((), []), ((AccessNeed.BLIND,), ["blind-or-low-vision"])):
        for _click in range(2):
            row = record_access_needs(patient_id=patient.pk, access_needs=needs, by=house.receptionist)
            assert row.access_needs == stored
    assert patient.history.count() == 3
    for account in (house.advocate, house.auditor, patient.account, elsewhere.receptionist):
        with pytest.raises(NotAllowedError):
            record_access_needs(patient_id=patient.pk, access_needs=(), by=account)
    with pytest.raises(WrongStateError):
        record_access_needs(patient_id=uuid.uuid4(), access_needs=(), by=house.receptionist)
    assert Patient.objects.get(pk=patient.pk).access_needs == ["blind-or-low-vision"]


def test_only_the_administrator_of_the_clinic_records_training(house: House, elsewhere: House) -> None:
    for account in (house.midwife.account, house.receptionist, house.advocate, elsewhere.administrator):
        with pytest.raises(NotAllowedError):
            record_training(practitioner_id=house.midwife.pk, trained_for=(), by=account)
    with pytest.raises(WrongStateError):
        record_training(practitioner_id=uuid.uuid4(), trained_for=(), by=house.administrator)
    for _click in range(2):
        changed = record_training(
            practitioner_id=house.midwife.pk, trained_for=[ProcedureCategory.VACC], by=house.administrator
        )
        assert changed.trained_for == ["VACC"]
    assert house.midwife.history.count() == 2
