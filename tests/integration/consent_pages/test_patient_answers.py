"""The patient's own pages: three answers of equal weight, nothing typed is lost, and taking back is two steps."""

import base64
import json
import re
import uuid

import pytest
from django.test import Client

from consent.actions.inform import record_conversation
from consent.actions.refuse import refuse_consent
from consent.actions.start_procedure import start_procedure
from consent.models import Consent, LedgerEntry, RecordIssue, Signature
from consent.vocabulary import ConsentState, Via
from tests.clock import MovableClock
from tests.factories import House, drawn, full_talk, signature_png
from tests.integration.consent_pages.people import (
    address,
    fresh,
    held,
    hidden,
    staff,
    text_of,
    with_card,
    with_tablet,
)


def png_address() -> str:
    return "data:image/png;base64," + base64.b64encode(signature_png()).decode()


def answer(browser: Client, consent: Consent, act: str, **typed: object):  # type: ignore[no-untyped-def]
    return browser.post(address(f"mine-{act}", consent_id=consent.pk), typed)


def signing(consent: Consent, **typed: object) -> dict[str, object]:
    return {"shown_digest": consent.sheet_version.digest, **typed}


def test_she_reads_the_sheet_and_finds_three_equal_answers(house: House) -> None:
    consent = house.informed()
    page = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    for element in consent.sheet_version.content["element"]:
        assert element["heading"] in page
    for alternative in consent.sheet_version.content["alternative"]:
        assert alternative["good"].strip() in page
    answers = re.findall(r'<(?:a|button) class="fg-answers__button"[^>]*>([^<]+)<', page)
    assert answers == ["Yes, I agree", "No", "I need more time"]
    assert consent.sheet_version.digest in page


def test_she_gives_by_typing_her_name_with_her_card(house: House) -> None:
    consent = house.informed()
    browser = with_card(consent.patient)
    page = browser.get(address("mine-give", consent_id=consent.pk))
    assert not re.search("<input[^>]* checked", text_of(page))
    typed = signing(consent, shown_digest=hidden(page, "shown_digest"), method="typed", typed_name="Anna Test")
    for _click in range(2):
        response = answer(browser, consent, "give", **typed)
        assert response.status_code == 303
        assert response.headers["Location"] == address("mine-done", consent_id=consent.pk)
    after = fresh(consent)
    assert (after.state, after.given_via) == (ConsentState.GIVEN, Via.OWN_CARD)
    assert after.signed_digest == consent.sheet_version.digest
    signature = Signature.objects.get(consent=consent)
    assert (signature.typed_name, signature.strokes, signature.image) == ("Anna Test", None, None)
    assert LedgerEntry.objects.filter(kind="consent.given").count() == 1


def test_she_gives_by_drawing_on_the_clinics_tablet(house: House) -> None:
    consent = house.informed()
    browser = with_tablet(consent)
    strokes = drawn().strokes
    response = answer(browser, consent, "give", **signing(consent, strokes=json.dumps(strokes), image=png_address()))
    assert response.status_code == 303
    signature = Signature.objects.get(consent=consent)
    assert (signature.method, signature.signed_via) == ("drawn", Via.CLINIC_TABLET)
    assert signature.strokes == strokes
    assert bytes(signature.image or b"") == signature_png()
    done = text_of(browser.get(response.headers["Location"]))
    assert "Please give the tablet back" in done
    assert address("hand-over-end") in done


def test_she_gives_by_a_mark_with_a_witness(house: House) -> None:
    consent = house.informed()
    typed = signing(consent, method="mark", witness_name="Test Friend", witness_relation="a friend")
    assert answer(with_card(consent.patient), consent, "give", **typed).status_code == 303
    signature = Signature.objects.get(consent=consent)
    assert (signature.witness_name, signature.witness_is_independent) == ("Test Friend", True)


