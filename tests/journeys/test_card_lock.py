"""Five wrong PINs lock a card. The right one then opens nothing, until the desk has seen the patient."""

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import Person, card_sign_in, given_a_clinic, staff_sign_in


def test_card_lock(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    phone, desk = open_screen(PHONE), open_screen(DESK)

    for _try in range(4):
        type_pin(phone, clinic.patient, "000000")
        phone.sees("This code and this PIN do not belong together.")
    assert phone.field("Your PIN").input_value() == ""
    phone.picture("wrong")
    type_pin(phone, clinic.patient, "000000")
    phone.sees("This card is locked")
    phone.picture("locked")
    type_pin(phone, clinic.patient, clinic.patient["pin"])
    phone.sees("This card is locked")
    assert phone.path == "/card/"

    staff_sign_in(desk, clinic.people["receptionist"])
    desk.visit(f"/patients/{clinic.patient['id']}/")
    desk.sees("It is locked after five wrong PINs.")
    desk.picture("desk")
    desk.press("Open the card again")
    desk.sees_nothing_of("It is locked after five wrong PINs.")

    card_sign_in(phone, clinic.patient)
    phone.heading("My decisions")


def type_pin(phone: Visitor, patient: Person, pin: str) -> None:
    phone.visit("/card/")
    phone.fill("Code on your card", patient["card"])
    phone.fill("Your PIN", pin)
    phone.press("Sign in")
