"""The tablet in a patient's hands, cookies that come back, doors left open, and addresses that lead away."""

import uuid
from importlib import import_module

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from clinic.accounts.sessions import HANDOVER_KEY
from clinic.models import TabletHandover
from consent.models import Consent, LedgerEntry, Signature
from tests.clock import MovableClock
from tests.factories import PASSWORD, PIN, House
from tests.integration.adversary.world import World, changed, picture, staff, with_card, with_tablet

AWAY = ("//evil.example/", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)")
AWAY += (
    "///evil.example",
    "http:evil.example",
    " //evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "https:///x",
)


def cookie_of(browser: Client) -> str:
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def carrying(cookie: str) -> Client:
    """Another browser that carries a session cookie it found."""
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return browser


def give_form(consent: Consent) -> dict[str, str]:
    return {"shown_digest": consent.sheet_version.digest, "method": "typed", "typed_name": "Test Patient One"}


def test_the_staff_cookie_is_dead_after_handing_over(world: World) -> None:
    midwife = staff(world.house.midwife.account)
    old = cookie_of(midwife)
    midwife.post(reverse("procedure-hand-over", kwargs={"procedure_id": world.own["procedure_id"]}))
    assert cookie_of(midwife) != old
    for path in (reverse("today"), reverse("patient", kwargs={"patient_id": world.own["patient_id"]})):
        assert carrying(old).get(path).headers["Location"].startswith("/sign-in/")
        assert midwife.get(path).headers["Location"] == reverse("mine")


def test_a_second_tablet_ends_the_first(world: World) -> None:
    first = with_tablet(world.consent)
    second = with_tablet(world.consent)
    give = reverse("mine-give", kwargs={"consent_id": world.own["consent_id"]})
    assert first.post(give, give_form(world.consent)).headers["Location"] == reverse("hand-over-ended")
    assert not Signature.objects.exists()
    assert second.get(reverse("mine")).status_code == 303
    assert TabletHandover.objects.filter(closed_at__isnull=True).count() == 1


def test_nobody_hands_over_what_is_not_theirs(world: World) -> None:
    before = picture()
    for account in (world.next_door.midwife.account, world.house.receptionist, world.house.advocate):
        browser = staff(account)
        before = picture()
        path = reverse("procedure-hand-over", kwargs={"procedure_id": world.own["procedure_id"]})
        assert browser.post(path).status_code == 404
        assert HANDOVER_KEY not in browser.session
        assert changed(before) == []


@pytest.mark.parametrize("name", ["mine-give", "mine-refuse", "mine-more-time", "mine-take-back"])
def test_time_runs_out_between_reading_and_answering(name: str, world: World, movable_clock: MovableClock) -> None:
    tablet = with_tablet(world.consent)
    path = reverse(name, kwargs={"consent_id": world.own["consent_id"]})
    movable_clock.forward(minutes=settings.HANDOVER_MINUTES + 1)
    entries = LedgerEntry.objects.count()
    answer = tablet.post(path, give_form(world.consent))
    assert answer.headers["Location"] == reverse("hand-over-ended")
    assert LedgerEntry.objects.count() == entries
    assert tablet.get(path).headers["Location"] == reverse("card-sign-in")


def test_the_tablet_reaches_no_file_and_no_other_thing(world: World) -> None:
    tablet = with_tablet(world.consent)
    for ids in (world.own, world.sister, world.foreign):
        answer = tablet.post(reverse("mine-record", kwargs={"consent_id": ids["consent_id"]}))
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("text/html")
    for name in ("mine-consent", "mine-sheet", "mine-give", "mine-done", "mine-take-back"):
        assert tablet.get(reverse(name, kwargs={"consent_id": world.sister["consent_id"]})).status_code == 404
    before = picture()
    for name in ("mine-give", "mine-refuse", "mine-take-back", "mine-confirm", "mine-more-time"):
        path = reverse(name, kwargs={"consent_id": world.sister["consent_id"]})
        assert tablet.post(path, give_form(world.consent)).status_code == 404
    assert changed(before) == []


