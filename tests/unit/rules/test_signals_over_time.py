"""PS-16 to PS-24: each definition, on both sides of each of its thresholds."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from clinic.vocabulary import ProcedureCategory
from consent.rules.signals.action import Action
from consent.rules.signals.bars import Bars
from consent.rules.signals.facts import (
    AfterAnswer,
    BookingFacts,
    ContactChannel,
    ContactFacts,
    DecisionFacts,
    HistoryFacts,
    OfferMade,
    PregnancyTestFacts,
    ReasonForTest,
    RemovalFacts,
    WithdrawalFacts,
)
from consent.rules.signals.judging import Signal
from consent.rules.signals.over_time import signals_over_time
from consent.rules.signals.table import SeenBy, load_signals
from consent.vocabulary import Decision, RequestSource

TABLE = load_signals()
STER, ABRT, LARC_OUT, TEST, VACC = (ProcedureCategory[name] for name in ("STER", "ABRT", "LARC_OUT", "TEST", "VACC"))
SECOND, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("seconds", "hours", "days"))
DAY_0 = datetime.datetime(2027, 1, 4, 4, 0, tzinfo=datetime.UTC)
EMPTY = HistoryFacts(at=DAY_0 + 400 * DAY, time_zone="Asia/Shanghai", category=STER, bars=Bars(peace_days=180))


def at(days: float) -> datetime.datetime:
    return DAY_0 + datetime.timedelta(days=days)


def no(days: float) -> DecisionFacts:
    return DecisionFacts(decided_at=at(days), decision=Decision.DENY)


def yes(days: float) -> DecisionFacts:
    return DecisionFacts(decided_at=at(days), decision=Decision.PERMIT)


def offer(days: float, *, by_patient: bool | None = False, has_new_fact: bool = False) -> OfferMade:
    return OfferMade(offered_at=at(days), by_patient=by_patient, has_new_fact=has_new_fact)


def contact(
    days: float,
    *,
    channel: ContactChannel = ContactChannel.TELEPHONE,
    by_patient: bool | None = False,
    is_about_this: bool | None = True,
) -> ContactFacts:
    return ContactFacts(made_at=at(days), channel=channel, by_patient=by_patient, is_about_this=is_about_this)


def signals(**changes: Any) -> tuple[Signal, ...]:
    return signals_over_time(replace(EMPTY, **changes), TABLE)


def seen(**changes: Any) -> list[tuple[str, Action]]:
    return [(signal.finding, signal.action) for signal in signals(**changes)]


def test_an_empty_history_shows_nothing() -> None:
    assert [seen(category=category) for category in ProcedureCategory] == [[] for _ in ProcedureCategory]


@pytest.mark.parametrize(
    ("answers", "raised", "is_found"),
    [
        ((no(0),), offer(179), True),
        ((no(0),), offer(180), False),
        ((no(0),), offer(0.1), True),
        ((no(0),), offer(5, by_patient=True), False),
        ((no(0),), offer(5, by_patient=None), True),
        ((no(0),), offer(5, has_new_fact=True), False),
        ((no(0), yes(3)), offer(5), False),
        ((yes(0), no(3)), offer(5), True),
        ((no(10),), offer(5), False),
        ((), offer(5), False),
    ],
)
def test_ps_16_once_is_a_block(answers: tuple[DecisionFacts, ...], raised: OfferMade, is_found: bool) -> None:
    found = seen(decisions=answers, offers=(raised,))
    assert found == ([("asked_again", Action.BLOCK)] if is_found else [])


@pytest.mark.parametrize(
    ("days", "held_at"),
    [((1, 2), None), ((1, 2, 91), 91), ((1, 2, 92), None), ((1, 2, 3, 170), 3), ((1, 40, 80, 130), 130)],
)
def test_ps_16_three_in_ninety_days_is_a_hold(days: tuple[int, ...], held_at: int | None) -> None:
    found = signals(decisions=(no(0),), offers=tuple(offer(day) for day in days))
    assert found[0].params == {"times": len(days)} and found[0].at == at(days[-1])
    held = [(one.action, one.seen_by, one.at) for one in found[1:]]
    assert held == ([] if held_at is None else [(Action.HOLD, SeenBy.ADVOCATE, at(held_at))])


def test_ps_16_peace_until_asked_has_no_end_and_other_care_has_none() -> None:
    until_asked = Bars(is_peace_until_asked=True)
    assert seen(category=TEST, bars=until_asked, decisions=(no(0),), offers=(offer(3000),)) == [
        ("asked_again", Action.BLOCK)
    ]
    assert seen(category=VACC, bars=until_asked, decisions=(no(0),), offers=(offer(1),)) == []
    assert seen(bars=Bars(), decisions=(no(0),), offers=(offer(1),)) == []


@pytest.mark.parametrize(
    ("answers", "made", "expected"),
    [
        ((no(0), yes(60)), contact(30), [("turned_to_yes", Action.HOLD)]),
        ((no(0), yes(61)), contact(30), []),
        ((yes(0), no(60)), contact(30), [("turned_to_no", Action.LOG)]),
        ((yes(0), no(61)), contact(30), []),
        ((no(0), yes(60)), contact(0), []),
        ((no(0), yes(60)), contact(60), [("turned_to_yes", Action.HOLD)]),
        ((no(0), yes(60)), contact(61), []),
        ((no(0), yes(60)), contact(30, by_patient=True), []),
        ((no(0), yes(60)), contact(30, by_patient=None), [("turned_to_yes", Action.LOG)]),
        ((no(0), no(20), yes(60)), contact(10), [("turned_to_yes", Action.HOLD)]),
        ((no(0), yes(60)), None, []),
    ],
)
def test_ps_17_answer_turned(
    answers: tuple[DecisionFacts, ...], made: ContactFacts | None, expected: list[tuple[str, Action]]
) -> None:
    found = signals(decisions=answers, contacts=(made,) if made else ())
    assert [(one.finding, one.action) for one in found if one.id == "PS-17"] == expected
    assert all(one.seen_by is SeenBy.ADVOCATE for one in found)


@pytest.mark.parametrize(("decided", "action"), [(yes, Action.HOLD), (no, Action.LOG)])
@pytest.mark.parametrize(("days", "is_found"), [(0, True), (30, True), (30.4, True), (31, False), (-1, False)])
def test_ps_18_home_visit(decided: Any, action: Action, days: float, is_found: bool) -> None:
    visit = contact(0, channel=ContactChannel.HOME)
    assert [one[1] for one in seen(decisions=(decided(days),), contacts=(visit,))] == ([action] if is_found else [])
    asked_for = replace(visit, by_patient=True)
    assert seen(decisions=(decided(days),), contacts=(asked_for,)) == []
    assert seen(decisions=(decided(days),), contacts=(replace(visit, channel=ContactChannel.LETTER),)) == []


def test_ps_19_asked_for_by_someone_outside_care() -> None:
    outside, unclear = ("outside", Action.BLOCK_AND_HOLD), ("unclear", Action.BLOCK)
    both = (RequestSource.OFFICIAL_OR_EMPLOYER, RequestSource.UNKNOWN)
    assert seen(request_sources=both) == [outside, unclear]
    assert seen(request_sources=both, was_repeated_alone=True) == [outside]
    assert seen(request_sources=(RequestSource.PATIENT, RequestSource.PARTNER_OR_RELATIVE)) == []
    assert seen(request_sources=both, category=VACC) == []


def ordered_on(*days: int, **changes: Any) -> tuple[PregnancyTestFacts, ...]:
    plain = PregnancyTestFacts(ordered_at=DAY_0, by_patient=False, reason=None)
    return tuple(replace(plain, ordered_at=at(day), **changes) for day in days)


@pytest.mark.parametrize(
    ("days", "findings"),
    [
        ((0, 74), []),
        ((0, 75), ["again"]),
        ((0, 105), ["again"]),
        ((0, 106), []),
        ((0, 40, 90), ["again"]),
        ((0, 90, 180), ["again", "regular"]),
        ((0, 90, 164), ["again"]),
        ((0, 90, 200), ["again"]),
        ((0, 30, 90, 120, 180), ["again", "regular"]),
        ((0, 70, 90, 170), ["again", "regular"]),
        ((0,), []),
    ],
)
def test_ps_20_periodic_pregnancy_tests(days: tuple[int, ...], findings: list[str]) -> None:
    found = signals(category=TEST, tests=ordered_on(*days))
    assert [one.finding for one in found] == findings
    assert [one.action for one in found] == [Action.HOLD, Action.BLOCK][: len(found)]
    assert signals(category=TEST, tests=ordered_on(*days, by_patient=True)) == ()
    assert signals(category=TEST, tests=ordered_on(*days, by_patient=None)) == ()
    for reason in ReasonForTest:
        assert signals(category=TEST, tests=ordered_on(*days, reason=reason)) == ()


@pytest.mark.parametrize(
    ("hours", "changes", "action"),
    [
        (72, {}, Action.BLOCK_AND_HOLD),
        (72.01, {}, None),
        (0, {}, Action.BLOCK_AND_HOLD),
        (-1, {}, None),
        (5, {"is_positive": False}, None),
        (5, {"is_positive": None}, None),
        (5, {"by_patient": True}, None),
        (5, {"by_patient": None}, Action.BLOCK),
        (5, {"result_at": None}, None),  # then the order counts, four days before
    ],
)
def test_ps_21_test_then_procedure(hours: float, changes: dict[str, Any], action: Action | None) -> None:
    result_at = at(4)
    (test,) = ordered_on(0, result_at=result_at, is_positive=True)
    booking = BookingFacts(booked_at=result_at + hours * HOUR, by_patient=False)
    history = {"category": ABRT, "tests": (replace(test, **changes),)}
    assert seen(**history, bookings=(booking,)) == ([("chained", action)] if action else [])
    assert seen(**history, bookings=(replace(booking, by_patient=True),)) == []


@pytest.mark.parametrize(
    ("removal", "expected"),
    [
        ({"ended_at": at(7)}, []),
        ({"ended_at": at(8)}, [("overdue", Action.WARN)]),
        ({}, [("overdue", Action.WARN)]),
        ({"is_contraindicated": True}, []),
        ({"ended_at": at(1), "deferred_at": (at(0.2),)}, []),
        ({"ended_at": at(1), "deferred_at": (at(0.2), at(0.4))}, [("deferred", Action.HOLD)]),
        ({"ended_at": at(1), "denied_at": at(0.5), "is_contraindicated": False}, [("denied", Action.BLOCK)]),
        ({"ended_at": at(1), "denied_at": at(0.5)}, [("denied", Action.BLOCK)]),
        ({"ended_at": at(1), "denied_at": at(0.5), "is_contraindicated": True}, []),
    ],
)
def test_ps_22_removal_obstructed(removal: dict[str, Any], expected: list[tuple[str, Action]]) -> None:
    wish = replace(RemovalFacts(asked_at=DAY_0), **removal)
    assert seen(category=LARC_OUT, removals=(wish,)) == expected


def test_ps_22_follows_a_faster_site() -> None:
    wish = RemovalFacts(asked_at=DAY_0, ended_at=at(4))
    assert seen(category=LARC_OUT, removals=(wish,), bars=Bars(removal_days=3)) == [("overdue", Action.WARN)]
    assert seen(category=LARC_OUT, removals=(wish,), bars=Bars(removal_days=30)) == []


@pytest.mark.parametrize(("seconds", "is_slow"), [(0, False), (1, False), (1.001, True), (None, True)])
def test_ps_23_slow_to_take_effect(seconds: float | None, is_slow: bool) -> None:
    effective_at = None if seconds is None else DAY_0 + seconds * SECOND
    taken_back = WithdrawalFacts(asked_at=DAY_0, effective_at=effective_at)
    assert seen(withdrawals=(taken_back,)) == ([("slow", Action.HOLD)] if is_slow else [])


@pytest.mark.parametrize(
    ("made", "action"),
    [
        (contact(3), Action.BLOCK_AND_HOLD),
        (contact(3.0001), None),
        (contact(0), None),
        (contact(-1), None),
        (contact(1, by_patient=True), None),
        (contact(1, is_about_this=False), None),
        (contact(1, is_about_this=None), Action.BLOCK),
        (contact(1, by_patient=None), Action.BLOCK),
    ],
)
def test_ps_23_contact_after_taking_back(made: ContactFacts, action: Action | None) -> None:
    taken_back = WithdrawalFacts(asked_at=DAY_0, effective_at=DAY_0)
    found = seen(category=VACC, withdrawals=(taken_back,), contacts=(made,))
    assert found == ([("contacted", action)] if action else [])
    stricter = Bars(contact_hours=96)
    if made == contact(3.0001):
        assert seen(withdrawals=(taken_back,), contacts=(made,), bars=stricter) == [
            ("contacted", Action.BLOCK_AND_HOLD)
        ]


@pytest.mark.parametrize(
    ("days", "pushed", "told", "expected"),
    [
        (7, False, 4, []),
        (7, False, 3, [("not_fully_told", Action.NOTE)]),
        (6, False, 3, []),
        (30, None, 0, [("not_fully_told", Action.NOTE)]),
        (31, None, 0, []),
        (31, True, None, [("pushed", Action.LOG)]),
        (1, True, 4, [("pushed", Action.LOG)]),
    ],
)
def test_ps_24_said_afterwards(
    days: int, pushed: bool | None, told: int | None, expected: list[tuple[str, Action]]
) -> None:
    answer = AfterAnswer(procedure_at=DAY_0, answered_at=at(days), was_pushed=pushed, told=told)
    found = signals(answers=(answer,))
    assert [(one.finding, one.action) for one in found] == expected
    assert all(one.seen_by is SeenBy.ADVOCATE for one in found)


def test_days_are_those_of_the_clinic() -> None:
    """23:30 on the first day to 00:30 on day 61 of Shanghai is 61 days there, and 60 in UTC."""
    first = datetime.datetime(2027, 1, 4, 15, 30, tzinfo=datetime.UTC)
    last = datetime.datetime(2027, 3, 5, 16, 30, tzinfo=datetime.UTC)
    turn = (
        DecisionFacts(decided_at=first, decision=Decision.DENY),
        DecisionFacts(decided_at=last, decision=Decision.PERMIT),
    )
    assert seen(decisions=turn, contacts=(contact(30),)) == []
    for zone in ("UTC", "no such zone"):
        assert seen(decisions=turn, contacts=(contact(30),), time_zone=zone) == [("turned_to_yes", Action.HOLD)]


def test_the_same_facts_give_the_same_signals_at_any_later_time() -> None:
    history = {"decisions": (no(0), yes(50)), "offers": (offer(1), offer(2), offer(3)), "contacts": (contact(20),)}
    assert signals(**history) == signals(**history, at=EMPTY.at + 900 * DAY)
    assert len(signals(**history)) == 3
