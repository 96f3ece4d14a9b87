"""Away from a procedure nothing is needed: whatever else is missing, broken or over, taking back is two steps."""

from collections.abc import Callable

import pytest
from django.test import Client

from clinic.actions.cancel_appointment import cancel_appointment
from clinic.actions.cancel_procedure import cancel_procedure
from clinic.actions.try_card_pin import try_card_pin
from clinic.exceptions import CardLockedError
from consent.actions.start_procedure import start_procedure
from consent.models import Consent, LedgerEntry
from consent.record import fonts
from consent.record.exceptions import FontsMissingError
from consent.rules import case
from consent.rules.policy import PolicyError
from consent.vocabulary import ConsentState, EntryKind, Via
from tests.factories import House
from tests.integration.consent_pages.people import address, fresh, staff, text_of, with_card, with_tablet


def take_back(browser: Client, consent: Consent) -> None:
    """The link, and the button behind it."""
    link = address("mine-take-back", consent_id=consent.pk)
    assert f'href="{link}"' in text_of(browser.get(address("mine"), follow=True))
    assert browser.get(link).status_code == 200
    assert browser.post(link, {"words": ""}).status_code == 303
    assert fresh(consent).state == ConsentState.WITHDRAWN
    assert browser.get(address("mine-done", consent_id=consent.pk)).status_code == 200


@pytest.fixture
def broken_rules(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Breaks the rule table of every clinic."""

    def no_table(*_names: object, **_more: object) -> None:
        raise PolicyError("strict-default.toml: not TOML")

    return lambda: monkeypatch.setattr(case, "policy_for", no_table)


def test_when_the_appointment_was_cancelled(house: House) -> None:
    consent = house.given()
    cancel_appointment(appointment_id=consent.procedure.appointment_id, by=house.receptionist)
    browser = with_card(consent.patient)
    assert "There is no appointment for this any more." in text_of(browser.get(address("mine")))
    take_back(browser, consent)


def test_when_the_procedure_was_called_off(house: House) -> None:
    consent = house.given()
    cancel_procedure(procedure_id=consent.procedure_id, by=house.midwife.account)
    browser = with_card(consent.patient)
    page = text_of(browser.get(address("mine")))
    assert "This procedure has been called off." in page
    assert "Planned for:" not in page
    take_back(browser, consent)


def test_on_the_clinics_tablet(house: House) -> None:
    consent = house.given()
    take_back(with_tablet(consent), consent)


def test_when_the_rules_of_the_clinic_cannot_be_read(house: House, broken_rules: Callable[[], None]) -> None:
    consent = house.given()
    broken_rules()
    take_back(with_card(consent.patient), consent)


def test_staff_find_the_way_when_the_rules_cannot_be_read(house: House, broken_rules: Callable[[], None]) -> None:
    consent = house.ready()
    broken_rules()
    midwife = staff(house.midwife.account)
    for page in (address("today"), address("patient", patient_id=consent.patient_id)):
        assert midwife.get(page).status_code == 200
    page = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    link = address("consent-spoken-no", consent_id=consent.pk)
    assert f'href="{link}"' in page
    assert "The rules of this clinic cannot be read" in page
    assert "strict-default.toml: not TOML" in page
    refused = midwife.post(address("procedure-start", procedure_id=consent.procedure_id))
    assert refused.status_code == 409
    assert LedgerEntry.objects.filter(kind=EntryKind.START_REFUSED).count() == 1
    assert midwife.post(link, {"words": ""}, follow=True).status_code == 200
    assert fresh(consent).state == ConsentState.WITHDRAWN


def test_no_yes_is_taken_under_rules_nobody_can_read(house: House, broken_rules: Callable[[], None]) -> None:
    consent = house.informed()
    broken_rules()
    browser = with_card(consent.patient)
    typed = {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Test Patient One"}
    page = browser.post(address("mine-give", consent_id=consent.pk), typed)
    assert page.status_code == 422
    assert "Because of a fault at the clinic" in text_of(page)
    assert fresh(consent).state == ConsentState.INFORMED


def test_when_the_fonts_are_not_there(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_fonts() -> None:
        raise FontsMissingError("no font")

    monkeypatch.setattr(fonts, "_load", no_fonts)
    consent = house.given()
    browser = with_card(consent.patient)
    refused = browser.post(address("mine-record", consent_id=consent.pk))
    assert refused.status_code == 409
    assert "Something at the clinic is not in order for printing." in text_of(refused)
    take_back(browser, consent)


def test_when_the_card_is_locked_staff_write_it_down_on_her_word(house: House) -> None:
    consent = house.given()
    code = house.card(consent.patient)
    for _try in range(4):
        assert try_card_pin(code=code, pin="000001") is None
    with pytest.raises(CardLockedError):
        try_card_pin(code=code, pin="000001")
    midwife = staff(house.midwife.account)
    assert midwife.post(address("consent-spoken-no", consent_id=consent.pk), {"words": ""}).status_code == 303
    after = fresh(consent)
    assert (after.state, after.ended_via) == (ConsentState.WITHDRAWN, Via.SPOKEN_TO_STAFF)


def test_while_it_is_being_done(house: House) -> None:
    consent = house.ready()
    assert start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account).start
    take_back(with_card(consent.patient), consent)
