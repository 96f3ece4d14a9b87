"""Staff sign-in with its second step, its limits, and where it leads."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.factories import PASSWORD, House
from tests.signing_in import sign_in_staff


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_sign_in_leads_to_the_page_that_was_asked_for(house: House, client: Client) -> None:
    door = client.get(reverse("patients")).headers["Location"]
    page = client.get(door).content.decode()
    assert f'name="next" value="{reverse("patients")}"' in page
    fields = {"login": house.receptionist.username, "password": PASSWORD}
    answer = client.post(reverse("sign-in"), {**fields, "next": reverse("patients")})
    assert answer.headers["Location"] == reverse("patients")
    away = Client().post(reverse("sign-in"), {**fields, "next": "https://example.org/"})
    assert away.headers["Location"] == "/"


def test_the_second_step(house: House, client: Client) -> None:
    sign_in_staff(client, house.midwife.account)
    confirm = client.get(reverse("mfa_activate_totp")).headers["Location"]
    assert client.get(confirm).status_code == 200
    answer = client.post(
        reverse("account_reauthenticate"), {"password": PASSWORD, "next": reverse("mfa_activate_totp")}
    )
    page = client.get(answer.headers["Location"]).content.decode()
    secret = re.search(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"', page)
    assert secret and "data:image/svg" in page
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code in {200, 422}
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret[1])})
    codes = client.get(answer.headers["Location"])
    assert codes.status_code == 200
    spare = re.search(r"<textarea[^>]*>\s*([0-9a-z]+)", codes.content.decode())
    assert spare
    client.post(reverse("sign-out"))
    answer = client.post(reverse("sign-in"), {"login": house.midwife.account.username, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("today")).status_code == 302
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": spare[1]}).status_code == 302
    assert client.get(reverse("today")).status_code == 200


def test_a_new_password(house: House, client: Client) -> None:
    sign_in_staff(client, house.receptionist)
    path = reverse("account_change_password")
    wrong = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}
    assert client.post(path, wrong).status_code == 422
    new = "a wholly new pass phrase"
    client.post(path, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    house.receptionist.refresh_from_db()
    assert house.receptionist.check_password(new)
    page = client.get(path).content.decode()
    assert "nhsuk-notification-banner" in page or client.get(reverse("today")).status_code == 200


def test_many_tries_from_one_place_are_slowed_down(house: House, client: Client) -> None:
    for _time in range(12):
        answer = client.post(reverse("sign-in"), {"login": house.receptionist.username, "password": "wrong"})
    assert answer.status_code in {422, 429}
    right = client.post(reverse("sign-in"), {"login": house.receptionist.username, "password": PASSWORD})
    assert right.status_code in {422, 429}
    assert client.get(reverse("today")).status_code == 302


def test_too_many_requests_have_a_page(house: House, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_800_000_000.0)
    for _time in range(31):
        answer = client.post(reverse("sign-in"), {"login": ""})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
