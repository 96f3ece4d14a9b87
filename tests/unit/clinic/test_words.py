"""Every closed list has its words, every field its privacy, every name its comparable form."""

from enum import StrEnum

import pytest
from django.apps import apps
from django.conf import settings

from clinic import context, wording
from clinic.languages import LANGUAGE_NAMES
from clinic.privacy import FIELD_PRIVACY, HISTORY_FIELDS, HISTORY_PREFIX, privacy_of
from clinic.queries import folded
from clinic.vocabulary import AppointmentStatus, Laterality, PrivacyClass, ProcedureStatus, Role, SafeContact

LISTS = {
    AppointmentStatus: wording.APPOINTMENT_WORDS,
    Laterality: wording.LATERALITY_WORDS,
    ProcedureStatus: wording.PROCEDURE_WORDS,
    Role: wording.ROLE_WORDS,
    SafeContact: wording.SAFE_CONTACT_WORDS,
}


@pytest.mark.parametrize("codes", LISTS, ids=lambda codes: codes.__name__)
def test_each_code_has_its_words(codes: type[StrEnum]) -> None:
    words = LISTS[codes]
    assert set(words) == set(codes)
    assert len({str(text) for text in words.values()}) == len(words)
    assert [value for value, _text in wording.word_choices(words)] == [code.value for code in codes]
    assert str(wording.words_for(words, "no-such-code")) == "no-such-code"


def test_every_field_has_exactly_one_privacy_class() -> None:
    for model in apps.get_app_config("clinic").get_models():
        for field in model._meta.concrete_fields:
            assert isinstance(privacy_of(model.__name__, field.name), PrivacyClass)
    known = {
        (model.__name__, field.name)
        for model in apps.get_app_config("clinic").get_models()
        if not model.__name__.startswith(HISTORY_PREFIX)
        for field in model._meta.concrete_fields
    }
    assert known == {(name, field) for name, fields in FIELD_PRIVACY.items() for field in fields}


def test_history_follows_its_model() -> None:
    assert privacy_of("HistoricalPatient", "name") is PrivacyClass.PERSONAL
    assert {privacy_of("HistoricalPatient", name) for name in HISTORY_FIELDS} == {PrivacyClass.OPEN}
    with pytest.raises(KeyError):
        privacy_of("Patient", "shoe_size")


def test_every_page_language_has_its_own_name() -> None:
    assert set(context.LANGUAGE_NAMES) == {code for code, _name in settings.LANGUAGES}
    assert len(set(LANGUAGE_NAMES.values())) == len(LANGUAGE_NAMES)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("  Ann\u00a0 LEE ", "ann lee"), ("\uff34est", "test"), ("Strauß", "strauss"), ("测试", "测试"), ("", "")],
)
def test_names_are_compared_in_one_form(typed: str, plain: str) -> None:
    assert folded(typed) == plain