def test_a_planted_session_does_not_become_the_patients(house: House) -> None:
    code = house.card(house.patient())
    planted = import_module(settings.SESSION_ENGINE).SessionStore()
    planted["mark"] = "planted"
    planted.create()
    browser = carrying(planted.session_key)
    answer = browser.post(reverse("card-sign-in"), {"card_code": code, "pin": PIN})
    assert answer.headers["Location"] == reverse("mine")
    assert cookie_of(browser) != planted.session_key
    assert carrying(planted.session_key).get(reverse("mine")).headers["Location"] == reverse("card-sign-in")


def test_a_planted_session_does_not_become_the_staffs(house: House) -> None:
    planted = import_module(settings.SESSION_ENGINE).SessionStore()
    planted["mark"] = "planted"
    planted.create()
    browser = carrying(planted.session_key)
    browser.post(reverse("sign-in"), {"login": house.receptionist.username, "password": PASSWORD})
    assert browser.get(reverse("today")).status_code == 200
    assert cookie_of(browser) != planted.session_key
    assert carrying(planted.session_key).get(reverse("today")).status_code == 302


def test_signing_out_kills_the_cookie(world: World) -> None:
    for browser, page in ((with_card(world.consent.patient), "mine"), (staff(world.house.receptionist), "today")):
        cookie = cookie_of(browser)
        assert browser.post(reverse("sign-out")).status_code == 303
        assert carrying(cookie).get(reverse(page)).status_code in {302, 303}


def test_staff_and_patient_never_share_a_session(world: World) -> None:
    code = world.house.card(world.consent.patient)
    browser = staff(world.house.receptionist)
    cookie = cookie_of(browser)
    browser.post(reverse("card-sign-in"), {"card_code": code, "pin": PIN})
    assert browser.get(reverse("today")).status_code == 404
    assert carrying(cookie).get(reverse("today")).status_code == 302


def test_no_address_leads_away(world: World) -> None:
    for away in AWAY:
        check_stays(away, world)


def check_stays(away: str, world: World) -> None:
    credentials = {"login": world.house.receptionist.username, "password": PASSWORD}
    tries = (
        ("post", reverse("language"), {"language": "zh-hans", "next": away}),
        ("post", reverse("large-text"), {"large": "1", "next": away}),
        ("get", reverse("language"), {"next": away}),
        ("post", reverse("sign-in"), {**credentials, "next": away}),
        ("post", reverse("sign-out"), {"next": away}),
        ("post", reverse("card-sign-in"), {"card_code": "x", "pin": "1", "next": away}),
        ("post", reverse("hand-over-end"), {"next": away}),
    )
    for browser in (Client(raise_request_exception=False), with_tablet(world.consent)):
        for method, path, values in tries:
            answer = getattr(browser, method)(path, values, headers={"referer": f"https://evil.example/{path}"})
            assert answer.status_code < 500, path
            leads = answer.headers.get("Location", "/")
            assert leads.startswith("/") and not leads.startswith(("//", "/\\")), (path, leads)


def test_an_idle_patient_writes_nothing(world: World, movable_clock: MovableClock) -> None:
    patient = with_card(world.consent.patient)
    movable_clock.forward(minutes=settings.PATIENT_IDLE_MINUTES + 1)
    before = picture()
    for name in ("mine-give", "mine-refuse", "mine-take-back", "mine-record"):
        patient.post(reverse(name, kwargs={"consent_id": world.own["consent_id"]}), give_form(world.consent))
    assert changed(before) == []


def test_a_form_without_its_token_writes_nothing(world: World) -> None:
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(world.house.midwife.account, backend="clinic.accounts.backends.StaffBackend")
    before = picture()
    ids = world.own
    for path in (
        reverse("procedure-start", kwargs={"procedure_id": ids["procedure_id"]}),
        reverse("procedure-hand-over", kwargs={"procedure_id": ids["procedure_id"]}),
        reverse("consent-spoken-no", kwargs={"consent_id": ids["consent_id"]}),
        reverse("appointment-check-in", kwargs={"appointment_id": ids["appointment_id"]}),
        reverse("sign-out"),
        reverse("language"),
        reverse("hand-over-end"),
    ):
        answer = browser.post(path, {"csrfmiddlewaretoken": str(uuid.uuid4())})
        assert answer.status_code == 403, path
        assert b"open too long" in answer.content
    assert changed(before) == []
    assert browser.get(reverse("today")).status_code == 200
