"""The pages of a talk: one thing on each, nothing typed is lost, times are the server's, and all is recorded once."""

import pytest

from consent.actions.talk_draft import ALONE_BEGINS, ALONE_ENDS, CHOICE_OPENED, SHEET_OPENED
from consent.models import Consent, Conversation, Hold, LedgerEntry, TalkDraft
from consent.rules.talk_steps import Page
from consent.vocabulary import ConsentState
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.consent_pages.people import address, fresh, hidden, staff, text_of
from tests.integration.consent_pages.talking import (
    fill_pages,
    full_answers,
    hold_talk,
    pages_of,
    place_of,
    press,
    record,
)

LIGATION = "tubal-ligation"


def page_named(house: House, consent: Consent, key: str):  # type: ignore[no-untyped-def]
    return next(one for one in pages_of(consent, house.midwife.account) if one.key == key)


def sterilisation(house: House) -> Consent:
    house.publish(LIGATION)
    return house.proposed(house.procedure(code=LIGATION))


def test_a_full_talk_is_recorded_once(house: House) -> None:
    consent, account = house.proposed(), house.midwife.account
    midwife = staff(account)
    typed = full_answers(consent)
    fill_pages(midwife, consent, account, typed)
    last = pages_of(consent, account)[-1]
    sent = {"form_key": hidden(midwife.get(place_of(consent, last)), "form_key"), "go": "record"}
    places = {midwife.post(place_of(consent, last), sent).headers["Location"] for _click in range(2)}
    assert places == {address("consent", consent_id=consent.pk)}
    talk = Conversation.objects.get(consent=consent)
    assert (talk.minutes_alone, talk.capacity, talk.what_matters) == (11, "presumed", "Children, later.")
    assert (talk.no_loss_spoken, talk.was_live, talk.companion_would_not_leave) == (True, True, False)
    assert talk.sheet_opened_at is not None
    assert talk.sheet_opened_at < talk.held_at
    assert {row.seconds_open for row in talk.alternatives_opened.all()} == {20}
    assert talk.alternatives_opened.count() == len(consent.sheet_version.content["alternative"])
    assert [(row.attempts, row.answered_by_companion) for row in talk.teach_backs.all()] == [(1, False)] * 5
    person = talk.people_present.get()
    assert (person.role, person.left_before_signing, person.asked_for_by_patient_alone) == ("relative", True, True)
    shown = text_of(midwife.get(address("consent", consent_id=consent.pk)))
    for words in ("Test Sister, left before the signing", "Will it hurt?", "(20 seconds)"):
        assert words in shown
    draft = TalkDraft.objects.get()
    assert (draft.answers, draft.clock_marks) == ({}, {})
    assert not Hold.objects.exists()
    assert LedgerEntry.objects.filter(kind="consent.informed").count() == 1


