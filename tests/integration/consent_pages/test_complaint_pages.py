"""Complaining in two steps, the advocate's clock, and answers that stay."""

import datetime
import uuid

import pytest
from django.urls import reverse

from clinic.exceptions import NotAllowedError, WrongStateError
from clinic.models import RecordView
from consent.actions.answer_complaint import answer_complaint
from consent.actions.complain import complain
from consent.actions.lift_hold import lift_hold
from consent.models import Complaint, Hold
from consent.queries.complaints import own_complaints
from consent.vocabulary import ComplaintCategory, Via
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent_pages.people import address, hidden, staff, text_of, with_card, with_tablet
from tests.story_voice import WORDS, complained

NEW = "mine-complain"


def test_she_complains_with_one_tap(house: House) -> None:
    patient = house.patient()
    browser = with_card(patient)
    page = browser.get(reverse(NEW))
    sent = {"form_key": hidden(page, "form_key"), "words": "", "about": "", "category": "papers-withheld"}
    answer = browser.post(reverse(NEW), sent)
    assert (answer.status_code, answer.url) == (303, reverse("mine-complained"))
    assert browser.post(reverse(NEW), sent).status_code == 303
    found = Complaint.objects.get()
    assert (found.patient, found.category, found.words, found.made_via) == (patient, "papers-withheld", "", "own-card")
    listed = text_of(browser.get(reverse("mine-complaints")))
    assert "Papers or certificates were kept from me" in listed
    assert "The advocate has to answer by" in listed


def test_on_the_tablet_she_complains_and_nothing_shows_it(house: House) -> None:
    consent = house.informed()
    tablet = with_tablet(consent)
    about = reverse(NEW) + f"?about={consent.pk}"
    assert about in text_of(tablet.get(address("mine-consent", consent_id=consent.pk)))
    before = text_of(tablet.get(about))
    assert f'value="{consent.pk}" selected' in before
    sent = {"form_key": hidden(tablet.get(about), "form_key"), "about": str(consent.pk), "category": "sent-home"}
    assert tablet.post(reverse(NEW), sent).status_code == 303
    found = Complaint.objects.get()
    assert (found.consent, found.made_via) == (consent, "clinic-tablet")
    assert tablet.get(reverse("mine-complained")).status_code == 200
    assert tablet.get(reverse("mine-complaints")).status_code == 404
    assert tablet.get(address("mine-complaint-add", complaint_id=found.pk)).status_code == 404


@pytest.mark.parametrize("category", ["", "gossip"])
def test_without_a_tap_nothing_is_sent_and_the_words_stay(house: House, category: str) -> None:
    browser = with_card(house.patient())
    answer = browser.post(reverse(NEW), {"form_key": str(uuid.uuid4()), "words": "My words.", "category": category})
    assert answer.status_code == 422
    assert "Tap one of the buttons." in text_of(answer) and "My words." in text_of(answer)
    assert not Complaint.objects.exists()


def test_40_kb_of_words_are_refused_and_kept(house: House) -> None:
    browser, words = with_card(house.patient()), "我" * 13_600
    answer = browser.post(reverse(NEW), {"form_key": str(uuid.uuid4()), "words": words, "category": "other"})
    assert answer.status_code == 422
    assert "at most 2000" in text_of(answer) and words in text_of(answer)
    assert not Complaint.objects.exists()


def test_markup_and_turns_are_only_text(house: House) -> None:
    patient = house.patient()
    words = "<script>alert(1)</script>\u202e {{ 1 }} \x07\r\n我说"
    browser = with_card(patient)
    browser.post(reverse(NEW), {"form_key": str(uuid.uuid4()), "words": words, "category": "other"})
    assert Complaint.objects.get().words == "<script>alert(1)</script> {{ 1 }} \n我说"
    for page in (
        browser.get(reverse("mine-complaints")),
        staff(house.advocate).get(address("complaint", complaint_id=Complaint.objects.get().pk)),
    ):
        assert b"<script>alert" not in page.content
        assert "<script>alert(1)</script> {{ 1 }}" in text_of(page)


def test_another_patients_consent_is_no_consent(house: House) -> None:
    theirs, browser = house.informed(), with_card(house.patient("Test Patient Two"))
    sent = {"form_key": str(uuid.uuid4()), "about": str(theirs.pk), "category": "other"}
    assert browser.post(reverse(NEW), sent).status_code == 404
    assert not Complaint.objects.exists()
    hers = complained(house, theirs.patient)
    assert browser.get(address("mine-complaint-add", complaint_id=hers.pk)).status_code == 404


def test_she_adds_to_it_and_each_part_has_its_own_clock(house: House, movable_clock: MovableClock) -> None:
    first = complained(house)
    movable_clock.forward(days=10)
    browser = with_card(first.patient)
    page = address("mine-complaint-add", complaint_id=first.pk)
    assert browser.post(page, {"form_key": str(uuid.uuid4()), "words": " "}).status_code == 422
    key = hidden(browser.get(page), "form_key")
    for _time in range(2):
        assert browser.post(page, {"form_key": key, "words": "It happened again."}).status_code == 303
    newest, oldest = own_complaints(first.patient)
    assert (newest.adds_to, newest.category, newest.words) == (first.pk, oldest.category, "It happened again.")
    assert newest.due_on - oldest.due_on == datetime.timedelta(days=10)


