"""What every answer carries, and what no log ever holds."""

import logging
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from clinic.models import Patient
from tests.factories import PASSWORD, PIN, House
from tests.integration.adversary.forms import all_forms, sender
from tests.integration.adversary.test_storage_faults import fault_at
from tests.integration.adversary.world import ROLES, World, browser_of, every_page, filled, ids_in_reach, staff

SECRETS = ("Secretname", "Secretwords", PIN, PASSWORD, "918273")


def check_headers(answer: Any, what: object) -> None:
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "frame-ancestors 'none'" in policy, what
    assert headers["Cache-Control"] == "no-store, private", what
    assert headers["X-Content-Type-Options"] == "nosniff", what
    assert headers["X-Frame-Options"] == "DENY", what
    assert headers["Referrer-Policy"] == "same-origin", what
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", what
    for cookie in answer.cookies.values():
        assert cookie["samesite"] == "Lax", (what, cookie.key)
        assert cookie["httponly"] or cookie.key == settings.CSRF_COOKIE_NAME, (what, cookie.key)
    if "attachment" not in headers.get("Content-Disposition", ""):  # what is only saved has no policy of ours
        for inline in (b"<script>", b" style=", b"javascript:"):
            assert inline not in answer.content, (what, inline)


@pytest.mark.parametrize("role", ROLES)
def test_every_page_carries_its_headers(role: str, world: World) -> None:
    browser, ids = browser_of(role, world), ids_in_reach(role, world)
    for pattern in every_page():
        path = filled(pattern, ids)
        check_headers(browser.get(path), (role, pattern.name))
        check_headers(browser.put(path), (role, pattern.name))
    check_headers(browser.get("/no/such/page/"), "404")
    check_headers(browser.get("/today"), "no slash")


def test_pages_of_faults_carry_them_too(world: World, nobody: Client) -> None:
    desk = staff(world.house.receptionist)
    check_headers(nobody.get("/", HTTP_HOST="evil.example"), "host")
    check_headers(nobody.generic("POST", "/card/", b"x", content_type="multipart/form-data; charset=hex"), "encoding")
    check_headers(Client(enforce_csrf_checks=True).post("/card/"), "token")
    with fault_at(1):
        check_headers(desk.get(reverse("today")), "not saved")
    with fault_at(4):
        check_headers(desk.get(reverse("today")), "not saved, later")


def held_by_logs(caplog: pytest.LogCaptureFixture) -> str:
    """Everything a handler would write: the words, and the traces."""
    parts = []
    for record in caplog.records:
        formatter = _formatter()
        parts.append(formatter.format(record))
    return "\n".join(parts)


def _formatter() -> logging.Formatter:
    handler = logging.getLogger().handlers and next(
        (one for one in logging.getLogger().handlers if one.get_name() == "console"), None
    )
    return handler.formatter if handler and handler.formatter else logging.Formatter()


def test_no_log_holds_a_name_a_pin_or_a_word(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="clinic")
    caplog.set_level(logging.DEBUG, logger="consent")
    caplog.set_level(logging.DEBUG, logger="django.request")
    caplog.set_level(logging.DEBUG, logger="allauth")
    code = world.house.card(world.consent.patient)
    for name, form in all_forms(world).items():
        browser = sender(form, world)
        words = dict.fromkeys(form.words, "Secretwords")
        for values in (form.values | words, words, form.values):
            answer = browser.post(form.path, values)
            assert "next" in form.words or "Secret" not in answer.headers.get("Location", ""), name
        with fault_at(12):
            browser.post(form.path, form.values | words | {"form_key": str(uuid.uuid4())})
    Client().post(reverse("card-sign-in"), {"card_code": code, "pin": "918273"})
    Client().post(reverse("card-sign-in"), {"card_code": code, "pin": PIN})
    Client().post(reverse("sign-in"), {"login": "Secretname", "password": PASSWORD})
    written = held_by_logs(caplog)
    assert [secret for secret in (*SECRETS, code, "Test Patient", "iVBORw0KGgo") if secret in written] == []
    assert mail.outbox == []


def test_a_row_the_database_refuses_is_not_printed(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL quotes the whole row, name and all, when it refuses one."""

    quoting = "new row violates a rule\nDETAIL:  Failing row contains (Secretname, 1990-01-01)."

    def refused(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError(quoting)

    monkeypatch.setattr(Patient, "save", refused)
    form = {
        "name": "Secretname",
        "birth_date": "1990-01-01",
        "first_language": "en",
        "safe_contact": "none",
        "form_key": str(uuid.uuid4()),
    }
    answer = staff(house.receptionist).post(reverse("patient-new"), form)
    assert answer.status_code == 503
    written = held_by_logs(caplog)
    assert "Not saved." in written and "IntegrityError" in written
    assert "Secretname" not in written


def test_no_fault_is_mailed() -> None:
    assert settings.ADMINS == [] and settings.MANAGERS == []
    assert settings.DEBUG is False