def test_after_a_full_talk_the_patient_can_answer(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    fill_pages(midwife, consent, house.midwife.account, full_answers(consent))
    overview = text_of(midwife.get(address("consent-conversation", consent_id=consent.pk)))
    assert "Nothing is missing: the patient can answer." in overview
    assert record(midwife, consent, house.midwife.account, full_answers(consent)).status_code == 303
    assert fresh(consent).state == ConsentState.INFORMED


@pytest.mark.parametrize(
    ("code", "most"), [("pregnancy-test", 1), ("vaccination", 1), ("copper-iud-insertion", 17), (LIGATION, 18)]
)
def test_each_kind_of_care_has_the_pages_it_needs(house: House, code: str, most: int) -> None:
    house.publish(code)
    consent = house.proposed(house.procedure(code=code))
    steps = pages_of(consent, house.midwife.account)
    assert steps[-1].page is Page.RECORD
    assert len(steps) <= most
    midwife = staff(house.midwife.account)
    for number, step in enumerate(steps, start=1):
        page = text_of(midwife.get(place_of(consent, step)))
        assert len(steps) == 1 or f"Step {number} of {len(steps)}" in page


def test_a_pregnancy_test_is_one_page_that_begins_filled(house: House) -> None:
    house.publish("pregnancy-test")
    consent = house.proposed(house.procedure(code="pregnancy-test"))
    midwife, place = staff(house.midwife.account), address("consent-conversation", consent_id=consent.pk)
    start = midwife.get(address("consent-talk", consent_id=consent.pk, step="start"))
    assert start.headers["Location"] == place
    page = midwife.get(place)
    assert '<option value="en" selected>' in text_of(page)
    typed = {
        "form_key": hidden(page, "form_key"),
        "spoken_language": "en",
        "no_loss_spoken": "yes",
        "minutes_alone": "2",
        "capacity": "presumed",
        "request_source": "patient",
    }
    assert midwife.post(place, typed).status_code == 303
    talk = Conversation.objects.get()
    assert (talk.spoken_language, talk.no_loss_spoken, talk.minutes_alone) == ("en", True, 2)


def test_going_back_keeps_what_cannot_be_read_yet(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    alone = page_named(house, consent, "alone")
    answer = press(midwife, consent, alone, {"minutes_alone": "many"}, go="back")
    assert answer.status_code == 303
    assert answer.headers["Location"] == address("consent-talk", consent_id=consent.pk, step="room")
    assert 'value="many"' in text_of(midwife.get(place_of(consent, alone)))
    stopped = press(midwife, consent, alone, {"minutes_alone": "many"}, go="next")
    assert stopped.status_code == 422
    assert "Enter a whole number." in text_of(stopped)


@pytest.mark.parametrize(
    ("key", "typed", "words"),
    [
        ("languages", {"spoken_language": ""}, "This field is required."),
        ("languages", {"spoken_language": "tlh"}, "Select a valid choice."),
        ("languages", {"spoken_language": "en", "interpreter_name": "Somebody"}, "Choose who interpreted"),
        ("alone", {"minutes_alone": "-1"}, "greater than or equal to 0"),
        ("room", {"person_2_name": "Somebody"}, "Choose who this person was."),
        ("questions", {"question_1": "Why?"}, "Write what you answered."),
        ("questions", {"answer_1": "Because."}, "Write what the patient asked."),
        ("own-words-1", {"teach_back_1_answer": "So."}, "Say whether the patient understood."),
        ("own-words-1", {"teach_back_1_understood": "yes"}, "Write the answer in the patient"),
        ("own-words-1", {"teach_back_1_answer": "So.", "teach_back_1_understood": "yes"}, "Say who answered."),
        ("matters", {"what_matters": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_what_is_half_filled_is_asked_for(house: House, key: str, typed: dict[str, str], words: str) -> None:
    consent = house.proposed()
    response = press(staff(house.midwife.account), consent, page_named(house, consent, key), typed, go="next")
    page = text_of(response)
    assert response.status_code == 422
    assert words in page
    assert "nhsuk-error-summary" in page
    for value in typed.values():
        assert value in page or value == "tlh"
    assert not Conversation.objects.exists()


def test_what_cannot_be_recorded_leads_to_its_page(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    press(midwife, consent, page_named(house, consent, "alone"), {"minutes_alone": "many"}, go="back")
    response = record(midwife, consent, house.midwife.account, {})
    assert response.status_code == 422
    page = text_of(response)
    assert f'href="{address("consent-talk", consent_id=consent.pk, step="alone")}"' in page
    assert f'href="{address("consent-talk", consent_id=consent.pk, step="languages")}"' in page
    assert "Enter a whole number." in page
    assert not Conversation.objects.exists()


def test_only_the_servers_clock_makes_times(house: House, movable_clock: MovableClock) -> None:
    consent = house.proposed()
    midwife, alone = staff(house.midwife.account), page_named(house, consent, "alone")
    press(midwife, consent, alone, {}, mark=ALONE_BEGINS, begun_at="2020-01-01T00:00:00Z")
    movable_clock.forward(minutes=3, seconds=59)
    assert "The clock for the time alone is running." in text_of(midwife.get(place_of(consent, alone)))
    refused = record(midwife, consent, house.midwife.account, {})
    assert "still running" in text_of(refused)
    press(midwife, consent, alone, {}, mark=ALONE_ENDS)
    movable_clock.forward(minutes=30)
    press(midwife, consent, alone, {}, mark=ALONE_BEGINS)
    movable_clock.forward(minutes=2, seconds=2)
    press(midwife, consent, alone, {}, mark=ALONE_ENDS)
    assert "6 whole minutes by the clock so far." in text_of(midwife.get(place_of(consent, alone)))
    press(midwife, consent, alone, {}, mark="alone-begins-yesterday")
    press(midwife, consent, alone, {}, mark=f"{CHOICE_OPENED}moon-phases")
    assert len(TalkDraft.objects.get().clock_marks) == 4


def test_minutes_say_whether_they_were_timed(house: House) -> None:
    timed, stated = house.proposed(), house.proposed()
    midwife = staff(house.midwife.account)
    assert hold_talk(midwife, timed, house.midwife.account).status_code == 303
    assert hold_talk(midwife, stated, house.midwife.account, minutes_alone="20").status_code == 303
    found = {str(row.consent_id): row.minutes_alone for row in Conversation.objects.all()}
    assert found == {str(timed.pk): 11, str(stated.pk): 20}
    entries = LedgerEntry.objects.filter(kind="consent.informed").order_by("leaf__index")
    bodies = [bytes(entry.body) for entry in entries]
    assert b"timed" in bodies[0]
    assert b"stated" in bodies[1]


def test_one_other_choice_is_open_at_a_time(house: House, movable_clock: MovableClock) -> None:
    consent = house.proposed()
    midwife, choices = staff(house.midwife.account), page_named(house, consent, "other-choices")
    first, second = consent.sheet_version.content["alternative"][:2]
    press(midwife, consent, choices, {}, mark=f"{CHOICE_OPENED}{first['key']}")
    assert first["good"].strip() in text_of(midwife.get(place_of(consent, choices)))
    movable_clock.forward(seconds=25)
    press(midwife, consent, choices, {}, mark=f"{CHOICE_OPENED}{second['key']}")
    movable_clock.forward(seconds=9)
    press(midwife, consent, choices, {}, go="next")
    page = text_of(midwife.get(place_of(consent, choices)))
    assert "Open for 25 seconds." in page
    assert "Open for 9 seconds." in page
    assert first["good"].strip() not in page


def test_asking_again_is_counted(house: House) -> None:
    consent, account = house.proposed(), house.midwife.account
    midwife, question = staff(account), page_named(house, consent, "own-words-1")
    wrong = {"teach_back_1_answer": "It is for ever.", "teach_back_1_by": "patient", "teach_back_1_understood": "no"}
    again = press(midwife, consent, question, wrong, go="next")
    assert again.headers["Location"] == place_of(consent, question)
    assert "Asked 1 time so far." in text_of(midwife.get(place_of(consent, question)))
    on = press(midwife, consent, question, wrong, go="next")
    assert on.headers["Location"] != place_of(consent, question)  # nothing new: nothing is counted, and it goes on
    right = wrong | {"teach_back_1_answer": "It can come out.", "teach_back_1_understood": "yes"}
    press(midwife, consent, question, right, go="next")
    press(midwife, consent, question, right | {"teach_back_1_answer": "It can come out!"}, go="next")
    assert hold_talk(midwife, consent, account, **right).status_code == 303
    said = Conversation.objects.get().teach_backs.get(key=consent.sheet_version.content["teach_back"][0]["key"])
    assert (said.attempts, said.is_understood) == (2, True)


def test_an_unshared_language_asks_who_interpreted(house: House) -> None:
    consent = house.proposed()
    midwife, languages = staff(house.midwife.account), page_named(house, consent, "languages")
    again = press(midwife, consent, languages, {"spoken_language": "zh-Hans"}, go="next")
    assert again.headers["Location"] == place_of(consent, languages)
    typed = {
        "spoken_language": "zh-Hans",
        "interpreter_qualification": "professional",
        "interpreter_name": "No. 17",
        "interpreter_is_companion": "no",
    }
    assert hold_talk(midwife, consent, house.midwife.account, **typed).status_code == 303
    talk = Conversation.objects.get()
    assert (talk.interpreter_name, talk.interpreter_is_companion) == ("No. 17", False)


def test_states_are_asked_about_where_the_rules_know_them(house: House) -> None:
    consent = sterilisation(house)
    midwife, moment = staff(house.midwife.account), page_named(house, consent, "deciding")
    assert "Is the patient in any of these states now?" in text_of(midwife.get(place_of(consent, moment)))
    both = press(midwife, consent, moment, {"signing_states": ["none", "labour"]}, go="next")
    assert both.status_code == 422
    assert "Tick either" in text_of(both)
    assert hold_talk(midwife, consent, house.midwife.account).status_code == 303
    assert Conversation.objects.get().signing_states == []
    assert hold_talk(midwife, consent, house.midwife.account, signing_states=["labour"]).status_code == 303
    assert "In labour" in text_of(midwife.get(address("consent", consent_id=consent.pk)))


def test_the_pages_say_from_when(house: House) -> None:
    consent = sterilisation(house)
    midwife = staff(house.midwife.account)
    fill_pages(midwife, consent, house.midwife.account, full_answers(consent))
    page = text_of(midwife.get(address("consent-conversation", consent_id=consent.pk)))
    assert "Earliest time to sign:" in page
    assert "Earliest time to start:" in page
    assert "14 February 2027" in page


def test_each_clinician_has_her_own_draft(house: House) -> None:
    consent = house.proposed()
    first, second = staff(house.midwife.account), staff(house.colleague.account)
    matters = page_named(house, consent, "matters")
    press(first, consent, matters, {"what_matters": "To sleep well."}, go="back")
    assert "To sleep well." not in text_of(second.get(place_of(consent, matters)))
    press(second, consent, matters, {"what_matters": "To travel."}, go="back")
    assert "To sleep well." in text_of(first.get(place_of(consent, matters)))
    assert hold_talk(second, consent, house.colleague.account).status_code == 303
    assert TalkDraft.objects.get(held_by=house.midwife.account).answers == {"what_matters": "To sleep well."}
    assert TalkDraft.objects.get(held_by=house.colleague.account).answers == {}


def test_looking_at_a_page_notes_nothing(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    for step in pages_of(consent, house.midwife.account):
        midwife.get(place_of(consent, step))
        midwife.get(address("sheet", consent_id=consent.pk))
    assert not TalkDraft.objects.exists()
    press(midwife, consent, page_named(house, consent, "explaining"), {}, mark=SHEET_OPENED)
    assert set(TalkDraft.objects.get().clock_marks) == {"sheet"}


def test_a_talk_after_the_answer_is_refused_with_everything_typed(house: House) -> None:
    consent = house.given()
    midwife, place = staff(house.midwife.account), address("consent-conversation", consent_id=consent.pk)
    assert midwife.get(place).status_code == 303
    refused = midwife.post(place, {"form_key": str(consent.pk)})
    assert refused.status_code == 409
    matters = page_named(house, consent, "matters")
    stopped = press(midwife, consent, matters, {"what_matters": "To sleep well."}, go="next")
    assert stopped.status_code == 409
    assert "To sleep well." in text_of(stopped)
    assert not TalkDraft.objects.exists()


def test_an_unknown_page_is_not_found(house: House) -> None:
    consent = house.proposed()
    midwife = staff(house.midwife.account)
    for step in ("nowhere", "record", "own-words-99"):
        assert midwife.get(address("consent-talk", consent_id=consent.pk, step=step)).status_code == 404


def test_a_choice_that_was_opened_is_where_the_page_comes_back(house: House) -> None:
    consent = house.proposed()
    midwife, choices = staff(house.midwife.account), page_named(house, consent, "other-choices")
    key = consent.sheet_version.content["alternative"][-1]["key"]
    answer = press(midwife, consent, choices, {}, mark=f"{CHOICE_OPENED}{key}")
    assert answer.headers["Location"] == f"{place_of(consent, choices)}#choice-{key}"
    assert f'id="choice-{key}"' in text_of(midwife.get(place_of(consent, choices)))
