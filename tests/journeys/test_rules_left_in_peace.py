"""A no is left in peace: no new offer before the day the rules name, unless she asks; a third asking is looked at."""

import re

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import Clinic, card_sign_in, given_a_clinic, proposes, staff_sign_in

TITLE = "Copper IUD insertion"


def test_rules_left_in_peace(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    desk, phone, office = open_screen(DESK), open_screen(PHONE), open_screen(DESK)
    staff_sign_in(desk, clinic.people["midwife"])
    card_sign_in(phone, clinic.patient)

    proposes(desk, clinic.procedure["id"])
    she_says_no(phone)
    phone.picture("she-said-no")
    no_new_offer(desk, clinic)

    for _time in range(2):
        phone.visit("/mine/")
        phone.follow(TITLE)
        phone.press("I want to talk about this again")
        phone.sees("You asked to talk about this again:")
        phone.picture("she-asks")
        proposes(desk, clinic.procedure["id"])
        desk.heading("Consent")
        last = desk.path
        if _time == 0:
            she_says_no(phone)

    desk.visit(last)
    desk.sees("A concern is open.")
    desk.sees("The patient has been asked about this 3 times.")
    desk.picture("asked-three-times")
    staff_sign_in(office, clinic.people["advocate"])
    office.sees("The rules of this clinic ask for a look by the advocate")
    office.picture("concerns")
    she_says_no(phone)
    assert world.newest_consent(procedure=clinic.procedure["id"])


def she_says_no(phone: Visitor) -> None:
    phone.visit("/mine/")
    phone.follow(TITLE)
    phone.follow("No")
    phone.press("No, I do not want this")
    phone.heading("You said no.")


def no_new_offer(desk: Visitor, clinic: Clinic) -> None:
    """Refused with the day from which it may be; the attempt is on record, and the patient's page says all of it."""
    proposes(desk, clinic.procedure["id"])
    desk.heading("This may not be offered now")
    desk.sees(re.compile(r"Not before:\s+Thursday 15 April 2027, 00:00"))
    desk.picture("may-not-be-offered")
    desk.visit(f"/patients/{clinic.patient['id']}/")
    desk.sees("1 offer was not allowed.")
    desk.picture("patient")
