"""What is typed wrongly is named and kept; a second click writes nothing; nobody signs a text that has changed."""

import re

from playwright.sync_api import expect

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic, staff_sign_in

MINUTES = "Minutes alone with the patient, if the clock here did not run"
NAME = "Name or number of the interpreter"


def test_bad_input_keeps_what_was_typed(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("proposed")
    desk = open_screen(DESK)
    staff_sign_in(desk, clinic.people["midwife"])
    talk = f"/consents/{consent['id']}/conversation/"

    is_named_and_kept(desk, f"{talk}alone/", MINUTES, "-3")
    desk.picture("minutes")
    is_named_and_kept(desk, f"{talk}languages/", NAME, "Test Interpreter", asked="Who interpreted?")

    desk.visit(talk)
    assert desk.press("Save the conversation") == 422
    desk.picture("all-that-is-wrong")
    summary = desk.page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert "Who interpreted?" in summary.inner_text()
    summary.get_by_role("link", name=re.compile("^Minutes alone")).click()
    assert desk.field(MINUTES).input_value() == "-3"
    assert clinic.facts(consent)["state"] == "draft"


def is_named_and_kept(desk: Visitor, page: str, label: str, value: str, *, asked: str = "") -> None:
    """One page of the talk with something wrong: it says what, leads to it, and holds every word."""
    desk.visit(page)
    if desk.field(label).is_hidden():
        desk.page.get_by_text("Somebody interpreted").click()
    desk.fill(label, value)
    assert desk.press("Continue") == 422
    assert desk.page.title().startswith("Error:")
    summary = desk.page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name=re.compile(f"^{re.escape(asked or label)}")).click()
    expect(desk.field(asked or label)).to_be_focused()
    assert desk.field(label).input_value() == value


def test_a_signature_that_is_missing_is_asked_for(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)
    she_stands_before_signing(phone, clinic.patient)
    assert phone.press("Yes, I agree and sign") == 422
    phone.sees("Choose how you want to sign.")
    phone.tick("Make a mark or say yes, with a witness")
    phone.fill("Who is the witness to you?", "a friend")
    assert phone.press("Yes, I agree and sign") == 422
    phone.picture("no-witness")
    assert phone.page.get_by_label("Make a mark or say yes, with a witness").is_checked()
    assert phone.page.get_by_label("Who is the witness to you?").input_value() == "a friend"
    kept = clinic.facts(consent)
    assert (kept["state"], kept["signatures"]) == ("informed", [])


def test_a_double_click_writes_once(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)
    she_stands_before_signing(phone, clinic.patient)
    phone.tick("Type my name")
    phone.fill("Your name", "Test Patient One")
    phone.button("Yes, I agree and sign").dblclick()
    phone.page.wait_for_url(f"**/mine/{consent['id']}/done/")
    phone.heading("You said yes. You can take it back at any time.")
    kept = clinic.facts(consent)
    assert kept["entries"].count("consent.given") == 1
    assert len(kept["signatures"]) == 1


def test_a_text_that_changed_is_shown_before_anybody_signs(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)
    she_stands_before_signing(phone, clinic.patient)

    world.publish_anew(house=clinic.house, heading="Something new that you should know")
    newer = world.supersede(house=clinic.house, consent=consent["id"])
    phone.tick("Type my name")
    phone.fill("Your name", "Test Patient One")
    assert phone.press("Yes, I agree and sign") == 409
    phone.sees("The text has changed")
    phone.sees("Something new that you should know")
    phone.picture("changed")

    for one in (consent, newer):
        kept = clinic.facts(one)
        assert (kept["decision"], kept["signatures"]) == ("", [])


def test_a_digest_that_was_not_on_the_screen_is_refused(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)
    she_stands_before_signing(phone, clinic.patient)
    phone.page.locator("input[name=shown_digest]").evaluate("one => { one.value = 'a'.repeat(64); }")
    phone.tick("Type my name")
    phone.fill("Your name", "Test Patient One")
    assert phone.press("Yes, I agree and sign") == 409
    phone.sees("The text has changed")
    assert clinic.facts(consent)["state"] == "informed"


def test_a_yes_to_an_old_sheet_waits_for_the_clinic(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    world.publish_anew(house=clinic.house)
    phone = open_screen(PHONE)
    card_sign_in(phone, clinic.patient)
    phone.follow("Copper IUD insertion")
    phone.follow("Yes, I agree")
    phone.heading("The clinic is not ready yet")
    phone.picture("not-ready")
    assert clinic.facts(consent)["state"] == "informed"


def she_stands_before_signing(phone: Visitor, patient: dict[str, str]) -> None:
    card_sign_in(phone, patient)
    phone.follow("Copper IUD insertion")
    phone.follow("Yes, I agree")
    phone.sees("What you sign")
