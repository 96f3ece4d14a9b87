"""Steps that several journeys share, named as people would name them."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clinic.vocabulary import Preset
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
    preset: Preset = Preset.STRICT_DEFAULT,
    born: str = "1994-05-17",
    operator: str = "midwife",
) -> Clinic:
    """A clinic under one set of rules, a patient with her card, and a procedure planned for today or a later day."""
    made = world.house(preset=preset, sheets=[code])
    patient = world.patient(house=made["house"], name=name, languages=list(languages), born=born)
    procedure = world.procedure(
        house=made["house"], patient=patient["id"], code=code, in_days=in_days, operator=operator
    )
    return Clinic(world, made["house"], made["site"], made["people"], patient, procedure)


def staff_sign_in(screen: Visitor, person: Person) -> None:
    """A member of staff signs in at the staff door, unless the door knows her already."""
    screen.visit("/sign-in/")
    if screen.path != "/sign-in/":
        return
    screen.page.locator("input[name=login]").fill(person["username"])
    screen.page.locator("input[name=password]").fill(person["password"])
    screen.press(SIGN_IN)
    assert screen.path != "/sign-in/"


def card_sign_in(screen: Visitor, patient: Person) -> None:
    """The patient types the code of her card and her PIN, unless she is signed in already."""
    screen.visit("/card/")
    if screen.path == "/mine/":
        return
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


def proposes(
    screen: Visitor, procedure: str, *, sheet: str = "English", before: Callable[[Visitor], None] | None = None
) -> None:
    """A clinician offers it: in which language, and who first raised the idea; `before` answers what else is asked."""
    screen.visit(f"/procedures/{procedure}/consent/")
    screen.tick(re.compile(f"^{sheet}"), within="Language of the sheet")
    screen.tick("The patient", within="Who first raised the idea of this procedure?")
    if before is not None:
        before(screen)
    screen.press("Propose")


def patient_signs(phone: Visitor, title: str, name: str) -> None:
    """From the list of her decisions to her yes, with her name typed and her copy on paper."""
    phone.follow(title)
    phone.follow("Yes, I agree")
    phone.tick("Type my name")
    phone.fill("Your name", name)
    phone.tick("On paper")
    phone.picture("sign")
    phone.press("Yes, I agree and sign")
    phone.heading("You said yes. You can take it back at any time.")


def starts(desk: Visitor, consent: str) -> set[str]:
    """Press start on the page of the consent. Gives what the gate still asks for; nothing when it has begun."""
    desk.visit(f"/consents/{consent}/")
    answer = desk.press("Start the procedure")
    if answer == 200:
        return set()
    assert answer == 409
    desk.heading("The procedure was not started")
    return reasons(desk)


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
