"""A patient takes her record home: a paper that others can read, in her language, with its place in the ledger."""

import tomllib
from pathlib import Path

import pytest

from consent.catalogue import FOLDER
from tests.factories import IUD
from tests.journeys.browsing import PHONE, PICTURES, Visitor
from tests.journeys.conftest import Open
from tests.journeys.papers import fonts_of, pages_of, text_of, without_spaces
from tests.journeys.processes import World
from tests.journeys.steps import Person, card_sign_in, given_a_clinic

IN_ENGLISH = {
    "locale": "en-GB",
    "language": "en",
    "button": "Download my record (PDF)",
    "name": "Test Patient One",
    "procedure": "Copper IUD insertion",
    "state": "Given",
    "entry": "Entrynumber",
}
IN_CHINESE = {
    "locale": "zh-CN",
    "language": "zh-Hans",
    "button": "下载我的记录（PDF）",
    "name": "测试患者",
    "procedure": "放置含铜宫内节育器",
    "state": "已同意",
    "entry": "条目编号",
}


@pytest.mark.parametrize("hers", [IN_ENGLISH, IN_CHINESE], ids=["English", "Chinese"])
def test_patient_downloads_her_record(world: World, open_screen: Open, tmp_path: Path, hers: Person) -> None:
    clinic = given_a_clinic(world, name=hers["name"], languages=(hers["language"],))
    consent = clinic.consent("given", hers["language"])
    phone = open_screen(PHONE, locale=hers["locale"])
    card_sign_in(phone, clinic.patient)
    phone.visit(f"/mine/{consent['id']}/")

    phone.picture(f"{hers['language']}-before")
    ledger = world.ledger(house=clinic.house)
    paper = patient_downloads(phone, hers["button"], tmp_path)

    text = text_of(paper)
    for words in (hers["name"], hers["procedure"], hers["state"], consent["digest"], ledger["root"]):
        assert without_spaces(words) in text, f"{words} is not on the paper"
    assert f"{hers['entry']}{ledger['size'] - 1}" in text
    fonts = fonts_of(paper)
    assert fonts
    assert all(fonts.values()), fonts
    pages = pages_of(paper, PICTURES / phone.story, f"record-{hers['language']}")
    assert len(pages) >= 2
    the_whole_sheet_is_on_it(text, hers["language"], page_breaks=len(pages) - 1)
    assert clinic.facts(consent)["entries"][-1] == "record.issued"


def patient_downloads(phone: Visitor, button: str, folder: Path) -> Path:
    with phone.page.expect_download() as coming:
        phone.button(button).click()
    paper = folder / coming.value.suggested_filename
    coming.value.save_as(paper)
    assert paper.name == "record-1.pdf"
    return paper


def the_whole_sheet_is_on_it(text: str, language: str, *, page_breaks: int) -> None:
    """Every heading, and every line but those that the foot of a page divides."""
    sheet = tomllib.loads((FOLDER / IUD / f"{language}.toml").read_text(encoding="utf-8"))
    for element in sheet["element"]:
        assert without_spaces(element["heading"]) in text
    lines = [line.removeprefix("- ") for element in sheet["element"] for line in element["text"].splitlines() if line]
    divided = [line for line in lines if without_spaces(line) not in text]
    assert len(divided) <= page_breaks, divided
