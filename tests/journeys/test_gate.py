"""The gate: shut with every reason named, open when all is done, and no sooner than the waiting time allows."""

import datetime
import re

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import (
    Clinic,
    Person,
    given_a_clinic,
    obtainer_signs,
    operator_signs,
    patient_says_it_again_today,
    reasons,
    staff_sign_in,
)

DAY = datetime.timedelta(days=1)
LIGATION = "tubal-ligation"


def test_gate_names_all_reasons_and_opens_when_they_are_met(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("given")
    desk, phone = open_screen(DESK), open_screen(PHONE)
    staff_sign_in(desk, clinic.people["midwife"])

    expected = {"consent-state", "confirmed-today", "confirmed-alone", "operator-certificate"}
    assert expected_reasons(desk, clinic, consent) == expected
    assert clinic.facts(consent)["is_started"] is False

    patient_says_it_again_today(phone, clinic.patient)
    assert expected_reasons(desk, clinic, consent) == {"operator-certificate"}

    operator_signs(desk, consent["id"], "Test Midwife")
    assert desk.press("Start the procedure") == 200
    desk.sees("In progress")
    desk.picture("started")
    kept = clinic.facts(consent)
    assert (kept["state"], kept["procedure"], kept["is_started"]) == ("used", "in-progress", True)


def test_gate_with_nothing_done_lists_everything(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("proposed")
    desk = open_screen(DESK)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/consents/{consent['id']}/")
    on_the_page = reasons(desk)
    assert len(on_the_page) > 10
    assert desk.page.get_by_role("button", name="Start the procedure").count() == 0
    answer = post_start_anyway(desk, clinic)
    assert answer == 409
    assert reasons(desk) == on_the_page
    desk.picture("refused-with-everything")


def test_gate_keeps_the_waiting_time_of_a_sterilisation(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, code=LIGATION, in_days=30)
    consent = clinic.consent("given")
    desk, phone = open_screen(DESK), open_screen(PHONE)

    world.at(MORNING + 29 * DAY)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/consents/{consent['id']}/")
    assert desk.press("Start the procedure") == 409
    assert "waiting-time" in reasons(desk)
    desk.sees(re.compile(r"Not before:\s+Sunday 14 February 2027, 11:0"))
    desk.picture("29-days-later")

    world.at(MORNING + 30 * DAY + datetime.timedelta(hours=2))
    obtainer_signs(desk, consent["id"], "Test Midwife")
    patient_says_it_again_today(phone, clinic.patient)
    operator_signs(desk, consent["id"], "Test Midwife")
    assert desk.press("Start the procedure") == 200
    assert clinic.facts(consent)["is_started"]
    desk.picture("30-days-later")


def expected_reasons(desk: Visitor, clinic: Clinic, consent: Person) -> set[str]:
    """Press start; the page refuses and lists what is missing."""
    desk.visit(f"/consents/{consent['id']}/")
    assert desk.press("Start the procedure") == 409
    desk.heading("The procedure was not started")
    desk.picture(f"refused-{len(reasons(desk))}")
    return reasons(desk)


def post_start_anyway(desk: Visitor, clinic: Clinic) -> int:
    """Send what the button would send, from a page that has no such button."""
    with desk.page.expect_navigation() as coming:
        desk.page.evaluate(
            """path => {
              const form = document.createElement("form");
              form.method = "post";
              form.action = path;
              form.append(document.querySelector("input[name=csrfmiddlewaretoken]").cloneNode());
              document.body.append(form);
              form.submit();
            }""",
            f"/procedures/{clinic.procedure['id']}/start/",
        )
    return coming.value.status if coming.value else 0
