"""Steps that several journeys share, named as people would name them."""

import re
from dataclasses import dataclass
from typing import Any

from tests.factories import IUD
from tests.journeys.browsing import Visitor
from tests.journeys.processes import World

Person = dict[str, Any]
SIGN_IN = re.compile("^(Sign in|登录)$")


@dataclass(frozen=True)
class Clinic:
    """A clinic of one journey's own, with one patient and one planned procedure."""

    world: World
    house: str
    site: str
    people: dict[str, Person]
    patient: Person
    procedure: Person

    def consent(self, stage: str, language: str = "en") -> Person:
        """A consent about the planned procedure, brought as far as `stage`."""
        made: Person = self.world.consent(
            house=self.house, procedure=self.procedure["id"], stage=stage, language=language
        )
        return made

    def facts(self, consent: Person) -> Person:
        """What the database holds about it now."""
        found: Person = self.world.facts(consent=consent["id"])
        return found


def given_a_clinic(
    world: World,
    *,
    name: str = "Test Patient One",
    languages: tuple[str, ...] = ("en",),
    code: str = IUD,
    in_days: int = 0,
) -> Clinic:
    """A clinic, a patient with her card, and a procedure planned for today or a later day."""
    made = world.house(sheets=[code])
    patient = world.patient(house=made["house"], name=name, languages=list(languages))
    procedure = world.procedure(house=made["house"], patient=patient["id"], code=code, in_days=in_days)
    return Clinic(world, made["house"], made["site"], made["people"], patient, procedure)


def staff_sign_in(screen: Visitor, person: Person) -> None:
    """A member of staff signs in at the staff door."""
    screen.visit("/sign-in/")
    screen.page.locator("input[name=login]").fill(person["username"])
    screen.page.locator("input[name=password]").fill(person["password"])
    screen.press(SIGN_IN)
    assert screen.path != "/sign-in/"


def card_sign_in(screen: Visitor, patient: Person) -> None:
    """The patient types the code of her card and her PIN."""
    screen.visit("/card/")
    screen.page.locator("input[name=card_code]").fill(patient["card"])
    screen.page.locator("input[name=pin]").fill(patient["pin"])
    screen.press(SIGN_IN)
    assert screen.path == "/mine/"


def draw_signature(screen: Visitor) -> None:
    """Two strokes of the mouse in the box."""
    canvas = screen.page.get_by_role("img", name="Box for your signature")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    pen = screen.page.mouse

    def at(across: float, down: float) -> tuple[float, float]:
        return box["x"] + box["width"] * across, box["y"] + box["height"] * down

    for stroke in ([(0.1, 0.7), (0.2, 0.2), (0.3, 0.8), (0.45, 0.3)], [(0.55, 0.5), (0.7, 0.45), (0.9, 0.6)]):
        pen.move(*at(*stroke[0]))
        pen.down()
        for place in stroke[1:]:
            pen.move(*at(*place), steps=8)
        pen.up()


def reasons(screen: Visitor) -> set[str]:
    """What the page lists as missing, by the names of the requirements."""
    listed = screen.page.locator("[data-missing=unmet] > li").all()
    return {(one.get_attribute("id") or "").removeprefix("missing-") for one in listed}


def patient_says_it_again_today(phone: Visitor, patient: Person) -> None:
    """On her own phone, on the day, without anyone who came along."""
    card_sign_in(phone, patient)
    phone.follow("Do you still want this today?")
    phone.tick("Yes", within="Are you answering without anyone who came with you?")
    phone.picture("again")
    phone.press("Yes, I still want this today")
    phone.heading(re.compile("You said yes"))


def operator_signs(desk: Visitor, consent: str, name: str) -> None:
    """The operator's certificate."""
    sign_below(desk, consent, "Sign as the operator", name)


def obtainer_signs(desk: Visitor, consent: str, name: str) -> None:
    """Whoever explained says so, after the patient signed."""
    sign_below(desk, consent, "Sign that I explained it", name)


def sign_below(desk: Visitor, consent: str, statement: str, name: str) -> None:
    """Open a statement from the page of the consent, type the name below it, and sign."""
    desk.visit(f"/consents/{consent}/")
    desk.follow(statement)
    desk.fill("Your name", name)
    desk.picture(statement.replace(" ", "-").lower())
    desk.press("Sign")
    desk.heading("Consent")
