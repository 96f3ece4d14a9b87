"""From the first word at the desk to a card in the patient's hand, and a plan that allows nothing by itself."""

import re

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import given_a_clinic, staff_sign_in

PIN = "731905"
CHOSEN = re.compile("PIN: six digits")


def test_desk_welcomes_a_new_patient(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    desk, phone = open_screen(DESK), open_screen(PHONE)

    staff_sign_in(desk, clinic.people["receptionist"])
    desk_finds_nobody_and_registers(desk)
    address = desk.path
    desk_books(desk)
    code = desk_issues_a_card(desk)

    staff_sign_out(desk)
    staff_sign_in(desk, clinic.people["midwife"])
    midwife_plans(desk, address)

    phone.visit("/card/")
    phone.fill("Code on your card", code.lower())
    phone.fill("Your PIN", PIN)
    phone.press("Sign in")
    phone.heading("My decisions")
    phone.sees("Nothing awaits your answer.")


def desk_finds_nobody_and_registers(desk: Visitor) -> None:
    desk.follow("Patients")
    desk.fill("Name, or a part of it", "测试新人")
    desk.fill("Birth date", "1991-02-03")
    desk.press("Find")
    desk.sees("Nobody here has both.")
    desk.picture("nobody")
    desk.follow("Register a new patient")
    desk.fill("Name", "测试新人")
    desk.fill("Birth date", "1991-02-03")
    assert desk.press("Register") == 422
    desk.picture("incomplete")
    assert desk.field("Name").input_value() == "测试新人"
    assert desk.field("Birth date").input_value() == "1991-02-03"
    desk.tick("Not at all")
    desk.pick("Language the patient understands best", "简体中文（普通话）")
    desk.press("Register")
    desk.picture("registered")


def desk_books(desk: Visitor) -> None:
    desk.follow("Book an appointment")
    desk.pick("Clinician", "Test Midwife (midwife)")
    desk.fill("Day", "2027-01-15")
    desk.fill("Time", "16:30")
    desk.picture("book")
    desk.press("Book")
    desk.sees("16:30")
    desk.picture("booked")


def desk_issues_a_card(desk: Visitor) -> str:
    desk.follow("Issue a card")
    desk.fill(CHOSEN, PIN)
    desk.fill("The same PIN again", "731906")
    assert desk.press("Issue the card") == 422
    assert desk.field(CHOSEN).input_value() == ""
    desk.fill(CHOSEN, PIN)
    desk.fill("The same PIN again", PIN)
    desk.press("Issue the card")
    desk.heading("The card is ready")
    desk.picture("card")
    return desk.page.locator("strong.fg-digest").inner_text()


def staff_sign_out(desk: Visitor) -> None:
    desk.press("Sign out")
    desk.heading("Welcome")


def midwife_plans(desk: Visitor, address: str) -> None:
    desk.visit(address)
    desk.follow("Plan a procedure")
    desk.pick("Procedure", "Copper IUD insertion")
    desk.page.get_by_label("At which appointment?").select_option(index=1)
    desk.picture("plan")
    desk.press("Plan it")
    desk.sees("No consent yet")
    desk.sees(re.compile("Copper IUD insertion"))
    desk.picture("planned")
