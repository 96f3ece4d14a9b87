"""Every address for every role with every method: never a fault, never a foreign thing, never a silent write."""

import uuid

import pytest

from tests.integration.adversary.world import (
    ROLES,
    World,
    browser_of,
    changed,
    every_page,
    filled,
    fingerprint,
    ids_in_reach,
    ids_of_others,
    kinds_of,
    picture,
)

PUBLIC = frozenset({"digest", "log_id", "tile", "kind"})  # rule tables and heads of ledgers are shown to everybody
# What a bare POST of a role may change. Everything else must leave every table as it was.
ANSWERS = frozenset({"mine-refuse", "mine-more-time", "mine-take-back", "mine-ask-to-talk"})
STAFF_ACTS = frozenset(
    {
        "appointment-cancel",
        "appointment-check-in",
        "procedure-cancel",
        "procedure-hand-over",
        "procedure-start",
        "consent-handed-paper",
        "consent-spoken-no",
    }
)
MAY_WRITE: dict[str, frozenset[str]] = {
    "patient": ANSWERS | {"mine-record", "mine-removal-keep", "mine-slip-decline", "mine-correction-send"},
    "tablet": ANSWERS | {"hand-over-end", "mine-slip-decline"},
    "midwife": STAFF_ACTS | {"patient-slip-print"},
    "next-door": STAFF_ACTS | {"patient-slip-print"},
    "receptionist": frozenset({"appointment-cancel", "appointment-check-in", "card-unlock"}),
    "advocate": frozenset({"hold-lift", "consent-spoken-no"}),
}


def test_there_is_something_to_walk() -> None:
    assert len(list(every_page())) > 50


@pytest.mark.parametrize("role", ROLES)
def test_looking_changes_nothing_and_never_fails(role: str, world: World) -> None:
    browser, ids = browser_of(role, world), ids_in_reach(role, world)
    before = picture()
    for pattern in every_page():
        path = filled(pattern, ids)
        for method in ("get", "head", "put", "delete", "patch", "options"):
            answer = getattr(browser, method)(path)
            assert answer.status_code < 500, (method, pattern.name, answer.status_code)
            if answer.status_code in {302, 303} and "ended" in answer.headers["Location"]:
                pytest.fail(f"{role} was thrown out by {method} {pattern.name}")
    assert changed(before) == []


@pytest.mark.parametrize("role", ROLES)
def test_what_is_foreign_is_what_does_not_exist(role: str, world: World) -> None:
    browser = browser_of(role, world)
    before = picture()
    for pattern in every_page():
        if not set(kinds_of(pattern)) - PUBLIC:
            continue
        unknown: dict[str, uuid.UUID | str | int] = {kind: uuid.uuid4() for kind in world.own if kind not in PUBLIC}
        unknown["page"] = 1  # a number, not an id
        missing = filled(pattern, unknown)
        for method in ("get", "head", "post", "put", "delete"):
            expected = fingerprint(getattr(browser, method)(missing), unknown)
            assert expected[0] in {302, 303, 404, 405}, (method, pattern.name, expected[0])
            for ids in ids_of_others(role, world):
                answer = getattr(browser, method)(filled(pattern, ids))
                assert fingerprint(answer, ids) == expected, (method, pattern.name)
    assert changed(before) == []


@pytest.mark.parametrize("role", ROLES)
def test_an_empty_form_writes_only_where_it_may(role: str, world: World) -> None:
    ids = ids_in_reach(role, world)
    for pattern in every_page():
        browser = browser_of(role, world)
        before = picture()
        answer = browser.post(filled(pattern, ids))
        assert answer.status_code < 500, (pattern.name, answer.status_code)
        wrote = changed(before)
        assert not wrote or pattern.name in MAY_WRITE.get(role, ()), (pattern.name, answer.status_code, wrote)
        if answer.status_code in {400, 403, 404, 405, 422, 429}:
            assert not wrote, (pattern.name, answer.status_code, wrote)
