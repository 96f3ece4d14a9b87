"""Scripts only draw signatures. Everything else works without them, and with a keyboard alone."""

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic

MOST_TABS = 150
MARKS = """one => {
  const style = getComputedStyle(one);
  return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.color].join(" ");
}"""
NAME = """one => {
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  return label || one.getAttribute("aria-label") || one.innerText || "";
}"""


def test_without_javascript(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    phone = open_screen(PHONE, java_script_enabled=False)

    card_sign_in(phone, clinic.patient)
    phone.follow("Copper IUD insertion")
    phone.follow("Yes, I agree")
    assert phone.page.locator("canvas").is_hidden()
    assert phone.page.locator("input[value=drawn]").is_hidden()
    phone.picture("sign")
    phone.tick("Type my name")
    phone.fill("Your name", "Test Patient One")
    phone.press("Yes, I agree and sign")
    phone.heading("You said yes. You can take it back at any time.")
    phone.picture("given")

    kept = clinic.facts(consent)
    assert kept["state"] == "given"
    assert (kept["signatures"][0]["method"], kept["signatures"][0]["typed_name"]) == ("typed", "Test Patient One")

    phone.follow("Take it back")
    phone.press("Take it back now")
    phone.heading("You took your yes back.")
    assert clinic.facts(consent)["state"] == "withdrawn"


def test_with_the_keyboard_alone(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("informed")
    screen = open_screen(DESK)
    keyboard = screen.page.keyboard

    screen.visit("/card/")
    tab_to(screen, "Code on your card")
    keyboard.type(clinic.patient["card"])
    tab_to(screen, "Your PIN")
    keyboard.type(clinic.patient["pin"])
    keyboard.press("Enter")
    screen.heading("My decisions")
    tab_to(screen, "Copper IUD insertion")
    keyboard.press("Enter")
    screen.heading("Copper IUD insertion")

    for name in ("Yes, I agree", "No", "I need more time"):
        tab_to(screen, name)
    tab_back_to(screen, "Yes, I agree")
    keyboard.press("Enter")
    screen.sees("What you sign")
    tab_to(screen, "Draw my signature")
    keyboard.press("ArrowDown")
    assert screen.page.get_by_label("Type my name").is_checked()
    tab_to(screen, "Your name")
    keyboard.type("Test Patient One")
    tab_to(screen, "Yes, I agree and sign")
    keyboard.press("Enter")
    screen.heading("You said yes. You can take it back at any time.")
    assert clinic.facts(consent)["state"] == "given"


def tab_to(screen: Visitor, name: str, key: str = "Tab") -> None:
    """Press Tab until this has the focus, and look whether one can see that it has."""
    for _press in range(MOST_TABS):
        screen.page.keyboard.press(key)
        focused = screen.page.locator(":focus")
        if focused.count() and " ".join(focused.evaluate(NAME).split()) == name:
            assert has_visible_focus(screen), f"nobody can see that {name} has the focus"
            return
    raise AssertionError(f"{name} cannot be reached with the keyboard")


def has_visible_focus(screen: Visitor) -> bool:
    """Whether the thing in focus looks otherwise than without. Of a radio button, its drawn circle counts."""
    drawn = f"""() => {{
      const one = document.activeElement, marks = {MARKS};
      const looks = () => marks(one) + [...(one.labels || [])].map(label => {{
        const circle = getComputedStyle(label, "::before");
        return circle.boxShadow + circle.borderColor + circle.outline + circle.borderWidth;
      }}).join(" ");
      const focused = looks();
      one.blur();
      const blurred = looks();
      one.focus();
      return focused !== blurred;
    }}"""
    return bool(screen.page.evaluate(drawn))


def tab_back_to(screen: Visitor, name: str) -> None:
    tab_to(screen, name, "Shift+Tab")
