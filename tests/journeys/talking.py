"""The talk, written down in a browser page by page as it goes on, with the clock of the clinic noting the times."""

import re
from collections.abc import Callable, Collection

from tests.journeys.browsing import Visitor
from tests.journeys.processes import World

ALL_PAGES = "/conversation/"
MOST_PAGES = 30
CHOICE = re.compile("^Open .")


def hold_the_talk(
    screen: Visitor,
    world: World,
    *,
    leave_out: Collection[str] = (),
    pictures: Collection[str] = (),
    spoken: str = "English",
    interpreter: str = "",
) -> None:
    """From the button on the page of the consent to the overview of the talk, one page after the other.

    `leave_out` and `pictures` name pages by their part of the address: "alone", "own-words-1".
    """
    screen.follow("Record the conversation")
    for _page in range(MOST_PAGES):
        key = page_of(screen)
        if not key:
            return
        if key not in leave_out:
            answer_page(screen, world, key, spoken=spoken, interpreter=interpreter)
        if key in pictures:
            screen.picture(f"talk-{key}")
        assert screen.press("Continue") == 200, f"the page {key} was not taken"
    raise AssertionError("the talk has no end")


def page_of(screen: Visitor) -> str:
    """Which page of the talk is on the screen; empty for the overview."""
    return screen.path.partition(ALL_PAGES)[2].partition("#")[0].strip("/")


def open_page(screen: Visitor, key: str) -> None:
    """Go from any page of the talk to another one."""
    screen.visit(f"{screen.path.partition(ALL_PAGES)[0]}{ALL_PAGES}{key}/")


def answer_page(screen: Visitor, world: World, key: str, *, spoken: str = "English", interpreter: str = "") -> None:
    """Answer one page as a good talk would."""
    if key == "languages":
        say_languages(screen, spoken=spoken, interpreter=interpreter)
    else:
        ANSWERS[re.sub(r"-\d+$", "", key)](screen, world)


def say_languages(screen: Visitor, *, spoken: str, interpreter: str) -> None:
    screen.pick("Language you spoke together", spoken)
    if interpreter:
        screen.pick("Who interpreted?", "Professional interpreter")
        screen.fill("Name or number of the interpreter", interpreter)
        screen.pick("Did the interpreter come with the patient?", "No")
        screen.tick("Read aloud in the patient's language by an interpreter")


def spend_time_alone(screen: Visitor, world: World) -> None:
    screen.press("Start the clock")
    screen.sees("The clock for the time alone is running.")
    world.forward(minutes=11)
    screen.press("Stop the clock")


def explain(screen: Visitor, world: World) -> None:
    screen.press("Open the sheet")
    world.forward(minutes=25)
    for question in ("Did you explain it yourself", "Did you tell what kind of anaesthetic it is"):
        tick_where_asked(screen, question, "Yes")


def open_the_other_choices(screen: Visitor, world: World) -> None:
    names = [one.inner_text() for one in screen.page.get_by_role("button", name=CHOICE).all()]
    assert names, "there is no other choice to open"
    for name in names:
        screen.press(" ".join(name.split()))
        world.forward(seconds=20)
    screen.press("Talked about this one")


def hear_own_words(screen: Visitor, _world: World) -> None:
    screen.page.locator("textarea").fill("She said it in her own words.")
    screen.tick("The patient", within="Who answered?")
    screen.tick("Yes", within="Understood?")


def look_whether_she_can_decide(screen: Visitor, _world: World) -> None:
    screen.tick("No doubt: the patient can decide this")
    tick_where_asked(screen, "Is the patient in any of these states now?", "None of these")
    tick_where_asked(screen, "Did you offer the patient a witness", "Yes")


def tick_where_asked(screen: Visitor, question: str, answer: str) -> None:
    """Not every kind of care asks everything."""
    asked = screen.page.get_by_role("group", name=question)
    if asked.count():
        asked.get_by_label(answer, exact=True).check()


def ask_whose_wish_it_is(screen: Visitor, _world: World) -> None:
    screen.tick("The patient", within="Who first raised the idea of this procedure?")
    screen.tick("Yes", within="Did the patient, alone with you, ask for this in her or his own words?")
    screen.tick("Nobody sent the patient")


ANSWERS: dict[str, Callable[[Visitor, World], None]] = {
    "room": lambda screen, _world: tick_where_asked(screen, "Did anyone refuse to leave", "No"),
    "alone": spend_time_alone,
    "first-sentence": lambda screen, _world: screen.tick("Yes", within="Did you say this aloud before anything else?"),
    "explaining": explain,
    "other-choices": open_the_other_choices,
    "questions": lambda _screen, _world: None,
    "own-words": hear_own_words,
    "deciding": look_whether_she_can_decide,
    "wish": ask_whose_wish_it_is,
    "matters": lambda screen, _world: screen.fill("What matters to the patient?", "To decide this myself."),
}
