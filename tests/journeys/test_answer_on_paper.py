"""The power is cut: she answers on paper. Two people look at it, and it counts from the moment it was entered."""

import datetime
from pathlib import Path

from tests.journeys.browsing import DESK, PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import Clinic, Person, card_sign_in, given_a_clinic, staff_sign_in
from tests.journeys.written_by_hand import scanned

NO_NEEDS_NO_PAPER = "A no needs no paper"
RIGHT = "It is right: this patient, this procedure, this answer, all pages, signed"


def test_answer_on_paper(world: World, open_screen: Open, tmp_path: Path) -> None:
    clinic = given_a_clinic(world, in_days=7)
    consent = clinic.consent("informed")
    desk = that_waits(open_screen(DESK))
    staff_sign_in(desk, clinic.people["midwife"])
    form = clinician_prints_the_form(desk, consent, tmp_path)
    paper = scanned(form, tmp_path, box="Yes,")

    world.at(MORNING + datetime.timedelta(hours=2))  # the power is back
    a_wrong_file_is_refused(desk, consent, tmp_path)
    clinician_brings_the_paper(desk, paper)
    assert clinic.facts(consent)["state"] == "informed"
    says_that_it_is_right(desk)
    desk.sees("Two people have to look at it")

    colleague = that_waits(open_screen(DESK))
    staff_sign_in(colleague, clinic.people["colleague"])
    colleague_looks_and_enters_it(colleague, clinic, consent)
    facts = clinic.facts(consent)
    assert (facts["state"], facts["via"]) == ("given", "paper")
    assert [one["method"] for one in facts["signatures"]] == ["paper"]
    assert facts["entries"][-1] == "consent.given"
    assert {"paper.printed", "paper.received", "paper.verified"} <= set(facts["entries"])

    phone = open_screen(PHONE)
    card_sign_in(phone, clinic.patient)
    she_sees_both_times_and_takes_her_paper(phone, consent, paper, tmp_path)


def test_a_no_on_paper_holds_at_once(world: World, open_screen: Open, tmp_path: Path) -> None:
    clinic = given_a_clinic(world)
    consent = clinic.consent("given")
    phone = that_waits(open_screen(PHONE))
    staff_sign_in(phone, clinic.people["midwife"])
    form = clinician_prints_the_form(phone, consent, tmp_path)
    world.at(MORNING + datetime.timedelta(minutes=45))
    phone.visit("/papers/")
    phone.picture("the-square-alone")
    fill_in(phone, scanned(form, tmp_path, box="back"), answer="The patient takes the yes back", time="10:30")
    assert phone.press("Bring it") == 200
    phone.sees("This no holds since it came.")
    phone.picture("it-holds")
    assert clinic.facts(consent)["state"] == "withdrawn"
    phone.visit(f"/consents/{consent['id']}/")
    phone.picture("the-consent")


def that_waits(screen: Visitor) -> Visitor:
    """A screen that waits: all pages of a scan are read before there is an answer."""
    screen.context.set_default_timeout(60_000)
    return screen


def clinician_prints_the_form(desk: Visitor, consent: Person, folder: Path) -> Path:
    desk.visit(f"/consents/{consent['id']}/")
    desk.follow("Print a form to answer on paper, or bring one back")
    desk.heading("Answers on paper")
    desk.picture("answers-on-paper")
    with desk.page.expect_download() as coming:
        desk.button("Print the form (PDF)").click()
    form = folder / coming.value.suggested_filename
    coming.value.save_as(form)
    assert form.name == "form.pdf"
    return form


def fill_in(desk: Visitor, file: Path, *, answer: str, time: str) -> None:
    desk.tick(answer)
    desk.fill("Day written on the paper", MORNING.date().isoformat())
    desk.fill("Time written on the paper", time)
    desk.page.locator("input[type=file]").set_input_files(file)


def a_wrong_file_is_refused(desk: Visitor, consent: Person, folder: Path) -> None:
    wrong = folder / "scan.pdf"
    wrong.write_text("<html><script>alert(1)</script></html>", encoding="utf-8")
    fill_in(desk, wrong, answer="The patient says yes", time="10:40")
    assert desk.press("Bring it") == 422
    desk.sees("This is no scan.")
    desk.sees(NO_NEEDS_NO_PAPER)
    desk.picture("a-wrong-file")
    assert desk.field("The patient says yes").is_checked()
    assert desk.field("Time written on the paper").input_value() == "10:40"
    no = desk.page.get_by_role("link", name="Write the no down now").get_attribute("href")
    assert no == f"/consents/{consent['id']}/spoken-no/"


def clinician_brings_the_paper(desk: Visitor, paper: Path) -> None:
    desk.page.locator("input[type=file]").set_input_files(paper)  # all else is still there
    assert desk.press("Bring it") == 200
    desk.heading("A paper that came back")
    for shown in desk.page.locator("figure img").all():  # each is fetched when somebody comes to it
        shown.scroll_into_view_if_needed()
        shown.evaluate("one => one.decode()")
        assert shown.evaluate("one => one.naturalWidth") > 500
    desk.picture("every-page-of-it")


def says_that_it_is_right(desk: Visitor) -> None:
    desk.tick(RIGHT)
    assert desk.press("Say what I found") == 200


def colleague_looks_and_enters_it(screen: Visitor, clinic: Clinic, consent: Person) -> None:
    screen.visit(f"/consents/{consent['id']}/")
    screen.follow("The patient says yes")
    says_that_it_is_right(screen)
    screen.sees("Two people have found it right")
    screen.picture("found-right")
    screen.follow("Enter the patient's yes")
    screen.tick("Not now; it is safer without")
    screen.picture("before-it-is-entered")
    assert screen.press("Enter the yes") == 200
    assert screen.path == f"/consents/{consent['id']}/"
    screen.sees("On paper")
    screen.sees(clinic.people["colleague"]["name"])
    screen.picture("entered")


def she_sees_both_times_and_takes_her_paper(phone: Visitor, consent: Person, paper: Path, folder: Path) -> None:
    phone.visit(f"/mine/{consent['id']}/")
    phone.heading("Copper IUD insertion")
    shown = phone.page.get_by_role("region", name="What you wrote on paper").inner_text()
    assert "10:40" in shown.split("Entered on:")[0]
    assert "12:0" in shown.split("Entered on:")[1]
    phone.picture("her-page")
    with phone.page.expect_download() as coming:
        phone.page.get_by_role("link", name="Download the scan of your paper").click()
    hers = folder / "hers.pdf"
    coming.value.save_as(hers)
    assert coming.value.suggested_filename == "paper.pdf"
    assert hers.read_bytes() == paper.read_bytes()
