"""A sterilisation under the strictest rules, from the first word to the start: every step that is missing is named."""

import datetime
import re
import zoneinfo

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import (
    Clinic,
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
SHANGHAI = zoneinfo.ZoneInfo("Asia/Shanghai")
EXCLUDED = "Is one of these so for the patient now?"
A_PAUSE = "Take a break before you sign. There is no hurry."
ALONE = "You have not had enough time alone with your clinician. You can ask for it."
OWN_WORDS = "Your clinician would like to explain some points once more."
ON_THE_DAY = {"consent-state", "signature-order", "confirmed-today", "confirmed-alone", "operator-certificate"}


def test_rules_sterilisation(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code=LIGATION, in_days=30)
    desk, phone = open_screen(DESK), open_screen(PHONE)

    staff_sign_in(desk, clinic.people["midwife"])
    nothing_is_offered_before_the_question_is_answered(desk, clinic)
    consent = world.newest_consent(procedure=clinic.procedure["id"])["id"]

    records_a_talk(desk, world, consent, leave_out={"alone", "own-words-1"})
    assert she_cannot_sign_yet(phone, clinic) == {ALONE, OWN_WORDS, A_PAUSE}
    phone.picture("not-ready")
    records_a_talk(desk, world, consent)
    assert she_cannot_sign_yet(phone, clinic) == {A_PAUSE}
    world.forward(minutes=61)
    signed_at = she_signs(phone, clinic, world)

    world.at(signed_at + datetime.timedelta(days=29))
    nothing_starts_before_the_wait_is_over(desk, clinic, consent, signed_at)
    world.at(signed_at + datetime.timedelta(days=30, minutes=-30))  # thirty days by the calendar, not yet 720 hours
    nothing_starts_before_the_wait_is_over(desk, clinic, consent, signed_at)

    world.at(signed_at + datetime.timedelta(days=30, minutes=2))
    it_starts_when_all_have_signed(desk, phone, clinic, consent)
    phone.visit(f"/mine/{consent}/")
    phone.follow("Take it back")
    phone.sees("Take it back now")
    phone.picture("she-can-still-stop-it")


def nothing_is_offered_before_the_question_is_answered(desk: Visitor, clinic: Clinic) -> None:
    proposes(desk, clinic.procedure["id"])
    desk.sees("Nothing was saved yet. Please look at this:")
    assert EXCLUDED in desk.page.get_by_role("alert").inner_text()
    desk.picture("not-asked")
    proposes(desk, clinic.procedure["id"], before=lambda screen: screen.tick("None of these", within=EXCLUDED))
    desk.sees("Not talked about yet")


def records_a_talk(desk: Visitor, world: World, consent: str, *, leave_out: set[str] | None = None) -> None:
    """A talk as it was held; what it leaves out stays visible as missing."""
    desk.visit(f"/consents/{consent}/")
    hold_the_talk(desk, world, leave_out=leave_out or set())
    desk.picture("talk-with-gaps" if leave_out else "talk")
    desk.press("Save the conversation")
    desk.sees("Waiting for the patient's answer")


def she_cannot_sign_yet(phone: Visitor, clinic: Clinic) -> set[str]:
    """What her own page says the clinic still has to do."""
    card_sign_in(phone, clinic.patient)
    phone.follow(TITLE)
    phone.follow("Yes, I agree")
    phone.heading("The clinic is not ready yet")
    return set(phone.page.locator("[data-missing] li").all_inner_texts())


def she_signs(phone: Visitor, clinic: Clinic, world: World) -> datetime.datetime:
    card_sign_in(phone, clinic.patient)
    patient_signs(phone, TITLE, clinic.patient["name"])
    return world.now


def nothing_starts_before_the_wait_is_over(
    desk: Visitor, clinic: Clinic, consent: str, signed_at: datetime.datetime
) -> None:
    """Refused, with the hour from which it may be: 720 hours after she signed."""
    staff_sign_in(desk, clinic.people["midwife"])
    assert starts(desk, consent) == {"waiting-time", *ON_THE_DAY}
    since = (signed_at + datetime.timedelta(hours=720)).astimezone(SHANGHAI)
    earlier = since - datetime.timedelta(minutes=1)
    day = f"{since:%A} {since.day} {since:%B %Y}"
    desk.sees(re.compile(rf"Not before:\s+{day}, ({earlier:%H:%M}|{since:%H:%M})"))
    desk.picture("too-early")


def it_starts_when_all_have_signed(desk: Visitor, phone: Visitor, clinic: Clinic, consent: str) -> None:
    """She says it again, the operator certifies, whoever explained signs: refused until the last of them has."""
    staff_sign_in(desk, clinic.people["midwife"])
    assert starts(desk, consent) == ON_THE_DAY
    patient_says_it_again_today(phone, clinic.patient)
    assert starts(desk, consent) == {"operator-certificate", "signature-order"}
    operator_signs(desk, consent, "Test Midwife")
    assert starts(desk, consent) == {"signature-order"}
    desk.sees(re.compile("^The signatures are not in order"))
    desk.picture("last-signature-missing")
    obtainer_signs(desk, consent, "Test Midwife")
    assert starts(desk, consent) == set()
    desk.sees("In progress")
    desk.picture("started")
