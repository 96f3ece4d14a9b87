"""A patient takes everything of hers home on her phone; somebody she trusts checks it without the clinic."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.journeys.browsing import PHONE
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic

LANGUAGES = pytest.mark.parametrize(("locale", "language"), [("en-GB", "en"), ("zh-CN", "zh-Hans")])


@LANGUAGES
def test_patient_takes_everything_home(
    world: World, open_screen: Open, tmp_path: Path, locale: str, language: str
) -> None:
    clinic = given_a_clinic(world, languages=(language,))
    clinic.consent("given", language)
    phone = open_screen(PHONE, locale=locale)
    card_sign_in(phone, clinic.patient)
    phone.visit("/mine/")
    phone.page.locator("a[href='/mine/download/']").click()
    phone.picture(f"{language}-chooses")
    with phone.page.expect_download() as coming:
        phone.page.locator("main form button[type=submit]").click()
    archive = tmp_path / coming.value.suggested_filename
    coming.value.save_as(archive)
    assert archive.name == "papers.zip"

    somewhere_else = tmp_path / "a-friends-computer"
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(somewhere_else)
    code, said = checked(somewhere_else, archive)
    assert code == 0, said
    assert "Records: 1." in said
    for name in ("read-me.html", "record-1/record.html", "looks.html"):
        phone.page.goto("about:blank")
        phone.page.set_content((somewhere_else / name).read_text(encoding="utf-8"))
        phone.picture(f"{language}-{Path(name).stem}")

    damaged = bytearray(archive.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    archive.write_bytes(bytes(damaged))
    assert checked(somewhere_else, archive)[0] != 0


def checked(folder: Path, archive: Path) -> tuple[int, str]:
    """What the verifier in the archive says, in a process that knows nothing of us."""
    words = [sys.executable, "-I", "freely_given_verify.py", "bundle", str(archive), "--policy", "policy"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def test_patient_makes_a_paper_she_can_show(world: World, open_screen: Open, tmp_path: Path) -> None:
    clinic = given_a_clinic(world)
    clinic.consent("given")
    phone = open_screen(PHONE)
    card_sign_in(phone, clinic.patient)
    phone.visit("/mine/extract/")
    phone.picture("extract")
    with phone.page.expect_download() as coming:
        phone.page.locator("main form button[type=submit]").click()
    paper = tmp_path / coming.value.suggested_filename
    coming.value.save_as(paper)
    assert paper.name == "page.pdf"
    phone.visit("/mine/attendance/")
    phone.picture("attendance")
