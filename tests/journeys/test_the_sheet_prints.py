"""What is printed from the browser is the sheet: every word of it, and no button."""

from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.browsing import DESK, PICTURES
from tests.journeys.conftest import Open
from tests.journeys.papers import pages_of, text_of
from tests.journeys.processes import World
from tests.journeys.steps import card_sign_in, given_a_clinic


def test_the_sheet_prints(world: World, open_screen: Open, tmp_path: Path) -> None:
    clinic = given_a_clinic(world, name="测试患者", languages=("zh-Hans",))
    consent = clinic.consent("informed", "zh-Hans")
    screen = open_screen(DESK, locale="zh-CN")
    card_sign_in(screen, clinic.patient)
    screen.visit(f"/mine/{consent['id']}/")

    paper = tmp_path / "sheet.pdf"
    screen.page.pdf(path=paper, format="A4")
    text = text_of(paper)
    assert "您的回答不会影响其他任何事" in text
    assert consent["digest"] in text
    assert "全球手册" in text, "the list of sources stays folded on paper"
    screen.page.emulate_media(media="print")
    for one in screen.page.locator("main button, main .fg-answers__button, nav").all():
        expect(one).not_to_be_visible()
    screen.picture("print")
    assert len(pages_of(paper, PICTURES / screen.story, "paper")) >= 2