def test_overdue_ones_stand_first_and_no_name_stands_in_the_list(house: House, movable_clock: MovableClock) -> None:
    late = complained(house)
    movable_clock.forward(days=20)
    complained(house, category=ComplaintCategory.OTHER)
    movable_clock.forward(days=10)
    advocate = staff(house.advocate)
    assert "Overdue" not in text_of(advocate.get(reverse("complaints")))
    movable_clock.forward(days=1)
    page = advocate.get(reverse("complaints"))
    assert [line.is_overdue for line in page.context["waiting"]] == [True, False]
    assert page.context["waiting"][0].id == late.pk
    assert late.patient.name not in text_of(page)
    assert "1 complaint is overdue" in text_of(staff(house.advocate).get(reverse("holds")))
    assert "The advocate is late." in text_of(with_card(late.patient).get(reverse("mine-complaints")))


def test_the_answer_is_hers_to_read(house: House) -> None:
    found = complained(house)
    advocate, page = staff(house.advocate), address("complaint", complaint_id=found.pk)
    assert WORDS in text_of(advocate.get(page))
    refused = advocate.post(page, {"words": "You owe nothing.", "done": ""})
    assert refused.status_code == 422 and "You owe nothing." in text_of(refused)
    sent = {"words": "You owe nothing.", "done": "The desk was told."}
    assert advocate.post(page, sent).status_code == 303
    assert advocate.post(page, sent).status_code == 303
    hers = text_of(with_card(found.patient).get(reverse("mine-complaints")))
    assert "You owe nothing." in hers and "The desk was told." in hers and "Test Advocate" in hers
    assert set(RecordView.objects.values_list("page", flat=True)) == {"complaint"}
    second = house.staff(house.advocate.role, "Test Advocate Two")
    with pytest.raises(WrongStateError):
        answer_complaint(complaint_id=found.pk, words="No.", done="Nothing.", by=second)


def test_the_advocate_writes_down_what_she_says(house: House) -> None:
    patient = house.patient()
    advocate = staff(house.advocate)
    key = hidden(advocate.get(reverse("complaint-new")), "form_key")
    said = {"form_key": key, "category": "care-refused", "words": "They told me: go home, we are full."}
    assert advocate.post(reverse("complaint-new"), said).status_code == 422
    stranger = advocate.post(reverse("complaint-new"), said | {"card_code": "ZZZZZZZZ"})
    assert stranger.status_code == 422 and "go home" in text_of(stranger)
    named = said | {"name": patient.name.upper(), "birth_date": patient.birth_date.isoformat()}
    assert advocate.post(reverse("complaint-new"), named).status_code == 303
    found = Complaint.objects.get()
    assert (found.patient, found.made_by, found.made_via) == (patient, house.advocate, "spoken-to-staff")
    assert "They told me: go home, we are full." in text_of(with_card(patient).get(reverse("mine-complaints")))


def test_nobody_else_writes_or_answers_one(house: House) -> None:
    patient, found, other = house.patient(), complained(house), House(sheets=())
    for account in (house.midwife.account, house.receptionist, house.administrator, house.auditor, other.advocate):
        with pytest.raises(NotAllowedError):
            complain(
                patient_id=patient.pk,
                category=ComplaintCategory.OTHER,
                words="",
                consent_id=None,
                adds_to_id=None,
                by=account,
                via=Via.SPOKEN_TO_STAFF,
                form_key=uuid.uuid4(),
            )
        with pytest.raises(NotAllowedError):
            answer_complaint(complaint_id=found.pk, words="No.", done="Nothing.", by=account)


def test_a_push_raises_no_hold_but_the_advocate_can_if_she_wants_it(house: House) -> None:
    """PS-24: laid before the advocate; nothing stops, and the clinic is not told, until the patient wants it."""
    consent = house.given()
    advocate, page = staff(house.advocate), address("consent-hold", consent_id=consent.pk)
    assert advocate.get(page).status_code == 404
    found = complained(house, consent.patient, category=ComplaintCategory.PUSHED_TO_DECIDE, consent=consent)
    assert not Hold.objects.exists()
    assert page in text_of(advocate.get(address("complaint", complaint_id=found.pk)))
    sent = {"form_key": hidden(advocate.get(page), "form_key"), "reason": "pressure", "note": ""}
    answer = advocate.post(page, sent)
    assert (answer.status_code, answer.url) == (303, reverse("holds"))
    lift_hold(hold_id=Hold.objects.get().pk, note="", by=house.staff(house.advocate.role, "Test Advocate Two"))
    answer_complaint(complaint_id=found.pk, words="I spoke with you.", done="A talk.", by=house.advocate)
    assert advocate.get(page).status_code == 404
