"""A patient says no, takes the slip that proves it, and anybody checks it without her name."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from tests.journeys.browsing import PHONE, PICTURES, Visitor
from tests.journeys.conftest import Open
from tests.journeys.papers import text_of
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic, staff_sign_in

LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-Hans")])


@LANGUAGES
def test_patient_takes_her_slip(world: World, open_screen: Open, tmp_path: Path, locale: str, language: str) -> None:
    clinic = given_a_clinic(world, languages=(language,))
    consent = clinic.consent("informed", language)
    phone = open_screen(PHONE, locale=locale)
    card_sign_in(phone, clinic.patient)
    phone.visit(f"/mine/{consent['id']}/refuse/")
    sends(phone, "main form button[type=submit]")
    phone.picture(f"{language}-done")

    sends(phone, "button[value=screen]")
    phone.picture(f"{language}-slip")
    code = scanned(phone, f"{language}-code")
    shown = phone.page.locator("[data-slip-text]").text_content()
    assert code == shown
    assert shown is not None

    paper = downloads(phone, "button[value=pdf]", tmp_path)
    assert paper.name.startswith("slip-")
    assert code.split("\n")[1] in text_of(paper)
    pictures(paper, PICTURES / phone.story, f"slip-{language}")
    whole = downloads(phone, "button[name=entry][value=yes]", tmp_path)
    phone.visit("/mine/slips/")
    phone.picture(f"{language}-list")

    stranger = open_screen(PHONE, locale=locale)
    stranger.visit("/log/check/")
    stranger.picture(f"{language}-check")
    stranger.page.locator("textarea").fill(code)
    sends(stranger, "main form button[type=submit]")
    assert stranger.page.locator("[data-verdict]").get_attribute("data-verdict") == "proven"
    stranger.picture(f"{language}-proven")
    stranger.visit("/log/check/")
    stranger.page.locator("textarea").fill(code[:-1] + ("1" if code.endswith("0") else "0"))
    sends(stranger, "main form button[type=submit]")
    assert stranger.page.locator("[data-verdict]").get_attribute("data-verdict") == "unreadable"
    stranger.visit("/log/poster/")
    stranger.picture(f"{language}-poster")
    assert clinic.facts(consent)["state"] == "refused"
    assert whole.suffix == ".tlog-proof"


def test_the_desk_prints_a_slip_for_a_patient_without_a_phone(world: World, open_screen: Open, tmp_path: Path) -> None:
    clinic = given_a_clinic(world)
    clinic.consent("given")
    desk = open_screen(PHONE)
    staff_sign_in(desk, clinic.people["midwife"])
    desk.visit(f"/patients/{clinic.patient['id']}/slips/")
    desk.picture("desk")
    paper = downloads(desk, "main form button", tmp_path)
    assert "Proofslip" in text_of(paper)
    assert "consent" not in text_of(paper).casefold()


def sends(screen: Visitor, button: str) -> None:
    with screen.page.expect_navigation():
        screen.page.locator(button).first.click()


def downloads(screen: Visitor, button: str, folder: Path) -> Path:
    with screen.page.expect_download() as coming:
        screen.page.locator(button).first.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def scanned(phone: Visitor, name: str) -> Any:
    """What another phone reads off this one's screen."""
    picture = PICTURES / phone.story / f"{name}.png"
    picture.parent.mkdir(parents=True, exist_ok=True)
    phone.page.locator("img.fg-slip__code").screenshot(path=picture)
    (found,) = zxingcpp.read_barcodes(Image.open(picture))
    return found.text


def pictures(paper: Path, folder: Path, name: str) -> None:
    subprocess.run(["pdftoppm", "-r", "150", "-png", str(paper), str(folder / name)], check=True)
