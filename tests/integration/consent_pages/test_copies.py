"""Her copies: in the language she chooses, under a name that says nothing, and taken or left as she says."""

import pytest

from consent.models import CopyHandover, FrozenRecord, LedgerEntry, RecordIssue
from consent.vocabulary import CopyForm, EntryKind
from tests.factories import House
from tests.integration.consent_pages.people import address, staff, text_of, with_card, with_tablet


def test_each_copy_has_a_name_that_only_counts(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    for number in (1, 2):
        answer = browser.post(address("mine-record", consent_id=consent.pk), {"language": "zh-Hans"})
        assert answer.headers["Content-Disposition"] == f'attachment; filename="record-{number}.pdf"'
    assert set(RecordIssue.objects.values_list("language", flat=True)) == {"zh-Hans"}
    assert FrozenRecord.objects.filter(consent=consent, language="zh-Hans").count() == 1, "the second is the same"


def test_an_unknown_language_is_the_one_of_the_page(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    assert browser.post(address("mine-record", consent_id=consent.pk), {"language": "tlh"}).status_code == 200
    assert RecordIssue.objects.get().language == "en"


def test_at_first_the_language_is_her_own(house: House) -> None:
    consent = house.given(house.procedure(house.patient(languages=["en", "hi"])))
    page = text_of(with_card(consent.patient).get(address("mine-copies", consent_id=consent.pk)))
    assert '<option value="en" selected lang="en">' in page
    assert '<option value="zh-Hans" lang="zh-Hans">简体中文（普通话）</option>' in page


def test_the_page_shows_every_record_and_offers_all_three_answers(house: House) -> None:
    consent = house.given()
    page = text_of(with_card(consent.patient).get(address("mine-copies", consent_id=consent.pk)))
    for frozen in consent.frozen_records.all():
        assert frozen.document_digest in page
    for form in CopyForm:
        assert f'value="{form.value}"' in page


@pytest.mark.parametrize("form", CopyForm)
def test_she_says_it_once(form: CopyForm, house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    for _click in range(2):
        answer = browser.post(address("mine-copies", consent_id=consent.pk), {"form": form.value})
        assert answer.status_code == 303
    row = CopyHandover.objects.get()
    assert (row.form, row.handed_by) == (form, consent.patient.account)
    assert LedgerEntry.objects.filter(kind=EntryKind.COPY_HANDED_OVER).count() == 1


def test_nothing_chosen_is_said_and_nothing_written(house: House) -> None:
    consent = house.given()
    assert with_card(consent.patient).post(address("mine-copies", consent_id=consent.pk)).status_code == 422
    assert not CopyHandover.objects.exists()


def test_staff_say_that_they_handed_her_the_paper_and_nothing_else(house: House) -> None:
    consent = house.given()
    assert staff(house.midwife.account).post(address("consent-handed-paper", consent_id=consent.pk)).status_code == 303
    assert CopyHandover.objects.get().form == CopyForm.PAPER
    assert staff(house.receptionist).post(address("consent-handed-paper", consent_id=consent.pk)).status_code == 404


def test_the_tablet_and_others_do_not_find_the_page(house: House) -> None:
    consent = house.given()
    for browser in (with_tablet(consent), with_card(house.patient("Test Patient Two"))):
        assert browser.get(address("mine-copies", consent_id=consent.pk)).status_code == 404
        assert browser.post(address("mine-copies", consent_id=consent.pk), {"form": "paper"}).status_code == 404
