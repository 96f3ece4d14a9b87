"""The pages about being able to decide: what is asked, what stays visible, and what the patient reads."""

import uuid
from typing import Any

import pytest

from consent.models import CapacityAssessment, Consent, GuardianWord, YoungPersonNote
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent.acts_ability import REMOVAL, young_consent
from tests.integration.consent_pages.people import address, fresh, hidden, staff, text_of, with_card, with_tablet
from tests.integration.consent_pages.test_pages_are_sound import check_sound

NAMES = ("consent-assess-capacity", "consent-young-person", "consent-guardian")


def assessment(**changes: Any) -> dict[str, Any]:
    values = dict.fromkeys(("can_understand", "can_retain", "can_weigh", "can_communicate"), "yes")
    rest = {"support_tried": "Pictures of both choices.", "has_impairment": "no", "form_key": str(uuid.uuid4())}
    return values | rest | changes


LACKING = {
    "can_weigh": "no",
    "has_impairment": "yes",
    "impairment": "A high fever.",
    "is_because_of_impairment": "yes",
}


@pytest.fixture
def young(house: House) -> Consent:
    """An offer made to someone of fourteen."""
    return young_consent(house)


def test_pages_are_sound(house: House, young: Consent) -> None:
    midwife = staff(house.midwife.account)
    midwife.post(address("consent-assess-capacity", consent_id=young.pk), assessment(**LACKING))
    for name in ("consent", *NAMES):
        check_sound(midwife, address(name, consent_id=young.pk))
    for browser in (with_card(young.patient), with_tablet(young)):
        check_sound(browser, address("mine-consent", consent_id=young.pk))


def test_both_findings_stay_with_who_and_when(house: House, movable_clock: MovableClock) -> None:
    consent = house.proposed()
    page = address("consent-assess-capacity", consent_id=consent.pk)
    midwife, colleague = staff(house.midwife.account), staff(house.colleague.account)
    assert page in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    typed = assessment(**LACKING, form_key=hidden(midwife.get(page), "form_key"))
    assert [midwife.post(page, typed).status_code for _click in range(2)] == [303, 303]
    movable_clock.forward(hours=20)
    assert colleague.post(page, assessment()).status_code == 303
    assert CapacityAssessment.objects.count() == 2
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    for words in ("cannot decide this now", "Test Midwife, ", "can decide this", "Test Colleague, ", "A high fever."):
        assert words in shown
    assert "It was not found the same each time" in shown
    own = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert "You can decide this yourself." in own
    assert "At that time you could not decide this yourself" in own
    assert "Help that was tried: Pictures of both choices." in own
    assert "A high fever." not in own


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"support_tried": ""}, "This field is required."),
        ({"can_weigh": ""}, "This field is required."),
        ({"has_impairment": "yes", "impairment": ""}, "Write what it is."),
        ({"has_impairment": "yes", "impairment": "A fever.", "can_weigh": "no"}, "Answer this with yes or no."),
        ({"impairment": "A fever."}, "Change one of the two."),
        ({"is_because_of_impairment": "yes"}, "This can only be so"),
    ],
)
def test_an_assessment_that_is_not_whole_keeps_what_was_typed(
    house: House, changes: dict[str, Any], words: str
) -> None:
    consent = house.proposed()
    typed = assessment(**({"support_tried": "Pictures of both choices."} | changes))
    response = staff(house.midwife.account).post(address("consent-assess-capacity", consent_id=consent.pk), typed)
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert typed["support_tried"] in page
    assert typed.get("impairment", "") in page
    assert hidden(response, "form_key") == typed["form_key"]
    assert not CapacityAssessment.objects.exists()


def test_the_page_says_what_is_never_a_reason(house: House) -> None:
    page = text_of(staff(house.midwife.account).get(address("consent-assess-capacity", consent_id=house.proposed().pk)))
    assert "Age, looks, a diagnosis, or a choice that you would not make yourself are never a reason." in page
    assert 'name="finding"' not in page


def test_a_note_and_two_guardians_who_differ(house: House, young: Consent) -> None:
    midwife = staff(house.midwife.account)
    note, guardian = (address(name, consent_id=young.pk) for name in NAMES[1:])
    consent_page = address("consent", consent_id=young.pk)
    shown = text_of(midwife.get(consent_page))
    assert note in shown
    assert guardian in shown
    all_yes = dict.fromkeys(("understands_advice", "was_encouraged_to_tell_parents", "is_in_best_interests"), "yes")
    typed = {**all_yes, "note": "She explained it to me.", "form_key": str(uuid.uuid4())}
    assert [midwife.post(note, typed).status_code for _click in range(2)] == [303, 303]
    assert YoungPersonNote.objects.get(consent=young).is_able
    for name, decision in (("Test Mother", "permit"), ("Test Father", "deny")):
        said = {"name": name, "relation": "parent", "decision": decision, "words": "My words."}
        assert midwife.post(guardian, {**said, "form_key": str(uuid.uuid4())}).status_code == 303
    shown = text_of(midwife.get(consent_page))
    assert "The guardians do not agree" in shown
    assert "Understands enough to decide this without an adult" in shown
    own = text_of(with_card(young.patient).get(address("mine-consent", consent_id=young.pk)))
    assert "You understand enough to decide this yourself." in own
    assert "What Test Father (Parent) said on 15 January 2027" in own
    assert "Your no counts always, whatever stands here." in own
    assert "My words." not in own
    assert "She explained it to me." not in own
    assert fresh(young).state == "draft"


def test_contraception_asks_all_five(house: House, young: Consent) -> None:
    removal = young_consent(house, code=REMOVAL)
    midwife = staff(house.midwife.account)
    assert 'name="health_would_suffer"' in text_of(midwife.get(address(NAMES[1], consent_id=removal.pk)))
    assert 'name="health_would_suffer"' not in text_of(midwife.get(address(NAMES[1], consent_id=young.pk)))
    response = midwife.post(
        address(NAMES[1], consent_id=removal.pk), {"note": "We talked.", "form_key": str(uuid.uuid4())}
    )
    assert response.status_code == 422
    assert "We talked." in text_of(response)


def test_no_door_and_no_act_for_an_adult(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert address("consent-guardian", consent_id=consent.pk) not in shown
    typed = {
        "name": "Test Husband",
        "relation": "legal-guardian",
        "decision": "permit",
        "form_key": str(uuid.uuid4()),
    }
    response = midwife.post(address("consent-guardian", consent_id=consent.pk), typed)
    assert response.status_code == 409
    assert "Test Husband" in text_of(response)
    assert not GuardianWord.objects.exists()


def test_others_find_nothing(house: House, young: Consent) -> None:
    other = House(sheets=())
    for account in (house.receptionist, house.advocate, house.auditor, house.administrator, other.midwife.account):
        for name in NAMES:
            assert staff(account).get(address(name, consent_id=young.pk)).status_code == 404
            assert staff(account).post(address(name, consent_id=young.pk), {}).status_code == 404
