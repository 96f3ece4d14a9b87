"""Staff pages too: nothing is wider than a phone, in both languages, and everybody can use them."""

import pytest

from tests.journeys.browsing import PHONE, Visitor
from tests.journeys.conftest import Open
from tests.journeys.processes import World
from tests.journeys.steps import Clinic, Person, card_sign_in, given_a_clinic, staff_sign_in

LANGUAGES = pytest.mark.parametrize("locale", ["en-GB", "zh-CN"], ids=["English", "Chinese"])

TALK = (
    "languages",
    "room",
    "alone",
    "first-sentence",
    "explaining",
    "other-choices",
    "own-words-1",
    "deciding",
    "wish",
)


@LANGUAGES
def test_every_page_of_the_desk_fits_a_phone(world: World, open_screen: Open, locale: str) -> None:
    clinic = given_a_clinic(world, name="Wolfeschlegelsteinhausen 测试")
    phone = open_screen(PHONE, locale=locale)
    staff_sign_in(phone, clinic.people["receptionist"])
    patient, appointment = f"/patients/{clinic.patient['id']}/", f"/appointments/{clinic.procedure['appointment']}/"
    pages = ["/today/", "/patients/", "/patients/new/", patient, f"{patient}card/", f"{patient}appointments/new/"]
    pages += [
        f"{appointment}move/",
        f"{appointment}cancel/",
        "/account/2fa/",
        "/account/password/",
        "/rules/",
        "/nowhere/",
    ]
    looks_at_each(phone, pages)


@LANGUAGES
def test_every_page_of_a_clinician_fits_a_phone(world: World, open_screen: Open, locale: str) -> None:
    clinic = given_a_clinic(world, name="Wolfeschlegelsteinhausen 测试")
    consent = clinic.consent("ready")
    phone = open_screen(PHONE, locale=locale)
    staff_sign_in(phone, clinic.people["midwife"])
    pages = [f"/patients/{clinic.patient['id']}/procedures/new/", f"/procedures/{clinic.procedure['id']}/cancel/"]
    pages += pages_about(consent, "", "sheet", "certify", "spoken-no", "supersede", "report-error", "hold")
    pages += [*pages_about(consent, "paper"), "/papers/", "/papers/blank/"]
    pages += pages_about(another_consent(clinic, "informed"), "", "conversation")
    pages += pages_about(consent, "can-decide", "young-person", "guardian", "early-birth", "belly-emergency")
    pages += pages_about(another_consent(clinic, "proposed"), *(f"conversation/{key}" for key in TALK))
    plan = another_plan(clinic)
    pages += ["/shorter-waits/", "/removals/", f"/patients/{clinic.patient['id']}/removal/"]
    pages += [f"/procedures/{plan['id']}/consent/"]
    looks_at_each(phone, pages)


@LANGUAGES
def test_the_page_of_the_auditor_fits_a_phone(world: World, open_screen: Open, locale: str) -> None:
    clinic = given_a_clinic(world, name="Wolfeschlegelsteinhausen 测试")
    clinic.consent("ready")
    phone = open_screen(PHONE, locale=locale)
    staff_sign_in(phone, clinic.people["auditor"])
    looks_at_each(phone, ["/audit/"])


@LANGUAGES
def test_the_pages_about_what_patients_say_fit_a_phone(world: World, open_screen: Open, locale: str) -> None:
    clinic = given_a_clinic(world, name="Wolfeschlegelsteinhausen 测试")
    for person, pages in (("advocate", ["/complaints/", "/complaints/new/"]), ("midwife", ["/corrections/"])):
        phone = open_screen(PHONE, locale=locale)
        staff_sign_in(phone, clinic.people[person])
        looks_at_each(phone, pages)
    phone = open_screen(PHONE, locale=locale)
    card_sign_in(phone, clinic.patient)
    looks_at_each(phone, [f"/mine/{page}/" for page in ("complaints", "complaints/new", "corrections", "looked")])


def pages_about(consent: Person, *names: str) -> list[str]:
    return [f"/consents/{consent['id']}/{name}/".replace("//", "/") for name in names]


def another_plan(clinic: Clinic) -> Person:
    made: Person = clinic.world.procedure(house=clinic.house, patient=clinic.patient["id"])
    return made


def another_consent(clinic: Clinic, stage: str) -> Person:
    plan = another_plan(clinic)
    made: Person = clinic.world.consent(house=clinic.house, procedure=plan["id"], stage=stage, language="zh-Hans")
    return made


def looks_at_each(phone: Visitor, pages: list[str]) -> None:
    for path in pages:
        phone.visit(path)
        assert phone.path == path
        name = path.strip("/").split("/")
        phone.picture("-".join(part for part in name if len(part) < 36))
