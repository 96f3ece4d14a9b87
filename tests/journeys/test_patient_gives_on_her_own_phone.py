"""A patient answers on her own phone, in her own language, and nothing on any page is wider than the phone."""

import datetime

import pytest

from tests.journeys.browsing import PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import MORNING, World
from tests.journeys.steps import card_sign_in, given_a_clinic


def test_patient_gives_on_her_own_phone_in_chinese(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world, name="测试患者", languages=("zh-Hans",))
    consent = clinic.consent("informed", "zh-Hans")
    phone = open_screen(PHONE, locale="zh-CN")

    phone.visit("/")
    assert phone.page.locator("html").get_attribute("lang") == "zh-hans"
    phone.picture("doors")
    phone.visit("/card/")
    phone.picture("card")
    card_sign_in(phone, clinic.patient)
    phone.picture("mine")

    she_reads_the_chinese_sheet(phone)
    she_types_her_name_and_says_yes(phone, consent["id"], "测试患者")

    kept = clinic.facts(consent)
    assert (kept["state"], kept["via"], kept["signed_digest"]) == ("given", "own-card", consent["digest"])
    assert kept["signatures"][0]["typed_name"] == "测试患者"


def she_reads_the_chinese_sheet(phone: Visitor) -> None:
    phone.follow("放置含铜宫内节育器")
    sheet = phone.page.locator("article#sheet")
    assert sheet.get_attribute("lang") == "zh-Hans"
    phone.sees("放置含铜宫内节育器（上环）")
    phone.sees("您的回答不会影响其他任何事")
    phone.picture("sheet")
    phone.button("大字").click()
    phone.picture("large-text")
    phone.button("正常字号").click()


def she_types_her_name_and_says_yes(phone: Visitor, consent: str, name: str) -> None:
    phone.page.locator(f"a[href='/mine/{consent}/give/']").click()
    phone.picture("sign")
    phone.page.locator("input[name=method][value=typed]").check()
    phone.page.locator("input[name=typed_name]").fill(name)
    phone.page.locator(".fg-answers button[type=submit]").click()
    phone.page.wait_for_url("**/done/")
    phone.picture("given")


ENGLISH, CHINESE = ("en-GB", "en"), ("zh-CN", "zh-Hans")


@pytest.mark.parametrize(("locale", "language"), [ENGLISH, CHINESE], ids=["English", "Chinese"])
def test_no_page_of_hers_is_wider_than_her_phone(world: World, open_screen: Open, locale: str, language: str) -> None:
    clinic = given_a_clinic(world, name="Wolfeschlegelsteinhausen 测试", languages=(language,))
    consent = clinic.consent("given", language)
    phone = open_screen(PHONE, locale=locale)
    card_sign_in(phone, clinic.patient)
    phone.look_over("mine")
    for page in ("", "sheet/", "confirm/", "take-back/", "done/"):
        phone.visit(f"/mine/{consent['id']}/{page}")
        phone.picture(f"{language}-{page.rstrip('/') or 'consent'}")
    for page in ("looked", "removals", "without-my-word"):
        phone.visit(f"/mine/{page}/")
        phone.picture(f"{language}-{page}")


def test_a_phone_that_is_left_alone_closes_her_pages(world: World, open_screen: Open) -> None:
    clinic = given_a_clinic(world)
    phone = open_screen(PHONE)
    card_sign_in(phone, clinic.patient)
    world.at(MORNING + datetime.timedelta(minutes=11))
    phone.visit("/mine/")
    phone.heading("Sign in with your card")
    phone.sees("Nobody touched this page for a while")
    phone.picture("left-alone")
