"""The pages around a shorter wait: who can ask, who can answer, and what each of them reads."""

import datetime
from typing import Any

import pytest

from clinic.templatetags.house import moment
from consent.models import AbdominalEmergency, PrematureBirth, ShorterWaitAnswer, ShorterWaitRequest
from consent.queries import consent_policy
from consent.rules.policy import PolicyError
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent.acts_waits import birth_days, signed, wished
from tests.integration.consent_pages.people import address, held, staff, text_of, with_card, with_tablet
from tests.integration.consent_pages.test_pages_are_sound import check_sound

NAMES = ("consent-early-birth", "consent-belly-emergency", "consent-shorter-wait")
AGREED = {"was_private": "yes", "after_birth_or_abortion_72h": "no", "is_agreed": "yes", "note": "Her own wish."}


def days(house: House, **changes: Any) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (birth_days(house) | changes).items()}


def test_pages_are_sound(house: House) -> None:
    consent = signed(house)
    for browser in (with_card(consent.patient), with_tablet(consent)):
        check_sound(browser, address("mine-shorter-wait", consent_id=consent.pk))
        check_sound(browser, address("mine-consent", consent_id=consent.pk))
    asked = wished(house)
    check_sound(with_card(asked.patient), address("mine-consent", consent_id=asked.pk))
    for name in ("consent", *NAMES[:2]):
        check_sound(staff(house.midwife.account), address(name, consent_id=asked.pk))
    colleague = staff(house.colleague.account)
    check_sound(colleague, address("shorter-waits"))
    check_sound(colleague, address("consent-shorter-wait", consent_id=asked.pk))
    check_sound(colleague, address("consent", consent_id=asked.pk))


def test_from_the_wish_to_the_answer(house: House) -> None:
    consent = signed(house)
    patient, colleague = with_card(consent.patient), staff(house.colleague.account)
    own, ask = (address(name, consent_id=consent.pk) for name in ("mine-consent", "mine-shorter-wait"))
    assert ask in text_of(patient.get(own))
    assert "72 hours" in text_of(patient.get(ask))
    assert [patient.post(ask, {"words": "I go home."}).headers["Location"] for _click in range(2)] == [own, own]
    assert ShorterWaitRequest.objects.get(consent=consent).words == "I go home."
    assert patient.get(ask).headers["Location"] == own
    shown = text_of(patient.get(own))
    assert "You asked for a shorter wait:" in shown
    assert "Not answered yet." in shown
    wishes, answer = address("shorter-waits"), address("consent-shorter-wait", consent_id=consent.pk)
    listed = text_of(colleague.get(wishes))
    assert answer in listed
    assert consent.patient.name not in listed
    assert "I go home." in text_of(colleague.get(answer))
    assert [colleague.post(answer, AGREED).status_code for _click in range(2)] == [303, 303]
    assert answer not in text_of(colleague.get(wishes))
    shown = text_of(patient.get(own))
    assert "The shorter wait was agreed." in shown
    assert consent.given_at is not None
    assert moment(consent.given_at + datetime.timedelta(hours=72), "Asia/Shanghai") in shown
    assert "Her own wish." not in shown
    page = text_of(colleague.get(address("consent", consent_id=consent.pk)))
    assert "Agreed by Test Colleague on 15 January 2027." in page
    assert "As things stand it can be done not before: <strong><time" in page.replace("\n", "")


def test_a_no_to_the_wish_is_told_and_the_whole_wait_stays(house: House) -> None:
    consent = wished(house)
    answer = address("consent-shorter-wait", consent_id=consent.pk)
    typed = AGREED | {"was_private": "no", "is_agreed": "no", "note": "Her sister spoke for her."}
    assert staff(house.colleague.account).post(answer, typed).status_code == 303
    own = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert "The shorter wait was not agreed. The whole wait stays." in own
    assert "Her sister spoke for her." not in own


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"was_private": "no"}, "Nobody can agree before speaking with the patient alone."),
        ({"after_birth_or_abortion_72h": "yes"}, "within 72 hours of a birth or an abortion."),
        ({"is_agreed": ""}, "This field is required."),
    ],
)
def test_an_answer_that_cannot_be_keeps_the_note(house: House, changes: dict[str, str], words: str) -> None:
    consent = wished(house)
    response = staff(house.colleague.account).post(
        address("consent-shorter-wait", consent_id=consent.pk), AGREED | changes
    )
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Her own wish." in text_of(response)
    assert not ShorterWaitAnswer.objects.exists()


def test_the_team_neither_finds_nor_answers(house: House) -> None:
    consent = wished(house)
    midwife, answer = staff(house.midwife.account), address("consent-shorter-wait", consent_id=consent.pk)
    page = address("consent", consent_id=consent.pk)
    assert answer not in text_of(midwife.get(page))
    assert answer not in text_of(midwife.get(address("shorter-waits")))
    assert midwife.get(answer).headers["Location"] == page
    assert midwife.post(answer, AGREED).status_code == 403
    assert (
        staff(house.colleague.account).get(address("consent-shorter-wait", consent_id=signed(house).pk)).status_code
        == 404
    )


