"""A mistake in the record: the patient says it, the clinic answers, and what stood before stays."""

import re
import uuid
from typing import Any

import pytest
from django.urls import reverse

from clinic.actions.correct_patient import correct_patient
from clinic.exceptions import InvalidInputError, NotAllowedError
from clinic.models import Patient
from consent.actions.answer_correction import answer_correction
from consent.models import Complaint, CorrectionAnswer, CorrectionRequest
from consent.queries.corrections import own_corrections
from consent.vocabulary import CorrectionOutcome
from tests.factories import House
from tests.integration.consent_pages.people import address, hidden, staff, text_of, with_card, with_tablet
from tests.story_voice import details_of, wished

MINE = "mine-corrections"


def detail_fields(patient: Patient, **changes: str) -> dict[str, str]:
    first, second, third = [*patient.languages, "", "", ""][:3]
    return {
        "name": patient.name,
        "latin_name": patient.latin_name,
        "birth_date": patient.birth_date.isoformat(),
        "first_language": first,
        "second_language": second,
        "third_language": third,
        "safe_contact": patient.safe_contact,
        "contact_detail": patient.contact_detail,
        **changes,
    }


def seen(response: Any) -> str:
    """What a page says, without what guards its forms."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text_of(response))


def test_she_says_what_is_wrong_once(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    sent = {
        "form_key": hidden(browser.get(reverse(MINE)), "form_key"),
        "about": str(consent.pk),
        "wrong": "I was not alone.",
        "should_say": "My aunt was there.",
    }
    for _time in range(2):
        assert browser.post(reverse(MINE), sent).status_code == 303
    found = CorrectionRequest.objects.get()
    assert (found.consent, found.patient) == (consent, consent.patient)
    assert "My aunt was there." in text_of(browser.get(reverse(MINE)))


def test_what_cannot_be_read_is_refused_and_kept(house: House) -> None:
    theirs, browser = house.given(), with_card(house.patient("Test Patient Two"))
    long = "x" * 40_000
    answer = browser.post(reverse(MINE), {"form_key": str(uuid.uuid4()), "wrong": long, "should_say": "This."})
    assert answer.status_code == 422 and long in text_of(answer)
    empty = browser.post(reverse(MINE), {"form_key": str(uuid.uuid4()), "wrong": " ", "should_say": "This."})
    assert empty.status_code == 422 and "This." in text_of(empty)
    foreign = {"form_key": str(uuid.uuid4()), "about": str(theirs.pk), "wrong": "All.", "should_say": "None."}
    assert browser.post(reverse(MINE), foreign).status_code == 404
    assert with_tablet(theirs).get(reverse(MINE)).status_code == 404
    assert not CorrectionRequest.objects.exists()


def test_her_name_is_corrected_in_the_same_act(house: House) -> None:
    wish = wished(house)
    old = wish.patient.name
    page, desk = address("correction", correction_id=wish.pk), staff(house.administrator)
    assert old not in text_of(desk.get(reverse("corrections")))
    sent = {"outcome": "corrected", "words": "Written as you said.", **detail_fields(wish.patient, name="Test Uno")}
    assert desk.post(page, sent).status_code == 303
    patient = Patient.objects.get(pk=wish.patient_id)
    assert (patient.name, patient.account.display_name) == ("Test Uno", "Test Uno")
    assert [row.name for row in patient.history.order_by("history_date")] == [old, "Test Uno"]
    assert patient.history.order_by("-history_date").first().history_user_id == house.administrator.pk
    assert "Written as you said." in text_of(with_card(patient).get(reverse(MINE)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "name"),  # nothing is different
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"safe_contact": "phone-call"}, "contact_detail"),
        ({"second_language": "en"}, "second_language"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_whole(house: House, changes: dict[str, str], field: str) -> None:
    wish = wished(house, house.patient(languages=["en"]))
    sent = {"outcome": "corrected", "words": "Mended.", **detail_fields(wish.patient, **changes)}
    answer = staff(house.midwife.account).post(address("correction", correction_id=wish.pk), sent)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors and "Mended." in text_of(answer)
    assert not CorrectionAnswer.objects.exists()


def test_a_refusal_has_its_reason_and_she_sends_it_on(house: House) -> None:
    consent = house.given()
    wish = wished(house, consent.patient, consent=consent)
    page = address("correction", correction_id=wish.pk)
    assert staff(house.administrator).get(page).status_code == 404  # what it was about is not for every role
    clinician = staff(house.midwife.account)
    assert clinician.post(page, {"outcome": "not-corrected", "words": ""}).status_code == 422
    sent = {"outcome": "not-corrected", "words": "It is what you said."}
    for _time in range(2):
        assert clinician.post(page, sent).status_code == 303
    before = seen(clinician.get(page))
    browser = with_card(consent.patient)
    assert "It is what you said." in text_of(browser.get(reverse(MINE)))
    for _time in range(2):
        answer = browser.post(address("mine-correction-send", correction_id=wish.pk))
        assert (answer.status_code, answer.url) == (303, reverse("mine-complaints"))
    found = Complaint.objects.get()
    assert (found.category, found.correction, found.consent) == ("other", wish, consent)
    advocate = text_of(staff(house.advocate).get(address("complaint", complaint_id=found.pk)))
    assert wish.wrong in advocate and "It is what you said." in advocate
    assert seen(clinician.get(page)) == before
    assert own_corrections(consent.patient)[0].can_send is False
    stranger = with_card(house.patient("Test Patient Two"))
    assert stranger.post(address("mine-correction-send", correction_id=wish.pk)).status_code == 404


def test_details_that_stand_are_no_obstacle_to_a_no(house: House) -> None:
    wish = wished(house)
    sent = {"outcome": "not-corrected", "words": "Your paper says so.", "name": "", "birth_date": "what"}
    answer = staff(house.administrator).post(address("correction", correction_id=wish.pk), sent)
    assert answer.status_code == 303
    assert CorrectionAnswer.objects.get().words == "Your paper says so."


def test_only_who_may_corrects(house: House) -> None:
    wish, other = wished(house), House(sheets=())
    details = details_of(wish.patient, name="Test Uno")
    for account in (house.receptionist, house.advocate, house.auditor, wish.patient.account, other.midwife.account):
        with pytest.raises(NotAllowedError):
            answer_correction(
                request_id=wish.pk, outcome=CorrectionOutcome.CORRECTED, words="Yes.", details=details, by=account
            )
    with pytest.raises(InvalidInputError):
        correct_patient(
            patient_id=wish.patient_id,
            by=house.administrator,
            name=" ",
            latin_name="",
            birth_date=wish.patient.birth_date,
            languages=wish.patient.languages,
            safe_contact=wish.patient.safe_contact,
            contact_detail="",
        )
