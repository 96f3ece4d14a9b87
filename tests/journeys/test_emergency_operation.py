"""Life is at risk and nobody can ask: two clinicians begin, the advocate looks, and she reads all of it herself."""

from tests.journeys.browsing import DESK, PHONE, TABLET, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import Clinic, card_sign_in, given_a_clinic, staff_sign_in

NOBODY_CAN_ASK = "This is an emergency and nobody can ask the patient"


def test_two_clinicians_begin_and_she_reads_it(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code="minor-excision")
    desk, theatre, office, phone = (open_screen(size) for size in (DESK, TABLET, DESK, PHONE))
    procedure = f"/procedures/{clinic.procedure['id']}"

    the_first_declares(desk, clinic, procedure)
    the_second_agrees(theatre, clinic, procedure)
    the_advocate_looks(office, clinic)
    desk.visit(f"{procedure}/finish/")
    desk.press("Record that it was done")
    desk.follow("The patient has been told")
    desk.fill("What did you tell the patient?", "You were bleeding and could not be asked. We closed the wound.")
    desk.press("Record that the patient was told")
    desk.sees("There was no other way")
    desk.picture("all-of-it")

    card_sign_in(phone, clinic.patient)
    phone.follow("What was done without my word")
    for words in ("Test Midwife", "Test Colleague", "Unconscious", "We closed the wound.", "There was no other way"):
        phone.sees(words)
    phone.picture("what-she-reads")


def the_first_declares(desk: Visitor, clinic: Clinic, procedure: str) -> None:
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"{procedure}/consent/")
    desk.follow(NOBODY_CAN_ASK)
    desk.tick("Yes", within="Is the patient's life at risk now?")
    desk.tick("Unconscious")
    desk.fill("What is the danger, and what has to be done?", "A wound that bleeds and does not stop.")
    desk.picture("declare")
    desk.press("Declare the emergency")
    desk.sees("Ask a second clinician of this clinic to do this now:")
    desk.picture("waits-for-a-second")


def the_second_agrees(theatre: Visitor, clinic: Clinic, procedure: str) -> None:
    """On a device of her own, under her own name."""
    staff_sign_in(theatre, clinic.people["colleague"])
    theatre.visit(f"/patients/{clinic.patient['id']}/")
    theatre.sees("Emergency: waits for a second clinician")
    theatre.visit(f"{procedure}/emergency/")
    theatre.follow("I am the second clinician")
    theatre.picture("agree")
    assert theatre.press("I agree; it begins now") == 200
    theatre.sees("It is under way.")
    theatre.picture("under-way")


def the_advocate_looks(office: Visitor, clinic: Clinic) -> None:
    staff_sign_in(office, clinic.people["advocate"])
    office.follow("Emergencies to look at")
    office.sees("Time left: 23 h")
    office.sees_nothing_of(clinic.patient["name"])
    office.picture("to-look-at")
    office.page.get_by_role("link", name="Started").first.click()
    office.tick("There was no other way")
    office.fill("Why do you say so?", "The patient was unconscious and bleeding.")
    office.picture("look-at-it")
    office.press("Record what I found")
    office.sees("Nothing has to be looked at.")


def test_a_sterilisation_is_never_an_emergency(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code="tubal-ligation")
    desk = open_screen(DESK)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/procedures/{clinic.procedure['id']}/consent/")
    desk.sees_nothing_of(NOBODY_CAN_ASK)
    desk.visit(f"/procedures/{clinic.procedure['id']}/emergency/declare/")
    desk.sees("This can never be an emergency")
    desk.picture("never")