def test_the_operator_certifies_with_dates(house: House) -> None:
    consent = signed(house)
    midwife, colleague = staff(house.midwife.account), staff(house.colleague.account)
    page, certify = (address(name, consent_id=consent.pk) for name in ("consent", "consent-early-birth"))
    assert certify in text_of(midwife.get(page))
    assert certify not in text_of(colleague.get(page))
    assert colleague.post(certify, days(house)).status_code == 403
    tomorrow = birth_days(house)["born_on"] + datetime.timedelta(days=1)
    wrong = midwife.post(certify, days(house, born_on=tomorrow))
    assert wrong.status_code == 422
    assert "This day has not come yet." in text_of(wrong)
    assert tomorrow.isoformat() in text_of(wrong)
    assert midwife.post(certify, {"expected_on": "1 June", "born_on": ""}).status_code == 422
    assert [midwife.post(certify, days(house)).status_code for _click in range(2)] == [303, 303]
    assert PrematureBirth.objects.filter(consent=consent).count() == 1
    shown = text_of(midwife.get(page))
    assert "Early birth, certified" in shown
    assert certify not in shown
    own = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert "expected on 2027-02-24, came on 2027-01-15" in own


def test_once_the_wait_is_over_there_is_nothing_to_certify(house: House, movable_clock: MovableClock) -> None:
    consent = signed(house)
    movable_clock.forward(days=31)
    page = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    assert "What shortens the wait" not in page
    assert address("mine-shorter-wait", consent_id=consent.pk) not in text_of(
        with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk))
    )


def test_the_operator_certifies_an_emergency(house: House) -> None:
    consent = signed(house)
    midwife, page = staff(house.midwife.account), address("consent-belly-emergency", consent_id=consent.pk)
    assert midwife.post(page, {"circumstances": ""}).status_code == 422
    typed = {"circumstances": "A burst appendix."}
    assert [midwife.post(page, typed).status_code for _click in range(2)] == [303, 303]
    assert AbdominalEmergency.objects.get(consent=consent).circumstances == "A burst appendix."
    assert "A burst appendix." in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    own = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert "written down by Test Midwife on 15 January 2027" in own
    assert "A burst appendix." not in own


def test_a_worry_changes_no_byte_of_the_page_where_she_asks(house: House) -> None:
    consent = signed(house)
    patient, ask = with_card(consent.patient), address("mine-shorter-wait", consent_id=consent.pk)
    own = address("mine-consent", consent_id=consent.pk)
    before = [patient.get(page).content.split(b"csrfmiddlewaretoken")[0] for page in (ask, own)]
    held(consent, house.midwife.account)
    assert [patient.get(page).content.split(b"csrfmiddlewaretoken")[0] for page in (ask, own)] == before
    refused = patient.post(ask, {"words": "I go home."})
    assert refused.status_code == 409
    assert "I go home." in text_of(refused)
    assert [word for word in ("worr", "concern", "pressure") if word in text_of(refused).casefold()] == []


def test_with_rules_nobody_can_read_the_pages_stand_and_nothing_is_added(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    consent = signed(house)

    def no_table(*_names: object) -> None:
        raise PolicyError("strict-default.toml: not TOML")

    for name in ("law_for", "law_of"):
        monkeypatch.setattr(consent_policy, name, no_table)
    patient, midwife = with_card(consent.patient), staff(house.midwife.account)
    own, ask = (address(name, consent_id=consent.pk) for name in ("mine-consent", "mine-shorter-wait"))
    assert ask not in text_of(patient.get(own))
    assert patient.post(ask, {"words": ""}).status_code == 409
    assert midwife.get(address("consent", consent_id=consent.pk)).status_code == 200
    typed = {"circumstances": "A burst appendix."}
    assert midwife.post(address("consent-belly-emergency", consent_id=consent.pk), typed).status_code == 409
    assert patient.post(address("mine-take-back", consent_id=consent.pk), {"words": ""}).status_code == 303


def test_other_care_shows_nothing_of_this(house: House) -> None:
    consent = house.given()
    own = address("mine-consent", consent_id=consent.pk)
    patient = with_card(consent.patient)
    assert "shorter wait" not in text_of(patient.get(own))
    assert patient.get(address("mine-shorter-wait", consent_id=consent.pk)).headers["Location"] == own
    page = text_of(staff(house.midwife.account).get(address("consent", consent_id=consent.pk)))
    assert "What shortens the wait" not in page


def test_others_find_nothing(house: House) -> None:
    consent, other = wished(house), House(sheets=())
    for account in (house.receptionist, house.advocate, house.auditor, house.administrator, other.midwife.account):
        browser = staff(account)
        for name in NAMES:
            assert browser.get(address(name, consent_id=consent.pk)).status_code == 404
        expected = 200 if account == other.midwife.account else 404
        assert browser.get(address("shorter-waits")).status_code == expected
    stranger = with_card(house.patient("Test Patient Two"))
    assert stranger.get(address("mine-shorter-wait", consent_id=consent.pk)).status_code == 404
    assert stranger.post(address("mine-shorter-wait", consent_id=consent.pk)).status_code == 404
