"""Who comes in where: roles and pages, foreign and unknown ids, what the desk sees, privacy of pages."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from clinic.models import RecordView
from tests.clock import MovableClock
from tests.factories import PASSWORD, PIN, House
from tests.signing_in import sign_in_patient, sign_in_staff

STAFF = "clinic.accounts.backends.StaffBackend"
VARYING = {"Date", "Set-Cookie"}
BOTH = frozenset({"receptionist", "practitioner"})
# Page, kind of id in its address, roles that may open it.
PAGES: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("today", "", BOTH),
    ("patients", "", BOTH),
    ("patient-new", "", BOTH),
    ("patient", "patient_id", BOTH),
    ("patient-card", "patient_id", frozenset({"receptionist"})),
    ("card-unlock", "patient_id", frozenset({"receptionist"})),
    ("appointment-new", "patient_id", BOTH),
    ("procedure-new", "patient_id", frozenset({"practitioner"})),
    ("appointment-move", "appointment_id", BOTH),
    ("appointment-cancel", "appointment_id", BOTH),
    ("appointment-check-in", "appointment_id", BOTH),
    ("procedure-cancel", "procedure_id", frozenset({"practitioner"})),
    ("procedure-hand-over", "procedure_id", frozenset({"practitioner"})),
)
POST_ONLY = frozenset({"card-unlock", "appointment-check-in", "procedure-hand-over"})


def address(name: str, kind: str, value: Any) -> str:
    return reverse(name, kwargs={kind: value} if kind else {})


def sent(client: Client, name: str, path: str) -> HttpResponse:
    return client.post(path) if name in POST_ONLY else client.get(path)


def fingerprint(answer: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    return answer.status_code, answer.content, {k: v for k, v in answer.headers.items() if k not in VARYING}


def signed_in(account: Any) -> Client:
    client = Client()
    client.force_login(account, backend=STAFF)
    return client


@pytest.fixture
def rows(house: House) -> dict[str, Any]:
    """One patient with card, appointment and procedure, by the kind of id."""
    procedure = house.procedure()
    house.card(procedure.patient)
    return {
        "": "",
        "patient_id": procedure.patient_id,
        "appointment_id": procedure.appointment_id,
        "procedure_id": procedure.pk,
    }


@pytest.fixture
def staff(house: House) -> dict[str, Any]:
    """One account of each staff role."""
    return {
        "practitioner": house.midwife.account,
        "receptionist": house.receptionist,
        "advocate": house.advocate,
        "auditor": house.auditor,
        "administrator": house.administrator,
    }


@pytest.mark.parametrize(("name", "kind", "roles"), PAGES, ids=[page[0] for page in PAGES])
def test_each_role_opens_its_pages_and_no_other(
    rows: dict[str, Any], staff: dict[str, Any], name: str, kind: str, roles: frozenset[str]
) -> None:
    path = address(name, kind, rows[kind])
    for role, account in staff.items():
        client = signed_in(account)
        nothing = fingerprint(client.get("/no/such/page/"))
        answer = sent(client, name, path)
        if role in roles:
            assert answer.status_code in {200, 303}, (role, answer.status_code)
        else:
            assert fingerprint(answer) == nothing, role
            assert fingerprint(client.post(path)) == nothing, role


@pytest.mark.parametrize(("name", "kind", "roles"), PAGES, ids=[page[0] for page in PAGES])
def test_nobody_signed_in_is_sent_to_the_door(rows: dict[str, Any], name: str, kind: str, roles: Any) -> None:
    path = address(name, kind, rows[kind])
    answer = sent(Client(), name, path)
    assert answer.status_code == 302
    after = "/" if name in POST_ONLY else path
    assert answer.headers["Location"] == f"{reverse('sign-in')}?next={after}"


@pytest.mark.parametrize(("name", "kind", "roles"), PAGES, ids=[page[0] for page in PAGES])
def test_a_patient_finds_no_staff_page(house: House, rows: dict[str, Any], name: str, kind: str, roles: Any) -> None:
    client = Client()
    sign_in_patient(client, house.patient(name="Test Patient Two"))
    assert sent(client, name, address(name, kind, rows[kind])).status_code == 404


@pytest.mark.parametrize(
    ("name", "kind", "roles"), [page for page in PAGES if page[1]], ids=[page[0] for page in PAGES if page[1]]
)
def test_foreign_and_unknown_ids_are_the_same_bytes(
    rows: dict[str, Any], elsewhere: House, name: str, kind: str, roles: frozenset[str]
) -> None:
    account = elsewhere.receptionist if "receptionist" in roles else elsewhere.midwife.account
    client = signed_in(account)
    foreign, unknown = address(name, kind, rows[kind]), address(name, kind, uuid.uuid4())
    for method in (client.get, client.post):
        if name in POST_ONLY and method == client.get:
            continue
        assert fingerprint(method(foreign)) == fingerprint(method(unknown))
        assert method(foreign).status_code in {404, 405}
    assert not RecordView.objects.filter(viewed_by=account).exists()


def test_the_desk_sees_times_and_never_procedures(house: House, desk: Client, ward: Client) -> None:
    consent = house.ready()
    name = consent.procedure.procedure_type.name_in("en")
    hidden = (name, "fg-light", str(consent.procedure_id), "consent", "Ready to start")
    pages = [reverse("today"), reverse("patient", kwargs={"patient_id": consent.patient_id})]
    for path in pages:
        theirs, ours = desk.get(path).content.decode(), ward.get(path).content.decode()
        assert consent.patient.name in theirs and "Has come" in theirs
        assert [word for word in hidden if word in theirs] == []
        assert [word for word in hidden if word not in ours] == []


def test_a_clinician_sees_her_own_day_only(house: House, ward: Client, desk: Client) -> None:
    house.appointment(house.patient(name="Test Hers"))
    house.appointment(house.patient(name="Test Theirs"), practitioner=house.colleague)
    hers, all_of_them = ward.get(reverse("today")).content.decode(), desk.get(reverse("today")).content.decode()
    assert "Test Hers" in hers and "Test Theirs" not in hers
    assert "Test Hers" in all_of_them and "Test Theirs" in all_of_them


@pytest.mark.parametrize("day", ["yesterday", "2027-02-30", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_not_found(desk: Client, day: str) -> None:
    assert desk.get(reverse("today"), {"day": day}).status_code == 404


def test_staff_sign_in_and_out(house: House, client: Client) -> None:
    wrong = client.post(reverse("sign-in"), {"login": house.receptionist.username, "password": "wrong"})
    unknown = client.post(reverse("sign-in"), {"login": "nobody", "password": "wrong"})
    assert wrong.status_code == unknown.status_code == 422
    assert house.receptionist.username in wrong.content.decode()
    sign_in_staff(client, house.receptionist)
    home = client.get(reverse("home"))
    assert (home.status_code, home.headers["Location"]) == (303, reverse("today"))
    assert client.get(reverse("sign-out")).status_code == 405
    assert client.post(reverse("sign-out")).status_code == 303
    assert client.get(reverse("today")).status_code == 302


def test_a_deactivated_account_stays_outside(house: House, desk: Client) -> None:
    house.receptionist.is_active = False
    house.receptionist.save()
    assert desk.get(reverse("today")).status_code == 302
    answer = Client().post(reverse("sign-in"), {"login": house.receptionist.username, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("account_inactive")


def test_nobody_signs_up(client: Client, db: None) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert client.get("/sign-up/").status_code == 404


def test_card_sign_in_says_the_same_for_code_and_pin(house: House, client: Client) -> None:
    code = house.card(house.patient())
    path = reverse("card-sign-in")
    wrong_pin = client.post(path, {"card_code": code, "pin": "000001"})
    wrong_code = client.post(path, {"card_code": "AAAAAAAA", "pin": PIN})
    assert wrong_pin.status_code == wrong_code.status_code == 422
    plain = wrong_pin.content.decode().replace(code, "AAAAAAAA")
    assert _without_tokens(plain) == _without_tokens(wrong_code.content.decode())
    assert PIN not in wrong_code.content.decode()
    for _time in range(4):
        locked = client.post(path, {"card_code": code, "pin": "000001"})
    assert locked.status_code == 409 and "Ask at the desk" in locked.content.decode()
    assert "Ask at the desk" in client.post(path, {"card_code": code, "pin": PIN}).content.decode()


def _without_tokens(page: str) -> list[str]:
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]


def test_a_patient_session_ends_when_nobody_touches_it(
    house: House, client: Client, movable_clock: MovableClock
) -> None:
    sign_in_patient(client, house.patient())
    movable_clock.forward(minutes=9)
    assert client.get(reverse("card-sign-in")).headers["Location"] == reverse("mine")
    movable_clock.forward(minutes=9)
    assert client.get(reverse("card-sign-in")).headers["Location"] == reverse("mine")
    movable_clock.forward(minutes=11)
    left = client.get(reverse("mine"))
    assert left.headers["Location"] == f"{reverse('card-sign-in')}?ended=idle"
    assert "Nobody touched this page" in client.get(left.headers["Location"]).content.decode()


@pytest.mark.parametrize("path", ["/", "/card/", "/sign-in/", "/today/", "/no/such/page/"])
def test_no_page_is_kept_and_none_uses_the_camera(desk: Client, path: str) -> None:
    for client in (desk, Client()):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert b"style=" not in answer.content and b"<script" not in answer.content


def test_security_pages_are_for_staff(house: House, desk: Client) -> None:
    patient = Client()
    sign_in_patient(patient, house.patient())
    for name in ("mfa_index", "account_change_password", "account_reauthenticate", "mfa_activate_totp"):
        assert desk.get(reverse(name)).status_code in {200, 302}
        assert patient.get(reverse(name)).status_code == 404
        assert Client().get(reverse(name)).status_code == 302


@pytest.fixture
def roles_at_home(staff: dict[str, Any]) -> Iterator[tuple[str, Client]]:
    return ((role, signed_in(account)) for role, account in staff.items())


def test_each_role_has_a_first_page(roles_at_home: Iterator[tuple[str, Client]]) -> None:
    for role, client in roles_at_home:
        answer = client.get(reverse("home"), follow=True)
        assert answer.status_code == 200, role
    assert "I am a patient" in Client().get(reverse("home")).content.decode()


def test_language_and_large_text_work_without_scripts(client: Client, db: None) -> None:
    answer = client.post(reverse("language"), {"language": "zh-hans", "next": "/card/"})
    assert answer.headers["Location"] == "/card/"
    answer = client.post(reverse("large-text"), {"large": "1", "next": "/card/"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/card/")
    page = client.get("/card/").content.decode()
    assert '<html lang="zh-hans" class="fg-large">' in page
    client.post(reverse("large-text"), {"large": "0"})
    assert "fg-large" not in client.get("/card/").content.decode()
    away = client.post(reverse("large-text"), {"large": "1", "next": "https://example.org/"})
    assert away.headers["Location"] == "/"
