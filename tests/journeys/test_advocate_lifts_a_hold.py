"""A worry about pressure stops every step forward until the advocate has spoken with the patient; a no stays open."""

from tests.journeys.browsing import DESK, PHONE
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic, staff_sign_in


def test_advocate_lifts_a_hold(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("ready")
    desk, office, phone = open_screen(DESK), open_screen(DESK), open_screen(PHONE)

    staff_sign_in(desk, clinic.people["colleague"])
    desk.visit(f"/consents/{consent['id']}/")
    desk.follow("I am worried that this decision is not free")
    desk.tick("A companion would not leave the room")
    desk.picture("worry")
    desk.press("Raise the concern")
    desk.sees("A concern is open.")
    desk.picture("on-hold")

    staff_sign_in(office, clinic.people["advocate"])
    office.heading("Open concerns")
    office.sees_nothing_of(clinic.patient["name"])
    office.picture("concerns")

    card_sign_in(phone, clinic.patient)
    phone.sees("Take it back")
    for word in ("concern", "hold", "companion"):
        phone.sees_nothing_of(word)

    office.follow("A companion would not leave the room")
    office.picture("concern")
    office.press("Lift the concern")
    office.sees("No concern is open.")
    desk.visit(f"/consents/{consent['id']}/")
    desk.sees("Ready to start")
    assert clinic.facts(consent)["entries"][-2:] == ["hold.raised", "hold.lifted"]
