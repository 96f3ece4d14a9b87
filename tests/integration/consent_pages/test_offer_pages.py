"""Pages about offering: what is missing, from when, her wish to talk again, and how often she was asked."""

import uuid
from typing import Any

from clinic.models import Patient, RecordView
from consent.actions.refuse import refuse_consent
from consent.actions.withdraw import withdraw_consent
from consent.models import ClinicalFact, Consent, RefusedOffer, TalkRequest
from consent.vocabulary import Via
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent.test_offer import asked, refused, with_fact
from tests.integration.consent_pages.people import address, held, staff, text_of, with_card, with_tablet


def offer(house: House, consent: Consent, **changes: Any) -> Any:
    """The midwife sends the form that offers it."""
    typed = {"form_key": str(uuid.uuid4()), "language": "en", "request_source": "patient"} | changes
    page = address("consent-propose", procedure_id=consent.procedure_id)
    return staff(house.midwife.account).post(page, typed)


def wish(browser: Any, consent: Consent) -> Any:
    return browser.post(address("mine-ask-to-talk", consent_id=consent.pk))


def test_a_refused_offer_says_what_is_missing_and_from_when(house: House) -> None:
    consent = refused(house)
    response = offer(house, consent)
    page = text_of(response)
    assert response.status_code == 409
    assert 'id="missing-re-offer-days"' in page
    assert "2027-04-15T00:00:00" in page or "2027-04-14T16:00:00" in page
    assert RefusedOffer.objects.count() == 1
    assert RecordView.objects.filter(patient=consent.patient, page="consent-propose").count() == 1
    shown = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    assert "An offer was not allowed" in shown
    assert "1 offer was not allowed." in shown


def test_the_page_says_before_that_she_is_left_in_peace(house: House) -> None:
    consent = house.given()
    withdraw_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    midwife = staff(house.midwife.account)
    for name, ids in (
        ("consent-propose", {"procedure_id": consent.procedure_id}),
        ("consent", {"consent_id": consent.pk}),
        ("patient", {"patient_id": consent.patient_id}),
    ):
        page = text_of(midwife.get(address(name, **ids)))
        assert "The patient has been asked about this 1 time." in page, name
        assert page.count("If the patient asks for it, it is open at once.") == 2, name
    assert "asked about this" not in text_of(
        staff(house.receptionist).get(address("patient", patient_id=consent.patient_id))
    )


def test_she_asks_to_talk_again_from_her_own_page(house: House) -> None:
    consent = refused(house)
    card, page = with_card(consent.patient), address("mine-consent", consent_id=consent.pk)
    assert "I want to talk about this again" in text_of(card.get(page))
    for _click in range(2):
        response = wish(card, consent)
        assert (response.status_code, response.headers["Location"]) == (303, page)
    assert TalkRequest.objects.count() == 1
    shown = text_of(card.get(page))
    assert "You asked to talk about this again:" in shown
    assert "I want to talk about this again" not in shown
    for name, ids in (
        ("consent-propose", {"procedure_id": consent.procedure_id}),
        ("consent", {"consent_id": consent.pk}),
        ("patient", {"patient_id": consent.patient_id}),
    ):
        staff_page = text_of(staff(house.midwife.account).get(address(name, **ids)))
        assert "The patient asked to talk about this again:" in staff_page, name
        assert "it is open at once" not in staff_page
    assert offer(house, consent).status_code == 303


def test_she_can_ask_on_the_clinics_tablet(house: House) -> None:
    consent = refused(house)
    assert wish(with_tablet(consent), consent).status_code == 303
    assert TalkRequest.objects.get().asked_by == consent.patient.account


def test_nobody_else_can_ask_for_her(house: House, next_door: House) -> None:
    consent = refused(house)
    other = with_card(house.patient("Test Patient Two"))
    assert wish(other, consent).status_code == 404
    for account in (house.midwife.account, house.receptionist, next_door.midwife.account):
        assert wish(staff(account), consent).status_code in {302, 303, 403, 404}
    assert not TalkRequest.objects.exists()


def test_while_it_is_open_there_is_nothing_to_ask_for(house: House) -> None:
    consent = house.proposed()
    card = with_card(consent.patient)
    assert "talk about this again" not in text_of(card.get(address("mine-consent", consent_id=consent.pk)))
    assert wish(card, consent).status_code == 409


def test_her_page_says_how_often_she_was_asked(house: House) -> None:
    first = refused(house)
    asked(first)
    second = house.offered(first.procedure).consent
    assert second is not None
    card = with_card(first.patient)
    for consent in (first, second):
        page = text_of(card.get(address("mine-consent", consent_id=consent.pk)))
        assert "You have been asked about this 2 times." in page
    refuse_consent(consent_id=second.pk, by=first.patient.account, via=Via.OWN_CARD)
    proposing = text_of(staff(house.midwife.account).get(address("consent-propose", procedure_id=first.procedure_id)))
    assert "The patient has been asked about this 2 times." in proposing


