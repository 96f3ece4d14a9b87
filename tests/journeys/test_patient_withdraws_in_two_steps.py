"""A patient takes her yes back in two steps, and the operator's page, open since before, can start nothing any more.

Proves CR-080: at most withdraw_steps, and in force before the next page is shown (withdraw_seconds).
"""

from playwright.sync_api import expect

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import Clinic, Person, card_sign_in, given_a_clinic, staff_sign_in

MOST_STEPS = 2


def test_patient_withdraws_in_two_steps(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("ready")
    desk, phone = open_screen(DESK), open_screen(PHONE)

    operator_has_the_page_open(desk, clinic, consent)
    card_sign_in(phone, clinic.patient)
    steps = patient_takes_it_back(phone)
    assert steps <= MOST_STEPS
    assert clinic.facts(consent)["state"] == "withdrawn"

    assert desk.press("Start the procedure") == 409
    desk.heading("The procedure was not started")
    desk.sees("There is no live consent for this procedure.")
    assert "Taken back" in desk.page.get_by_role("alert").inner_text()
    desk.picture("not-started")
    kept = clinic.facts(consent)
    assert (kept["state"], kept["is_started"], kept["procedure"]) == ("withdrawn", False, "preparation")
    assert kept["refused_starts"] == 1
    assert kept["entries"].count("consent.withdrawn") == 1

    desk.visit(f"/consents/{consent['id']}/")
    desk.sees("The patient has taken the yes back. The procedure may not be started.")
    assert desk.page.get_by_role("button", name="Start the procedure").count() == 0
    desk.picture("taken-back")


def test_taken_back_while_it_is_being_done_tells_the_operator_to_stop(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("ready")
    desk, phone = open_screen(DESK), open_screen(PHONE)

    operator_has_the_page_open(desk, clinic, consent)
    assert desk.press("Start the procedure") == 200
    assert clinic.facts(consent)["is_started"]
    card_sign_in(phone, clinic.patient)
    patient_takes_it_back(phone)
    phone.sees("Say “stop” aloud as well.")
    phone.picture("while-it-is-done")

    desk.visit(f"/consents/{consent['id']}/")
    desk.sees("Stop as soon as it is safe")
    desk.picture("stop")
    desk.follow("Stop the procedure")
    desk.tick("The patient said stop")
    desk.press("Record that it was stopped")
    kept = clinic.facts(consent)
    assert (kept["state"], kept["procedure"]) == ("withdrawn", "stopped")


def operator_has_the_page_open(desk: Visitor, clinic: Clinic, consent: Person) -> None:
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/consents/{consent['id']}/")
    desk.sees("Ready to start")
    desk.picture("ready")
    assert desk.button("Start the procedure").is_enabled()


def patient_takes_it_back(phone: Visitor) -> int:
    """From the list of her decisions; gives the number of steps (a link, a button) it took."""
    assert phone.path == "/mine/"
    before = len(phone.watch.pages)
    phone.follow("Take it back")
    expect(phone.page.get_by_role("textbox")).to_have_count(1)
    phone.picture("take-back")
    phone.press("Take it back now")
    phone.heading("You took your yes back.")
    steps = phone.watch.pages[before:]
    phone.picture("taken-back")
    return len([page for page in steps if not page.endswith("/done/")])
