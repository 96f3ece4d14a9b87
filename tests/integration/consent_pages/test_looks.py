"""Every look of staff at a patient's pages is written down, also when the page comes back with a refused form."""

import pytest

from clinic.models import RecordView
from consent.exceptions import LedgerError
from consent.models import LedgerEntry
from consent.queries.ledger import verify
from tests.factories import House
from tests.integration.consent_pages.people import address, staff, with_card

FORMS = ("consent-conversation", "consent-certify", "consent-report-error", "consent-hold")


@pytest.mark.parametrize("name", FORMS)
def test_a_refused_form_is_a_look(house: House, name: str) -> None:
    consent = house.proposed()
    browser = staff(house.midwife.account)
    response = browser.post(address(name, consent_id=consent.pk), {})
    assert response.status_code == 422
    look = RecordView.objects.get(patient=consent.patient)
    assert look.viewed_by == house.midwife.account


@pytest.mark.parametrize("name", ["appointment-new", "patient-card"])
def test_a_refused_form_of_the_desk_is_a_look(house: House, name: str) -> None:
    patient = house.patient()
    response = staff(house.receptionist).post(address(name, patient_id=patient.pk), {})
    assert response.status_code == 422
    assert RecordView.objects.get(patient=patient).page == name


def test_her_own_pages_are_no_looks_of_staff(house: House) -> None:
    consent = house.informed()
    response = with_card(consent.patient).post(address("mine-give", consent_id=consent.pk), {})
    assert response.status_code == 422
    assert not RecordView.objects.filter(patient=consent.patient).exists()


def test_a_look_is_an_entry_without_a_word_of_her_health(house: House) -> None:
    consent = house.proposed()
    staff(house.midwife.account).get(address("consent", consent_id=consent.pk))
    look = RecordView.objects.get(patient=consent.patient)
    body = bytes(LedgerEntry.objects.get(kind="record.viewed").body).decode()
    assert look.pk.hex in body
    assert look.page not in body.replace("consent.", "")
    assert verify().count == 0


def test_a_look_that_cannot_be_put_on_record_does_not_happen(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    consent, browser = house.proposed(), staff(house.midwife.account)

    def full(*_args: object, **_kwargs: object) -> None:
        raise LedgerError("The ledger could not take the entry, so nothing was saved.")

    monkeypatch.setattr("consent.actions.note_look.append", full)
    response = browser.get(address("consent", consent_id=consent.pk))
    assert response.status_code == 503
    assert consent.patient.name not in response.content.decode()
    assert not RecordView.objects.filter(patient=consent.patient).exists()
