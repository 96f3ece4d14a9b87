"""A sterilisation under the federal rules of the United States, through an interpreter; and never before 21."""

import datetime
import re

from clinic.vocabulary import Preset
from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import (
    card_sign_in,
    given_a_clinic,
    obtainer_signs,
    operator_signs,
    patient_says_it_again_today,
    patient_signs,
    proposes,
    staff_sign_in,
    starts,
)
from tests.journeys.talking import hold_the_talk

LIGATION = "tubal-ligation"
TITLE = re.compile("^Female sterilisation")
NAME = "Test Paciente Uno"
TOO_YOUNG = "At your age this cannot be signed for here. You can ask about the other choices."


def test_rules_interpreter(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, name=NAME, languages=("es",), code=LIGATION, in_days=30, preset=Preset.US_FEDERAL)
    desk, phone = open_screen(DESK), open_screen(PHONE)

    staff_sign_in(desk, clinic.people["midwife"])
    proposes(desk, clinic.procedure["id"], before=through_an_interpreter)
    consent = world.newest_consent(procedure=clinic.procedure["id"])["id"]
    hold_the_talk(desk, world, interpreter="Test Interpreter", pictures={"languages"})
    desk.press("Save the conversation")
    world.forward(minutes=61)

    without_interpreter = she_cannot_sign_yet(phone, clinic.patient)
    assert without_interpreter
    phone.picture("no-word-of-the-interpreter")
    interpreter_signs(desk, consent)
    card_sign_in(phone, clinic.patient)
    patient_signs(phone, TITLE, NAME)
    signed_at = world.now

    world.at(signed_at + datetime.timedelta(days=29))
    staff_sign_in(desk, clinic.people["midwife"])
    assert "waiting-time" in starts(desk, consent)
    desk.sees(re.compile(r"Not before:\s+Sunday 14 February 2027, 00:00"))
    desk.picture("too-early")
    world.at(MORNING + datetime.timedelta(days=30))
    staff_sign_in(desk, clinic.people["midwife"])
    patient_says_it_again_today(phone, clinic.patient)
    operator_signs(desk, consent, "Test Midwife")
    obtainer_signs(desk, consent, "Test Midwife")
    assert starts(desk, consent) == set()
    desk.picture("started")
    phone.visit(f"/mine/{consent}/")
    phone.sees("Take it back")


def test_rules_under_21(world: World, open_screen: Open) -> None:
    """Twenty years and 364 days: she is told so, and about the other choices."""
    clinic = given_a_clinic(world, code=LIGATION, in_days=30, preset=Preset.US_FEDERAL, born="2006-01-16")
    consent = clinic.consent("informed")
    world.forward(minutes=61)
    phone = open_screen(PHONE)
    assert she_cannot_sign_yet(phone, clinic.patient) == {TOO_YOUNG}
    phone.picture("too-young")
    assert clinic.facts(consent)["state"] == "informed"
    phone.follow("Back to the text and the answers")
    phone.sees("I need more time")


def through_an_interpreter(screen: Visitor) -> None:
    """What an offer asks where the patient reads no language of the sheet, and of every sterilisation."""
    screen.press("Propose")
    screen.picture("how-does-it-reach-her")
    screen.tick("Read aloud in the patient's language by an interpreter")
    screen.tick("None of these")


def she_cannot_sign_yet(phone: Visitor, patient: dict[str, str]) -> set[str]:
    card_sign_in(phone, patient)
    phone.follow(TITLE)
    phone.follow("Yes, I agree")
    phone.heading("The clinic is not ready yet")
    return set(phone.page.locator("[data-missing] li").all_inner_texts())


def interpreter_signs(desk: Visitor, consent: str) -> None:
    desk.visit(f"/consents/{consent}/")
    desk.follow("The interpreter signs")
    desk.fill("Your name", "Test Interpreter")
    desk.pick("Language you interpreted into", "Español")
    desk.fill("Organisation you work for", "Test Interpreters")
    desk.picture("the-interpreter-signs")
    desk.press("Sign")
    desk.heading("Consent")
