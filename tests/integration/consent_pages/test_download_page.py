"""The page on which a patient takes everything of hers home: her own card, a neutral name, once."""

import io

from clinic import clock
from clinic.languages import LANGUAGE_NAMES, RECORD_LANGUAGES
from consent.exceptions import KeyStoreError
from consent.models import BundleTaken
from consent.queries.known_logs import known_logs
from consent.record.archive import members_of
from consent.record.bundle_check import check_bundle
from consent.vocabulary import BundlePart
from tests.factories import House
from tests.integration.consent_pages.people import address, hidden, staff, text_of, with_card, with_tablet

PAGE = "mine-download"


def sent(browser, **values):
    """The form as the page shows it, with changes."""
    page = browser.get(address(PAGE))
    return browser.post(address(PAGE), {"form_key": hidden(page, "form_key"), "language": "en", **values})


def test_she_takes_what_she_ticks(house: House) -> None:
    consent = house.given()
    answer = sent(with_card(consent.patient), records=[str(consent.pk)], parts=[BundlePart.LOOKS.value])
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="papers.zip"'
    assert answer.headers["Cache-Control"].startswith("no-store") or "no-store" in answer.headers["Cache-Control"]
    data = answer.getvalue()
    assert check_bundle(io.BytesIO(data), policy=known_logs(), roots=(), at=clock.now()).is_sound
    assert {"looks.html", "record-1/record.json"} < members_of(data).keys()
    assert "fhir-r4.json" not in members_of(data)


def test_everything_is_ticked_and_the_page_says_that_it_is_not_locked(house: House) -> None:
    consent = house.given()
    page = text_of(with_card(consent.patient).get(address(PAGE)))
    assert page.count(" checked") == 1 + len(BundlePart)
    assert "The file is not locked." in page
    assert address(PAGE) in text_of(with_card(consent.patient).get(address("mine")))


def test_a_second_click_is_one_act(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    key = hidden(browser.get(address(PAGE)), "form_key")
    for _click in range(2):
        answer = browser.post(address(PAGE), {"form_key": key, "records": [str(consent.pk)], "language": "en"})
        assert members_of(answer.getvalue())["record-1/record.json"]
    assert BundleTaken.objects.count() == 1


def test_nothing_chosen_and_what_is_not_hers_are_refused_in_words(house: House) -> None:
    consent, other = house.given(), house.given()
    browser = with_card(consent.patient)
    assert "Choose at least one part." in text_of(sent(browser))
    for records in ([str(other.pk)], ["x"], ["../../etc/passwd"]):
        assert sent(browser, records=records).status_code == 422
    assert not BundleTaken.objects.exists()


def test_not_on_the_tablet_and_not_for_staff(house: House) -> None:
    consent = house.given()
    tablet = with_tablet(consent)
    assert tablet.get(address(PAGE)).status_code in (302, 303, 404)
    assert tablet.post(address(PAGE), {"records": [str(consent.pk)]}).status_code in (302, 303, 404)
    assert staff(house.midwife.account).get(address(PAGE)).status_code == 303
    assert not BundleTaken.objects.exists()


def test_a_key_that_cannot_be_used_is_said_before_a_byte_is_sent(house: House, monkeypatch) -> None:
    def broken(_ledger_id):
        raise KeyStoreError("the promise key is damaged")

    consent = house.given()
    monkeypatch.setattr("consent.actions.take_bundle.promise_key", broken)
    answer = sent(with_card(consent.patient), records=[str(consent.pk)])
    assert answer.status_code == 409
    assert "the clinic's key cannot be used" in text_of(answer)
    assert not BundleTaken.objects.exists()


def test_after_many_in_a_minute_she_is_asked_to_wait(house: House) -> None:
    browser = with_card(house.patient())
    statuses = [sent(browser, parts=[BundlePart.LOOKS.value]).status_code for _time in range(8)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_each_language_is_offered_under_its_own_name_and_hers_is_chosen(house: House) -> None:
    for hers, chosen in ((["bo", "hi"], "hi"), (["bo"], "en")):
        page = text_of(with_card(house.patient(languages=hers)).get(address(PAGE)))
        for code in RECORD_LANGUAGES:
            selected = " selected" if code == chosen else ""
            assert f'<option value="{code}"{selected} lang="{code}">{LANGUAGE_NAMES[code]}</option>' in page


def test_she_takes_it_in_the_language_she_chose(house: House) -> None:
    answer = sent(with_card(house.patient()), parts=[BundlePart.APPOINTMENTS.value], language="ar")
    members = members_of(answer.getvalue())
    for name in ("read-me.html", "appointments.html"):
        assert b'<html lang="ar" dir="rtl">' in members[name]


def test_an_unknown_language_or_none_is_refused_and_what_was_chosen_stays(house: House) -> None:
    browser = with_card(house.patient())
    for language in ("tlh", "de", ""):
        answer = sent(browser, parts=[BundlePart.LOOKS.value], language=language)
        assert answer.status_code == 422
        assert text_of(answer).count(" checked") == 1
    assert '<option value="fr" selected lang="fr">' in text_of(sent(browser, language="fr")), "kept beside a refusal"
    assert not BundleTaken.objects.exists()
