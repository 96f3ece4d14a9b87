"""What each signal says beside its sentence: the numbers in it, the facts it stands on, and since when it is so."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from consent.rules.signals.facts import (
    AfterAnswer,
    AlternativeSeen,
    BookingFacts,
    CompanionFacts,
    ContactChannel,
    InterpreterFacts,
    InterpreterTie,
    RemovalFacts,
    StateSpan,
    TeachBackFacts,
    TextFacts,
    WithdrawalFacts,
)
from consent.rules.signals.judging import Signal
from consent.rules.signals.spans import Span
from consent.vocabulary import PersonRole, RequestSource, SigningState
from tests.unit.rules.test_signals_over_time import ABRT, DAY_0, LARC_OUT, TEST, at, contact, no, offer, ordered_on, yes
from tests.unit.rules.test_signals_over_time import signals as signals_over_time
from tests.unit.rules.test_signals_visit import (
    DAY,
    GOOD,
    HOUR,
    MAJOR,
    MINUTE,
    SECOND,
    SIGNED_AT,
    START_AT,
    STER,
    opened,
    signals,
)

Said = tuple[str, dict[str, Any], dict[str, Any], datetime.datetime]
SIGNED, START = {"decided_at": "2027-06-15T02:00:00+00:00"}, {"start_at": "2027-07-25T02:00:00+00:00"}
HALF_PAST_ONE = SIGNED_AT - 30 * MINUTE
OFFICIAL = CompanionFacts(role=PersonRole.OFFICIAL, came_at=SIGNED_AT - HOUR, left_at=SIGNED_AT - 29 * MINUTE)
POLICE = replace(OFFICIAL, role=PersonRole.POLICE)
PARTNER = CompanionFacts(role=PersonRole.PARTNER, asked_to_leave_at=SIGNED_AT)
INTERPRETER = InterpreterFacts(is_qualified=True, came_at=SIGNED_AT - HOUR, ties=frozenset(InterpreterTie))
ALL_TIES = "is-companion, same-employer, same-home, same-sender, same-telephone, works-for-sender"
IN_CHILDBIRTH = StateSpan(state=SigningState.CHILDBIRTH, span=Span(begins_at=SIGNED_AT, ends_at=None))
NOTE = TextFacts(kind="message", text="结扎后才能办理出生证", written_at=SIGNED_AT)


def told(found: Sequence[Signal]) -> list[Said]:
    assert all(one.sentence for one in found)
    return [(one.finding, dict(one.params), dict(one.evidence), one.at) for one in found]


def answered(*keys: str) -> tuple[TeachBackFacts, ...]:
    return tuple(TeachBackFacts(key=key, seconds=20, was_answered_by_companion=True) for key in keys)


def tried(*items: tuple[int, int]) -> tuple[TeachBackFacts, ...]:
    return tuple(TeachBackFacts(key="a", attempts=attempts, seconds=seconds) for attempts, seconds in items)


def of_confirming(at: str) -> dict[str, str]:
    return {"confirmed_at": at, **START}


VISIT: list[tuple[dict[str, Any], list[Said]]] = [
    (
        {"opened_at": SIGNED_AT - 100 * SECOND},
        [
            (
                "below_floor",
                {"seconds": 100, "needed": 177},
                {"opened_at": "2027-06-15T01:58:20+00:00", **SIGNED},
                SIGNED_AT,
            )
        ],
    ),
    (
        {"opened_at": SIGNED_AT - 200 * SECOND},
        [
            (
                "below_pace",
                {"seconds": 200, "needed": 353},
                {"opened_at": "2027-06-15T01:56:40+00:00", **SIGNED},
                SIGNED_AT,
            )
        ],
    ),
    (
        {"first_offered_at": START_AT - 29 * DAY},
        [("rushed", {"hours": 696}, {"first_offered_at": "2027-06-26T02:00:00+00:00", **START}, START_AT)],
    ),
    (
        {"category": MAJOR, "first_offered_at": START_AT - HOUR, "is_elective": None},
        [("rushed", {"title": "From offer to procedure in a rush"}, {}, START_AT)],
    ),
    (
        opened(("two", 10), ("one", 10), ("three", 30), ("four", 9.9), ("nothing", 9)),
        [
            ("too_few", {"opened": 3, "needed": 4}, {"seen": "one, three, two"}, SIGNED_AT),
            ("nothing_not_opened", {}, {"seen": "one, three, two"}, SIGNED_AT),
        ],
    ),
    ({"minutes_alone": 9}, [("too_short", {"minutes": 9, "needed": 10}, {"seconds_alone": 540, **SIGNED}, SIGNED_AT)]),
    (
        {"companions": (PARTNER,)},
        [("stayed", {}, {"role": "partner", "left_at": "unknown"}, SIGNED_AT + 2 * MINUTE)],
    ),
    (
        {"companions": (POLICE, OFFICIAL)},
        [("outsider", {"roles": "official, police"}, {"roles": "official, police"}, HALF_PAST_ONE)],
    ),
    (
        {"teach_backs": (*GOOD.teach_backs, *answered("risks", "after"))},
        [("answered", {"items": 2}, {"questions": "risks, after"}, SIGNED_AT)],
    ),
    ({"interpreter": INTERPRETER}, [("tied", {"ties": ALL_TIES}, {"ties": ALL_TIES}, SIGNED_AT - HOUR)]),
    (
        {"signing_states": (SigningState.LABOUR,), "state_spans": (IN_CHILDBIRTH,)},
        [("forbidden_state", {"states": "childbirth, labour"}, {"states": "childbirth, labour"}, SIGNED_AT)],
    ),
    (
        {"teach_backs": tried((3, 2), (4, 1))},
        [
            ("many_attempts", {"attempts": 4}, {"attempts": 4}, SIGNED_AT),
            ("all_too_fast", {"items": 2, "needed": 5}, {"questions": 2}, SIGNED_AT),
        ],
    ),
    (
        {"confirmed_at": START_AT - 241 * MINUTE},
        [("too_old", {"minutes": 241, "needed": 240}, of_confirming("2027-07-24T21:59:00+00:00"), START_AT)],
    ),
    ({"confirmed_at": None}, [("missing", {}, of_confirming("unknown"), START_AT)]),
    (
        {"was_alone_at_confirmation": False},
        [("in_company", {}, of_confirming("2027-07-25T01:00:00+00:00"), START_AT - HOUR)],
    ),
    (
        {"digest_signed": "b", "digest_at_start": "c"},
        [("differs", {}, {"shown": "a", "signed": "b", "at_start": "c"}, SIGNED_AT)],
    ),
    (
        {"written_on_at": (SIGNED_AT - 20 * MINUTE, SIGNED_AT - 29 * MINUTE)},
        [("written_on", {}, {"written_on_at": "2027-06-15T01:31:00+00:00"}, SIGNED_AT - 29 * MINUTE)],
    ),
    ({"decided_together": (STER, MAJOR)}, [("together", {"decisions": 2}, {"kinds": "STER, MAJOR"}, SIGNED_AT)]),
    (
        {"dependents": ("price", "order")},
        [("dependent", {"kinds": "order, price"}, {"kinds": "order, price"}, START_AT)],
    ),
    ({"texts": (NOTE,)}, [("worded", {"words": "才能"}, {"kind": "message", "words": "才能"}, SIGNED_AT)]),
]
UNKNOWN: list[tuple[dict[str, Any], str, dict[str, Any], datetime.datetime]] = [
    ({"opened_at": None}, "Signed faster than the text can be read", {}, SIGNED_AT),
    ({"first_offered_at": None}, "From offer to procedure in a rush", {}, START_AT),
    ({"alternatives": None}, "Other choices never seen", {}, SIGNED_AT),
    ({"minutes_alone": None}, "Never alone", {}, SIGNED_AT),
    (
        {"interpreter": replace(INTERPRETER, ties=None)},
        "The interpreter is tied to someone else",
        {},
        SIGNED_AT - HOUR,
    ),
    ({"patient_languages": ()}, "Talk or text in another language", {"spoken": "zh", "text": "zh-Hans"}, SIGNED_AT),
    ({"signing_states": None}, "Signed in a state in which no free answer is possible", {}, SIGNED_AT),
    (
        {"was_alone_at_confirmation": None},
        "Not confirmed on the day, or confirmed in company",
        of_confirming("2027-07-25T01:00:00+00:00"),
        START_AT - HOUR,
    ),
]


@pytest.mark.parametrize(("changes", "expected"), VISIT, ids=lambda value: str(value)[:40])
def test_what_a_visit_shows(changes: dict[str, Any], expected: list[Said]) -> None:
    found = signals(**changes)
    assert told(found) == expected
    assert [one.is_unknown for one in found] == [expected[0][1].keys() == {"title"}] * len(expected)


@pytest.mark.parametrize(("changes", "title", "evidence", "since"), UNKNOWN, ids=lambda value: str(value)[:40])
def test_what_nobody_recorded_of_a_visit(
    changes: dict[str, Any], title: str, evidence: dict[str, Any], since: datetime.datetime
) -> None:
    (found,) = signals(**changes)
    assert found.is_unknown
    assert (found.params, found.evidence, found.at) == ({"title": title}, evidence, since)


(POSITIVE,) = ordered_on(0, result_at=at(4), is_positive=True)
BOOKED = BookingFacts(booked_at=at(4) + 5 * HOUR, by_patient=False)
BOOKED_BY_NOBODY_KNOWS_WHOM = BookingFacts(booked_at=at(4) + 9 * HOUR, by_patient=None)
WISH = RemovalFacts(asked_at=DAY_0)
TAKEN_BACK = WithdrawalFacts(asked_at=DAY_0, effective_at=DAY_0)
VISIT_AT_HOME = contact(0, channel=ContactChannel.HOME)
THEN, NEXT_DAY = {"asked_at": "2027-01-04T04:00:00+00:00"}, "2027-01-05T04:00:00+00:00"


def turned(from_at: str, to_at: str) -> dict[str, str]:
    return {"from_at": f"{from_at}T04:00:00+00:00", "to_at": f"{to_at}T04:00:00+00:00"}


SIXTY_DAYS = turned("2027-01-04", "2027-03-05")
CHAINED = {"result_at": "2027-01-08T04:00:00+00:00", "booked_at": "2027-01-08T09:00:00+00:00"}
AT_HOME = {"visited_at": "2027-01-04T04:00:00+00:00", "decided_at": "2027-02-03T04:00:00+00:00"}
LAST_ASKED = {"times": 3, "last_at": "2027-04-05T04:00:00+00:00"}
LAST_TEST = {"tests": 3, "last_at": "2027-07-03T04:00:00+00:00"}
FULLY = AfterAnswer(procedure_at=DAY_0, answered_at=at(7), was_pushed=False, told=3)

OVER_TIME: list[tuple[dict[str, Any], list[Said]]] = [
    (
        {"decisions": (no(0),), "offers": (offer(2), offer(91), offer(1))},
        [
            ("asked_again", {"times": 3}, LAST_ASKED, at(91)),
            ("asked_often", {"times": 3, "days": 90}, LAST_ASKED, at(91)),
        ],
    ),
    (
        {"decisions": (no(0), yes(60)), "contacts": (contact(30), contact(31), contact(90))},
        [("turned_to_yes", {"days": 60, "contacts": 2}, SIXTY_DAYS, at(60))],
    ),
    (
        {"decisions": (yes(0), no(60)), "contacts": (contact(30),)},
        [("turned_to_no", {"days": 60, "contacts": 1}, SIXTY_DAYS, at(60))],
    ),
    ({"decisions": (yes(30),), "contacts": (VISIT_AT_HOME,)}, [("before_yes", {"days": 30}, AT_HOME, at(30))]),
    ({"decisions": (no(30),), "contacts": (VISIT_AT_HOME,)}, [("before_no", {"days": 30}, AT_HOME, at(30))]),
    (
        {"request_sources": (RequestSource.UNKNOWN, RequestSource.OFFICIAL_OR_EMPLOYER)},
        [
            ("outside", {"sources": "official-or-employer"}, {"sources": "official-or-employer"}, at(400)),
            ("unclear", {"sources": "unknown"}, {"sources": "unknown"}, at(400)),
        ],
    ),
    (
        {"category": TEST, "tests": ordered_on(0, 90, 180)},
        [
            ("again", {"tests": 3, "days": 90}, LAST_TEST, at(180)),
            ("regular", {"tests": 3, "days": 90}, LAST_TEST, at(180)),
        ],
    ),
    (
        {"category": ABRT, "tests": (POSITIVE,), "bookings": (BOOKED, BOOKED_BY_NOBODY_KNOWS_WHOM)},
        [("chained", {"hours": 5}, CHAINED, at(4) + 5 * HOUR)],
    ),
    (
        {"category": ABRT, "tests": (replace(POSITIVE, by_patient=None),), "bookings": (BOOKED,)},
        [("chained", {"title": "A test, and then a procedure booked for her"}, CHAINED, at(4) + 5 * HOUR)],
    ),
    (
        {"category": LARC_OUT, "removals": (WISH,)},
        [("overdue", {"days": 400, "needed": 7}, {"days": 400}, at(7))],
    ),
    (
        {"category": LARC_OUT, "removals": (replace(WISH, ended_at=at(1), deferred_at=(at(0.2), at(0.4), at(0.5))),)},
        [("deferred", {"times": 3}, {"times": 3}, at(0.4))],
    ),
    (
        {"category": LARC_OUT, "removals": (replace(WISH, ended_at=at(1), denied_at=at(0.5)),)},
        [("denied", {"title": "Removal obstructed"}, {}, at(0.5))],
    ),
    (
        {"withdrawals": (replace(TAKEN_BACK, effective_at=DAY_0 + 90 * SECOND),)},
        [("slow", {"seconds": 90}, {**THEN, "effective_at": "2027-01-04T04:01:30+00:00"}, DAY_0)],
    ),
    (
        {"withdrawals": (TAKEN_BACK,), "contacts": (contact(1),)},
        [("contacted", {"needed": 72}, {"contact_at": NEXT_DAY, "channel": "telephone"}, at(1))],
    ),
    ({"answers": (FULLY,)}, [("not_fully_told", {"told": 3}, {"told": 3}, at(7))]),
    (
        {"answers": (replace(FULLY, was_pushed=True, told=4),)},
        [("pushed", {}, {"answered_at": "2027-01-11T04:00:00+00:00"}, at(7))],
    ),
]


@pytest.mark.parametrize(("changes", "expected"), OVER_TIME, ids=lambda value: str(value)[:40])
def test_what_shows_over_time(changes: dict[str, Any], expected: list[Said]) -> None:
    found = signals_over_time(**changes)
    assert told(found) == expected
    assert [one.is_unknown for one in found] == [expected[0][1].keys() == {"title"}] * len(expected)


def test_the_same_choice_looked_at_twice_is_one() -> None:
    twice = tuple(AlternativeSeen(key="one", seconds=10) for _ in range(2))
    assert told(signals(alternatives=twice))[0][1:3] == ({"opened": 1, "needed": 4}, {"seen": "one"})
