"""Requests that no browser sends: other encodings, broken bodies, far too much. Refused, never a fault."""

import itertools
from typing import Any

from django.test import Client

from tests.factories import House
from tests.integration.adversary.world import changed, picture, staff

FORM = "application/x-www-form-urlencoded"
PARTS = b'--B\r\nContent-Disposition: form-data; name="name_part"\r\n\r\nAnn\\ud800\r\n--B--\r\n'
BODIES: tuple[tuple[str, str, bytes], ...] = (
    ("form in hex", f"{FORM}; charset=hex", b"name_part=41"),
    ("form in UTF-16", f"{FORM}; charset=utf-16", b"name_part=41"),
    ("form in no encoding", f"{FORM}; charset=nothing", b"name_part=41"),
    ("parts in hex", "multipart/form-data; boundary=B; charset=hex", PARTS),
    ("parts with escapes", "multipart/form-data; boundary=B; charset=unicode_escape", PARTS),
    ("parts in UTF-7", "multipart/form-data; boundary=B; charset=utf-7", PARTS),
    ("parts in punycode", "multipart/form-data; boundary=B; charset=punycode", PARTS),
    ("parts without boundary", "multipart/form-data", PARTS),
    ("parts with a long boundary", "multipart/form-data; boundary=" + "B" * 500, PARTS),
    ("parts cut short", "multipart/form-data; boundary=B", PARTS[:60]),
    ("parts with another boundary", "multipart/form-data; boundary=C", PARTS),
    (
        "a file for a field",
        "multipart/form-data; boundary=B",
        PARTS.replace(b'"name_part"', b'"name_part"; filename="x"'),
    ),
    (
        "base64 that is none",
        "multipart/form-data; boundary=B",
        PARTS.replace(b"\r\n\r\nAnn", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n!"),
    ),
    ("invalid UTF-8", FORM, b"name_part=%FF%FE&birth_date=%C0%80"),
    ("surrogates", FORM, b"name_part=%ED%A0%80&birth_date=1990-01-01"),
    ("JSON", "application/json", b'{"name_part": ["Ann"]}'),
    ("XML", "text/xml", b"<name_part>Ann</name_part>"),
    ("nothing", "", b""),
    ("two thousand fields", FORM, b"a=1&" * 2000),
    ("two megabytes", FORM, b"name_part=" + b"A" * 2_000_000),
    ("NUL", FORM, b"name_part=%00&birth_date=%00"),
)
DOORS = ("/patients/", "/card/", "/sign-in/", "/language/", "/large-text/")


def test_a_body_that_cannot_be_read_is_refused(house: House) -> None:
    desk, nobody = staff(house.receptionist), Client(raise_request_exception=False)
    before = picture()
    for kind, content_type, body in BODIES:
        for browser in (desk, nobody):
            for door in DOORS:
                for method in ("POST", "GET"):
                    answer = browser.generic(method, door, body, content_type=content_type)
                    assert answer.status_code < 500, (method, kind, door, answer.status_code)
    assert changed(before) == []


PATHS = (
    "/%00",
    "/today/?day=%00",
    "/today/?day=2027-02-31",
    "/today/?day=0001-01-01",
    "/today/?day=" + "9" * 5000,
    "/today/?day=\uff12\uff10\uff12\uff17-01-01",
    "/today/?day=2027-W01-1",
    "/patients/%ED%A0%80/",
    "/patients/" + "a" * 9000 + "/",
    "//evil.example/%2e%2e/",
    "/card/?ended=%00",
    "/sign-in/?next=%00",
    "/sign-in/?next=http://[",
    "/account/2fa/?next=http://[",
)


def test_an_address_that_makes_no_sense(house: House) -> None:
    for browser in (staff(house.midwife.account), Client(raise_request_exception=False)):
        for path in PATHS:
            assert browser.get(path).status_code < 500, path
            assert browser.post(path).status_code < 500, path


NASTY_HEADERS: tuple[dict[str, Any], ...] = (
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "[::1"},
    {"HTTP_HOST": "\x00"},
    {"HTTP_COOKIE": "sessionid=" + "a" * 4000},
    {"HTTP_COOKIE": "sessionid=%00; large_text=\xff; django_language=../../etc"},
    {"HTTP_COOKIE": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000\\000"; csrftoken=\xff'},
    {"HTTP_ACCEPT_LANGUAGE": "zh-hans;q=NaN, " + "x" * 5000},
    {"HTTP_REFERER": "http://[", "HTTP_ORIGIN": "null"},
    {"HTTP_X_FORWARDED_FOR": "'; DROP TABLE", "HTTP_X_FORWARDED_PROTO": "https"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_ACCEPT": "application/json"},
    {"HTTP_RANGE": "bytes=0-1", "HTTP_IF_MODIFIED_SINCE": "yesterday", "HTTP_IF_NONE_MATCH": "*"},
    {"HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE"},
)


def test_headers_that_make_no_sense(house: House) -> None:
    paths = ("/", "/card/", "/sign-in/", "/language/", "/large-text/", "/today/")
    for headers, path, method in itertools.product(NASTY_HEADERS, paths, ("get", "post")):
        answer = getattr(Client(raise_request_exception=False), method)(path, **headers)
        assert answer.status_code < 500, (headers, path, method)
        assert "evil" not in answer.headers.get("Location", "")
