"""She complains in two steps; the clinic never learns of it; the advocate is late, and then answers."""

import datetime

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import card_sign_in, given_a_clinic, staff_sign_in

MOST_STEPS = 2
A_MONTH = datetime.timedelta(days=31)


def test_patient_complains(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    clinic.consent("given")
    phone, desk, office = open_screen(PHONE), open_screen(DESK), open_screen(DESK)

    card_sign_in(phone, clinic.patient)
    phone.actions = 0
    phone.follow("I want to complain")
    phone.picture("what-happened")
    assert phone.page.locator("main [required]").count() == 0
    phone.press("I was asked for money")
    assert phone.actions <= MOST_STEPS
    phone.sees("It is written down")
    phone.picture("written-down")
    phone.follow("My complaints")
    phone.sees("The advocate has to answer by 14 February 2027.")
    phone.picture("my-complaints")

    staff_sign_in(desk, clinic.people["midwife"])
    for path in ("/today/", f"/patients/{clinic.patient['id']}/", f"/patients/{clinic.patient['id']}/slips/"):
        desk.visit(path)
        for word in ("omplain", "money"):
            desk.sees_nothing_of(word)

    world.at(MORNING + A_MONTH)
    the_advocate_answers(office, clinic.people["advocate"], clinic.patient["name"])
    card_sign_in(phone, clinic.patient)
    phone.follow("My complaints")
    phone.sees("Nobody may ask you for money here.")
    phone.sees("I spoke with the head of the clinic.")
    phone.picture("answered")


def the_advocate_answers(office: Visitor, person: dict[str, str], name: str) -> None:
    """An overdue complaint stands on the first page that the advocate sees, and first in the list."""
    staff_sign_in(office, person)
    office.sees("1 complaint is overdue")
    office.picture("overdue")
    office.follow("1 complaint is overdue")
    office.sees("Overdue")
    office.sees_nothing_of(name)
    office.picture("complaints")
    office.page.locator("main li a").first.click()
    office.sees(name)
    office.fill("Your answer to the patient", "Nobody may ask you for money here.")
    office.fill("What was done", "I spoke with the head of the clinic.")
    office.picture("answer")
    office.press("Send the answer")
    office.sees("No complaint waits.")
