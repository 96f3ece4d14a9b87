"""A pregnancy test asks little: fewer than ten links and buttons for the clinician, and her no stays open."""

import re

from tests.journeys.browsing import DESK, PHONE
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic, patient_signs, staff_sign_in

MOST_ACTIONS = 9


def test_rules_short_talk(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code="pregnancy-test")
    desk, phone = open_screen(DESK), open_screen(PHONE)
    card_sign_in(phone, clinic.patient)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/patients/{clinic.patient['id']}/")
    desk.actions = 0

    desk.follow(re.compile("^Consent"))
    desk.tick("The patient", within="Who first raised the idea of this procedure?")
    desk.picture("propose")
    desk.press("Propose")
    desk.follow("Record the conversation")
    desk.press("Open the sheet")
    for choice in ("Testing at home", "Doing nothing"):
        desk.press(f"Open {choice}")
        world.forward(seconds=15)
    desk.tick("Yes", within="Did you say this aloud before anything else?")
    desk.picture("whole-talk")
    desk.press("Save the conversation")
    world.forward(minutes=5)

    phone.visit("/mine/")
    patient_signs(phone, "Pregnancy test", clinic.patient["name"])
    phone.follow("Back to my decisions")
    phone.follow("Do you still want this today?")
    phone.tick("Yes", within="Are you answering without anyone who came with you?")
    phone.press("Yes, I still want this today")

    desk.page.reload()
    desk.actions += 1
    assert desk.press("Start the procedure") == 200
    desk.sees("In progress")
    desk.picture("started")
    assert desk.actions <= MOST_ACTIONS
    phone.follow("Take it back")
    phone.sees("Take it back now")