def test_the_clinician_is_no_witness(house: House) -> None:
    consent = house.informed()
    typed = signing(consent, method="mark", witness_name="Test Midwife", witness_relation="midwife")
    response = answer(with_card(consent.patient), consent, "give", **typed)
    assert response.status_code == 422
    assert "Someone independent must witness it" in text_of(response)
    assert fresh(consent).state == ConsentState.INFORMED


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({}, "Choose how you want to sign."),
        ({"method": "typed"}, "Type your name."),
        ({"method": "drawn"}, "Draw your signature in the box"),
        ({"method": "drawn", "strokes": "[]", "image": "data:,"}, "The drawing could not be read."),
        ({"method": "mark", "witness_relation": "a friend"}, "Write the name of the witness."),
        ({"method": "mark", "witness_name": "Test Friend"}, "Write who the witness is to you."),
        ({"typed_name": "Anna", "witness_name": "Test Friend"}, "Choose how you want to sign."),
        ({"method": "typed", "typed_name": "x" * 201}, "at most 200 characters"),
        ({"method": "seal", "typed_name": "Anna"}, "Select a valid choice."),
    ],
)
def test_what_is_missing_is_named_and_what_was_typed_is_kept(house: House, typed: dict[str, str], words: str) -> None:
    consent = house.informed()
    response = answer(with_card(consent.patient), consent, "give", **signing(consent, **typed))
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert "nhsuk-error-summary" in page
    for value in typed.values():
        assert value in page or value in {"seal"}
    assert fresh(consent).state == ConsentState.INFORMED
    assert not Signature.objects.filter(consent=consent).exists()


@pytest.mark.parametrize("digest", ["0" * 64, "", "nonsense"])
def test_a_stale_text_shows_the_text_as_it_is_now(house: House, digest: str) -> None:
    consent = house.informed()
    typed = {"shown_digest": digest, "method": "typed", "typed_name": "Anna Test"}
    response = answer(with_card(consent.patient), consent, "give", **typed)
    assert response.status_code == 409
    assert "The text has changed" in text_of(response)
    assert consent.sheet_version.digest in text_of(response)
    assert fresh(consent).state == ConsentState.INFORMED


def test_an_answer_to_a_replaced_text_shows_the_new_one(house: House) -> None:
    consent = house.informed()
    newer = house.superseded(consent, "zh-Hans")
    for act, typed in (
        ("give", signing(consent, method="typed", typed_name="Anna")),
        ("more-time", {}),
    ):
        response = answer(with_card(consent.patient), consent, act, **typed)
        assert response.status_code == 409
        assert newer.sheet_version.title in text_of(response)
        assert address("mine-give", consent_id=newer.pk) in text_of(response)
    assert fresh(newer).state == ConsentState.DRAFT


def test_before_the_talk_the_page_says_what_the_clinic_still_has_to_do(house: House) -> None:
    consent = house.proposed()
    browser = with_card(consent.patient)
    page = text_of(browser.get(address("mine-give", consent_id=consent.pk)))
    assert "A clinician has to talk with you about it first" in page
    response = answer(browser, consent, "give", **signing(consent, method="typed", typed_name="Anna"))
    assert response.status_code == 422
    assert "A clinician has to talk with you about it first" in text_of(response)
    assert fresh(consent).state == ConsentState.DRAFT


def test_an_open_concern_is_never_named_to_her(house: House) -> None:
    consent = house.informed()
    browser = with_card(consent.patient)
    held(consent, house.colleague.account, note="A man in uniform waits outside")
    response = answer(browser, consent, "give", **signing(consent, method="typed", typed_name="Anna"))
    assert response.status_code == 422
    assert "One check is still open." in text_of(response)
    staff(house.advocate).get(address("holds"))
    for name in ("mine", "mine-looked"):
        assert not re.search("uniform|concern|pressure|hold", text_of(browser.get(address(name))), re.I)
    for name in ("mine-consent", "mine-give"):
        page = text_of(browser.get(address(name, consent_id=consent.pk)))
        assert "uniform" not in page
        assert "not be free" not in page