def test_a_new_fact_is_recorded_by_someone_else_and_seen(house: House) -> None:
    consent = refused(house)
    page, door = address("consent-clinical-fact", consent_id=consent.pk), "Something new is known"
    shown = address("consent", consent_id=consent.pk)
    midwife, colleague = staff(house.midwife.account), staff(house.colleague.account)
    assert door not in text_of(midwife.get(shown))
    assert midwife.get(page).headers["Location"] == shown
    assert midwife.post(page, {"fact": "Anything."}).status_code == 403
    assert door in text_of(colleague.get(shown))
    assert colleague.get(page).status_code == 200
    assert colleague.post(page, {"fact": " "}).status_code == 422
    assert colleague.post(page, {"fact": "Her blood count has come back low."}).status_code == 303
    assert ClinicalFact.objects.get().recorded_by == house.colleague.account
    assert "Her blood count has come back low." in text_of(midwife.get(shown))
    assert "blood count" not in text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert offer(house, consent).status_code == 303


def test_the_form_asks_only_what_this_offer_needs(house: House) -> None:
    house.publish("tubal-ligation")
    midwife = staff(house.midwife.account)
    plain = text_of(midwife.get(address("consent-propose", procedure_id=house.procedure().pk)))
    for question in ("How does the sheet reach the patient?", "Is one of these so", "What is the operation for?"):
        assert question not in plain
    surgery = house.procedure(code="tubal-ligation")
    page = address("consent-propose", procedure_id=surgery.pk)
    assert "Is one of these so for the patient now?" in text_of(midwife.get(page))
    typed = {"form_key": str(uuid.uuid4()), "language": "en", "request_source": "patient"}
    assert midwife.post(page, typed).status_code == 422
    assert midwife.post(page, typed | {"excluded_as": ["none", "held-in-institution"]}).status_code == 422
    refusal = midwife.post(page, typed | {"excluded_as": ["held-in-institution"]})
    assert refusal.status_code == 409
    assert 'id="missing-excluded-subjects"' in text_of(refusal)
    assert midwife.post(page, typed | {"excluded_as": ["none"]}).status_code == 303


def test_a_strange_language_brings_its_question_along(house: House) -> None:
    consent = refused(house, house.procedure(house.patient("Test Patient Two")))
    other = house.procedure()
    page = address("consent-propose", procedure_id=other.pk)
    typed = {"form_key": str(uuid.uuid4()), "language": "zh-Hans", "request_source": "patient"}
    response = staff(house.midwife.account).post(page, typed)
    assert response.status_code == 422
    assert "How does the sheet reach the patient?" in text_of(response)
    assert not Consent.objects.filter(procedure=other).exists()
    assert consent.procedure_id != other.pk


def test_what_was_not_asked_at_the_desk_is_asked_before_an_offer(house: House) -> None:
    patient = house.patient(access_needs=None)
    procedure = house.procedure(patient)
    midwife = staff(house.midwife.account)
    ask = address("patient-access-needs", patient_id=patient.pk)
    assert ask in text_of(midwife.get(address("consent-propose", procedure_id=procedure.pk)))
    assert midwife.post(ask, {}).status_code == 422
    assert midwife.post(ask, {"access_needs": ["none", "cannot-read"]}).status_code == 422
    assert midwife.post(ask, {"access_needs": ["cannot-read"]}).status_code == 303
    assert Patient.objects.get(pk=patient.pk).access_needs == ["cannot-read"]
    assert "How does the sheet reach the patient?" in text_of(
        midwife.get(address("consent-propose", procedure_id=procedure.pk))
    )


def test_a_newer_sheet_that_she_cannot_read_is_refused_on_a_page(house: House) -> None:
    consent = house.proposed()
    page = address("consent-supersede", consent_id=consent.pk)
    typed = {"form_key": str(uuid.uuid4()), "language": "zh-Hans", "reading_aid": "read-aloud"}
    response = staff(house.midwife.account).post(page, typed)
    assert response.status_code == 409
    assert 'id="missing-sheet-in-language"' in text_of(response)
    again = staff(house.midwife.account).post(page, typed | {"reading_aid": "interpreted-aloud"})
    assert again.status_code == 303


def test_the_advocate_finds_the_third_attempt_among_the_concerns(house: House, movable_clock: MovableClock) -> None:
    consent = refused(house)
    for _attempt in range(3):
        assert offer(house, consent).status_code == 409
    (hold,) = consent.holds.all()
    advocate = staff(house.advocate)
    assert address("hold-lift", hold_id=hold.pk) in text_of(advocate.get(address("holds")))
    assert advocate.get(address("hold-lift", hold_id=hold.pk)).status_code == 200
    mine = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    other = refused(house)
    held(house.proposed(), by=house.receptionist)
    twin = text_of(with_card(other.patient).get(address("mine-consent", consent_id=other.pk)))
    assert ("concern" in mine.lower()) == ("concern" in twin.lower())


def test_a_new_fact_shows_where_the_next_offer_is_made(house: House) -> None:
    consent = refused(house)
    with_fact(house, consent)
    page = text_of(staff(house.midwife.account).get(address("consent-propose", procedure_id=consent.procedure_id)))
    assert "New about the patient's health since the no:" in page
