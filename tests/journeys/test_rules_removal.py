"""She wants it out: two steps, no reason. The clock of the clinic runs, and everybody sees when it is late."""

import datetime

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import Clinic, card_sign_in, given_a_clinic, staff_sign_in, starts

REMOVAL = "iud-removal"
EIGHT_DAYS = datetime.timedelta(days=8)
MOST_STEPS = 2


def test_rules_removal(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code=REMOVAL, in_days=8)
    phone, desk, office = open_screen(PHONE), open_screen(DESK), open_screen(DESK)

    she_asks_in_two_steps(phone, clinic)
    world.at(MORNING + EIGHT_DAYS)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.follow("Removals owed")
    desk.sees("Overdue")
    desk.sees_nothing_of(clinic.patient["name"])
    desk.picture("owed")
    staff_sign_in(office, clinic.people["advocate"])
    office.follow("Removals owed")
    office.sees("Overdue")
    office.picture("the-advocate-sees-it")

    a_reason_needs_a_second_clinician(desk, office, clinic)
    card_sign_in(phone, clinic.patient)
    phone.follow("I want my IUD or implant taken out")
    phone.sees("The clinic is late.")
    phone.picture("late")

    it_is_taken_out(desk, clinic)
    phone.visit("/mine/removals/")
    phone.sees("It has been taken out.")
    phone.picture("out")


def she_asks_in_two_steps(phone: Visitor, clinic: Clinic) -> None:
    card_sign_in(phone, clinic.patient)
    phone.actions = 0
    phone.follow("I want my IUD or implant taken out")
    assert phone.page.locator("main [required]").count() == 0
    phone.picture("ask")
    phone.press("I want it taken out")
    assert phone.actions <= MOST_STEPS
    phone.sees("It has to be done by")
    phone.picture("asked")


def a_reason_needs_a_second_clinician(desk: Visitor, office: Visitor, clinic: Clinic) -> None:
    """The first one writes a reason, the second looks; the day stands until then, and the right stands after it."""
    desk.page.locator("main li a").first.click()
    desk.picture("one-wish")
    desk.follow("There is a clinical reason to wait")
    desk.fill("The clinical reason", "An infection that has to be treated first.")
    desk.press("Write the reason down")
    desk.sees("An infection that has to be treated first.")
    assert desk.page.get_by_role("link", name="Give a second opinion").count() == 0
    address = desk.path
    desk.press("Sign out")
    staff_sign_in(desk, clinic.people["colleague"])
    desk.visit(address)
    desk.follow("Give a second opinion")
    desk.tick("No", within="Do you agree that it would harm the patient to take it out now?")
    desk.tick("Yes", within="Have you told the patient, and said when it is looked at again?")
    desk.fill("What you saw", "The infection is over.")
    desk.picture("second-opinion")
    desk.press("Save the second opinion")
    desk.sees("Does not agree: it can be taken out")
    desk.picture("answered")
    desk.press("Sign out")
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(address)


def it_is_taken_out(desk: Visitor, clinic: Clinic) -> None:
    address = desk.path
    consent = clinic.consent("ready")["id"]
    assert starts(desk, consent) == set()
    desk.follow("Finish the procedure")
    desk.press("Record that it was done")
    desk.visit(address)
    desk.follow("It has been taken out")
    desk.page.get_by_role("radio").first.check()
    desk.picture("met")
    desk.press("The wish is met")
    desk.sees("Taken out")