def test_she_says_no_on_one_page_and_adds_nothing(house: House) -> None:
    consent = house.informed()
    browser = with_card(consent.patient)
    assert browser.get(address("mine-refuse", consent_id=consent.pk)).status_code == 200
    for _click in range(2):
        assert answer(browser, consent, "refuse").status_code == 303
    after = fresh(consent)
    assert (after.state, after.decision, after.ended_words) == (ConsentState.REFUSED, "deny", "")
    assert LedgerEntry.objects.filter(kind="consent.refused").count() == 1
    assert "You said no." in text_of(browser.get(address("mine-done", consent_id=consent.pk)))


def test_a_no_wins_over_a_yes_given_a_moment_before(house: House) -> None:
    consent = house.given()  # on the tablet, while this page was open on her phone
    assert answer(with_card(consent.patient), consent, "refuse", words="I thought again.").status_code == 303
    assert fresh(consent).state == ConsentState.WITHDRAWN


def test_she_asks_for_more_time_with_one_button(house: House) -> None:
    consent = house.informed()
    browser = with_card(consent.patient)
    response = answer(browser, consent, "more-time")
    assert response.status_code == 303
    assert "You asked for more time." in text_of(browser.get(response.headers["Location"]))
    assert fresh(consent).more_time_asked_at is not None


def test_more_time_after_the_end_says_where_it_stands(house: House) -> None:
    consent = house.informed()
    refuse_consent(consent_id=consent.pk, by=consent.patient.account, via=Via.OWN_CARD)
    response = answer(with_card(consent.patient), consent, "more-time")
    assert response.status_code == 409
    assert "Nothing was recorded" in text_of(response)


