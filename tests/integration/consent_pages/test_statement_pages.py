"""Pages around the signature: words that give pause, the statements of others, her own copy, a drawing not her own."""

import base64
import json

import pytest

from consent.models import Consent, Conversation, Hold, Signature
from consent.vocabulary import ConsentState, SignatureMeaning
from tests.factories import House, drawn, let_pass
from tests.integration.consent.acts_talk import interpreted_talk
from tests.integration.consent_pages.people import address, fresh, staff, text_of, with_card
from tests.integration.consent_pages.talking import full_answers, hold_talk, pages_of, press, record

LOSS = "You will be fined if you do not come."
QUOTA = "We must reach the quota of this month."


def questions_page(house: House, consent: Consent):  # type: ignore[no-untyped-def]
    return next(one for one in pages_of(consent, house.midwife.account) if one.key == "questions")


def test_words_of_a_loss_are_refused_by_name_and_kept_in_the_draft(house: House) -> None:
    consent = house.proposed()
    midwife, page = staff(house.midwife.account), questions_page(house, consent)
    refused = press(midwife, consent, page, {"question_1": "And if not?", "answer_1": LOSS}, go="next")
    assert refused.status_code == 422
    assert "“fined”" in text_of(refused)
    assert LOSS in text_of(refused)
    overview = record(midwife, consent, house.midwife.account, full_answers(consent))
    assert overview.status_code == 422
    assert not Conversation.objects.exists()
    assert Hold.objects.get(consent=consent).signal == "PS-39"
    press(midwife, consent, page, {"question_1": "And if not?", "answer_1": "Nothing changes."}, go="next")
    assert hold_talk(midwife, consent, house.midwife.account).status_code == 303


def test_the_author_is_told_of_words_of_a_quota_in_words(house: House) -> None:
    consent = house.proposed()
    midwife, page = staff(house.midwife.account), questions_page(house, consent)
    onward = press(midwife, consent, page, {"question_1": "Why now?", "answer_1": QUOTA}, go="next")
    assert onward.status_code == 303
    shown = text_of(midwife.get(onward.headers["Location"]))
    assert "You wrote: “quota”." in shown
    assert "PS-40" not in shown
    assert not Hold.objects.exists()
    assert hold_talk(midwife, consent, house.midwife.account, question_1="Why?", answer_1=QUOTA).status_code == 303
    for name in ("mine-consent", "mine-give"):
        hers = text_of(with_card(consent.patient).get(address(name, consent_id=consent.pk)))
        assert "quota" not in hers


def test_the_interpreter_signs_on_a_page_of_its_own(house: House) -> None:
    consent = interpreted_talk(house)
    midwife, page = staff(house.midwife.account), address("consent-interpreter", consent_id=consent.pk)
    assert f'href="{page}"' in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert "leaving nothing out" in text_of(midwife.get(page))
    empty = midwife.post(page, {"typed_name": "Test Interpreter", "organisation": "Test Interpreters"})
    assert empty.status_code == 422
    assert "Test Interpreters" in text_of(empty)
    typed = {"typed_name": "Test Interpreter", "language": "ug", "organisation": "Test Interpreters"}
    assert [midwife.post(page, typed).status_code for _click in range(2)] == [303, 303]
    assert Signature.objects.get(consent=consent).meaning == SignatureMeaning.STATES_AS_INTERPRETER
    assert "Interpreter signed" in text_of(midwife.get(address("consent", consent_id=consent.pk)))


def test_nobody_interpreted_and_nobody_is_asked(house: House) -> None:
    consent = house.informed()
    page = address("consent-interpreter", consent_id=consent.pk)
    midwife = staff(house.midwife.account)
    assert page not in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert midwife.post(page, {"typed_name": "Somebody", "language": "ug"}).status_code == 409


def test_who_explained_signs_for_a_sterilisation(house: House) -> None:
    house.publish("tubal-ligation")
    consent = house.given(house.procedure(code="tubal-ligation"))
    midwife, page = staff(house.midwife.account), address("consent-obtainer", consent_id=consent.pk)
    assert f'href="{page}"' in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    assert f'href="{page}"' not in text_of(
        staff(house.colleague.account).get(address("consent", consent_id=consent.pk))
    )
    assert midwife.post(page, {"typed_name": "Somebody"}).status_code == 422
    assert [midwife.post(page, {"typed_name": "Test Midwife"}).status_code for _click in range(2)] == [303, 303]
    assert page not in text_of(midwife.get(address("consent", consent_id=consent.pk)))
    other = house.given()  # a device: the rules do not ask for it
    link = address("consent-obtainer", consent_id=other.pk)
    assert link not in text_of(midwife.get(address("consent", consent_id=other.pk)))


def signing(consent: Consent, **typed: str) -> dict[str, str]:
    return {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Anna Test", **typed}


def test_she_says_how_she_wants_her_copy(house: House) -> None:
    house.publish("tubal-ligation")
    consent = house.informed(house.procedure(code="tubal-ligation"))
    let_pass(minutes=61)
    browser, page = with_card(consent.patient), address("mine-give", consent_id=consent.pk)
    assert "How do you want your own copy?" in text_of(browser.get(page))
    unanswered = browser.post(page, signing(consent))
    assert unanswered.status_code == 422
    assert "This field is required." in text_of(unanswered)
    assert browser.post(page, signing(consent, copy_choice="declined")).status_code == 303
    assert fresh(consent).copy_choice == "declined"


@pytest.mark.parametrize("copy_choice", ["", "paper"])
def test_where_it_is_only_advised_she_may_leave_it_open(house: House, copy_choice: str) -> None:
    consent = house.informed()
    page = address("mine-give", consent_id=consent.pk)
    assert with_card(consent.patient).post(page, signing(consent, copy_choice=copy_choice)).status_code == 303
    assert fresh(consent).copy_choice == copy_choice


def test_a_drawing_of_somebody_else_is_asked_for_anew(house: House) -> None:
    first = house.informed(house.procedure(house.patient("Test Patient Two")))
    consent, copied = house.informed(), drawn("Ann")
    sent = {
        "method": "drawn",
        "strokes": json.dumps(copied.strokes),
        "image": "data:image/png;base64," + base64.b64encode(copied.image or b"").decode(),
    }
    place = address("mine-give", consent_id=first.pk)
    own = {"shown_digest": first.sheet_version.digest, **sent}
    assert with_card(first.patient).post(place, own).status_code == 303
    again = {"shown_digest": consent.sheet_version.digest, **sent}
    refused = with_card(consent.patient).post(address("mine-give", consent_id=consent.pk), again)
    assert refused.status_code == 422
    assert "Please sign again with your own hand." in text_of(refused)
    assert fresh(consent).state == ConsentState.INFORMED
    assert Hold.objects.get(consent=consent).signal == "PS-35"
