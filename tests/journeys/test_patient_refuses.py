"""A no, and a need for time, cost no more than a yes, look no smaller, and ask for no reason."""

import re
from typing import Any

from tests.journeys.browsing import PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic

ANSWERS = ("Yes, I agree", "No", "I need more time")
STYLES = ["color", "backgroundColor", "borderColor", "borderWidth", "fontSize", "fontWeight", "textDecorationLine"]
LOOKS = """(one, names) => {
  const style = getComputedStyle(one), box = one.getBoundingClientRect(), words = document.createRange();
  words.selectNodeContents(one);
  const inside = words.getBoundingClientRect();
  const looks = {width: box.width, height: box.height, words: Math.round(inside.top - box.top)};
  return {...looks, ...Object.fromEntries(names.map(name => [name, style[name]]))};
}"""


def test_patient_refuses(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)

    card_sign_in(phone, clinic.patient)
    phone.follow("Copper IUD insertion")
    yes, no, time = (looks_of(phone, name) for name in ANSWERS)
    assert yes == no == time
    assert contrast(yes["color"], yes["backgroundColor"]) >= 4.5

    phone.follow("No")
    phone.heading("Copper IUD insertion")
    phone.sees("You do not have to give a reason.")
    assert phone.page.locator("main [required]").count() == 0
    phone.picture("no")
    phone.press("No, I do not want this")
    phone.heading("You said no.")
    phone.sees("Nothing else in your care changes.")
    phone.picture("refused")

    kept = clinic.facts(consent)
    assert (kept["state"], kept["decision"], kept["ended_words"]) == ("refused", "deny", "")
    assert kept["signatures"] == []
    phone.visit(f"/mine/{consent['id']}/")
    assert phone.page.get_by_role("link", name="Yes, I agree").count() == 0


def test_patient_asks_for_time(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE)

    card_sign_in(phone, clinic.patient)
    phone.follow("Copper IUD insertion")
    phone.press("I need more time")
    phone.sees("Nothing was decided, and nothing will be done before you answer.")
    phone.picture("time")

    kept = clinic.facts(consent)
    assert (kept["state"], kept["decision"]) == ("informed", "")
    assert kept["entries"][-1] == "consent.more-time-asked"
    phone.follow("Back to my decisions")
    phone.sees("You asked for more time.")
    phone.follow("Copper IUD insertion")
    assert [phone.page.locator(".fg-answers__button").nth(place).inner_text() for place in range(3)] == list(ANSWERS)


def looks_of(screen: Visitor, name: str) -> dict[str, Any]:
    """Size, colours, weight and place of the words of one answer."""
    answer = screen.page.locator(".fg-answers__button").filter(has_text=re.compile(f"^{name}$"))
    looks: dict[str, Any] = answer.evaluate(LOOKS, STYLES)
    return looks


def contrast(ink: str, paper: str) -> float:
    """WCAG's contrast of two colours as the browser names them: rgb(r, g, b)."""
    lighter, darker = sorted((luminance(ink), luminance(paper)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    shares = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