def test_she_says_it_again_on_the_day(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    page = browser.get(address("mine-confirm", consent_id=consent.pk))
    assert "Do you still want this today?" in text_of(page)
    digest = hidden(page, "shown_digest")
    unanswered = answer(browser, consent, "confirm", shown_digest=digest)
    assert unanswered.status_code == 422
    assert answer(browser, consent, "confirm", shown_digest="0" * 64, was_alone="yes").status_code == 409
    assert fresh(consent).state == ConsentState.GIVEN
    assert answer(browser, consent, "confirm", shown_digest=digest, was_alone="no").status_code == 303
    after = fresh(consent)
    assert (after.state, after.was_alone_at_confirmation) == (ConsentState.CONFIRMED, False)


def test_it_is_not_asked_again_before_the_day(house: House, movable_clock: MovableClock) -> None:
    consent = house.given()
    movable_clock.forward(days=-1)
    browser = with_card(consent.patient)
    assert browser.get(address("mine-confirm", consent_id=consent.pk)).status_code == 303
    assert "still want this today" not in text_of(browser.get(address("mine")))


@pytest.mark.parametrize("start", ["mine", "mine-consent"])
def test_taking_back_is_two_steps(house: House, start: str) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    first = browser.get(address(start) if start == "mine" else address(start, consent_id=consent.pk))
    steps = 0
    link = address("mine-take-back", consent_id=consent.pk)
    assert f'href="{link}"' in text_of(first)
    page = browser.get(link)  # step one: the link
    steps += 1
    main = text_of(page).split("<main")[1].split("</main>")[0]
    assert len(re.findall("<button", main)) == 1
    assert len(re.findall("<textarea", main)) == 1
    assert "required" not in main
    done = browser.post(link, {"words": ""})  # step two: the button
    steps += 1
    assert done.status_code == 303
    assert fresh(consent).state == ConsentState.WITHDRAWN
    assert steps == 2
    assert "You took your yes back." in text_of(browser.get(done.headers["Location"]))
    assert answer(browser, consent, "take-back").status_code == 303
    assert LedgerEntry.objects.filter(kind="consent.withdrawn").count() == 1


def test_taking_back_during_the_procedure_tells_the_operator_to_stop(house: House) -> None:
    consent = house.ready()
    midwife = staff(house.midwife.account)
    assert start_procedure(procedure_id=consent.procedure_id, by=house.midwife.account).start
    browser = with_card(consent.patient)
    answer(browser, consent, "take-back", words="Stop.")
    done = text_of(browser.get(address("mine-done", consent_id=consent.pk)))
    assert "stop as soon as it is safe" in done
    page = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert "Stop as soon as it is safe" in page
    assert "Stop." in page
    assert address("procedure-stop", procedure_id=consent.procedure_id) in page


def test_three_heaps(house: House) -> None:
    patient = house.patient()
    awaiting, agreed = house.informed(house.procedure(patient)), house.given(house.procedure(patient))
    over = house.informed(house.procedure(patient))
    refuse_consent(consent_id=over.pk, by=patient.account, via=Via.OWN_CARD)
    page = text_of(with_card(patient).get(address("mine")))
    order = [page.index(str(consent.pk)) for consent in (awaiting, agreed, over)]
    heads = [page.index(f'id="{heading}"') for heading in ("awaiting", "agreed", "over")]
    assert heads[0] < order[0] < heads[1] < order[1] < heads[2] < order[2]


def test_her_record_is_a_pdf_with_a_name_that_says_nothing(house: House) -> None:
    consent = house.given()
    response = answer(with_card(consent.patient), consent, "record")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="record-1.pdf"'
    assert response.content.startswith(b"%PDF-")
    assert "no-store" in response.headers["Cache-Control"]
    assert RecordIssue.objects.filter(consent=consent).count() == 1


def test_letters_we_cannot_print_are_never_left_out_in_silence(house: House) -> None:
    consent = house.proposed()
    talk = full_talk(consent, what_matters="To be 😀.")  # past the form, which would have refused it
    record_conversation(consent_id=consent.pk, talk=talk, by=house.midwife.account, form_key=uuid.uuid4())
    response = answer(with_card(consent.patient), consent, "record")
    assert response.status_code == 409
    assert "cannot be made into a file yet" in response.content.decode()
    assert not RecordIssue.objects.filter(consent=consent).exists()


def test_a_name_that_no_paper_can_show_is_said_before_signing(house: House) -> None:
    consent = house.informed(house.procedure(house.patient("𠮷田")))
    typed = {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Yoshida"}
    response = answer(with_card(consent.patient), consent, "give", **typed)
    assert response.status_code == 422
    assert "U+20BB7" in text_of(response) and "Yoshida" in response.content.decode()
    assert not Signature.objects.filter(consent=consent).exists()


def test_words_of_a_no_are_never_refused(house: House) -> None:
    consent = house.given()
    browser = with_card(consent.patient)
    assert answer(browser, consent, "take-back", words="No 😀!").status_code == 303
    assert Consent.objects.get(pk=consent.pk).ended_words == "No 😀!"
    assert answer(browser, consent, "record").status_code == 200


def test_the_tablet_keeps_no_copy(house: House) -> None:
    consent = house.given()
    tablet = with_tablet(consent)
    assert answer(tablet, consent, "record").status_code == 404
    assert "mine-record" not in text_of(tablet.get(address("mine-consent", consent_id=consent.pk)))


def test_she_sees_who_looked(house: House) -> None:
    consent = house.informed()
    staff(house.midwife.account).get(address("consent", consent_id=consent.pk))
    page = text_of(with_card(consent.patient).get(address("mine-looked")))
    assert "Test Midwife" in page
    assert "The page about one of your procedures and your answer" in page


def test_times_stand_on_the_clinics_clock(house: House) -> None:
    consent = house.informed()
    page = text_of(with_card(consent.patient).get(address("mine-consent", consent_id=consent.pk)))
    assert "11:30 (Asia/Shanghai)" in page
