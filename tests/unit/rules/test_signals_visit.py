"""PS-01 to PS-15: each definition, on both sides of each of its thresholds."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.policy import policy_for
from consent.rules.signals.action import Action
from consent.rules.signals.bars import Bars, bars_of
from consent.rules.signals.facts import (
    AlternativeSeen,
    CompanionFacts,
    InterpreterFacts,
    InterpreterTie,
    StateSpan,
    TeachBackFacts,
    TextFacts,
    VisitFacts,
)
from consent.rules.signals.judging import Signal
from consent.rules.signals.spans import Span
from consent.rules.signals.table import SeenBy, load_signals
from consent.rules.signals.visit import signals_of_visit
from consent.vocabulary import Decision, PersonRole, SigningState

TABLE = load_signals()
STER, LARC_IN, MAJOR, VACC = (ProcedureCategory[name] for name in ("STER", "LARC_IN", "MAJOR", "VACC"))
SECOND, MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
SIGNED_AT = datetime.datetime(2027, 6, 15, 2, 0, tzinfo=datetime.UTC)
START_AT = SIGNED_AT + 40 * DAY
BARS = Bars(
    minutes_alone=10, alternatives=4, wait_days=30, wait_hours=720, forbidden_states=frozenset({"labour", "childbirth"})
)
GOOD = VisitFacts(
    at=START_AT,
    time_zone="Asia/Shanghai",
    category=STER,
    bars=BARS,
    decided_at=SIGNED_AT,
    event_times=(SIGNED_AT - 30 * MINUTE, SIGNED_AT),
    decided_together=(STER,),
    first_offered_at=SIGNED_AT - DAY,
    is_elective=True,
    start_at=START_AT,
    confirmed_at=START_AT - HOUR,
    was_alone_at_confirmation=True,
    opened_at=SIGNED_AT - 30 * MINUTE,
    characters=1500,
    digest_shown="a",
    digest_signed="a",
    digest_at_start="a",
    alternatives=tuple(AlternativeSeen(key=key, seconds=10) for key in ("one", "two", "three", "four", "nothing")),
    minutes_alone=10,
    teach_backs=(TeachBackFacts(key="permanence", attempts=2, seconds=5, was_answered_by_companion=False),),
    patient_languages=("zh-CN",),
    spoken_language="zh",
    text_language="zh-Hans",
    signing_states=(),
)


def signals(facts: VisitFacts = GOOD, **changes: Any) -> tuple[Signal, ...]:
    return signals_of_visit(replace(facts, **changes), TABLE)


def seen(facts: VisitFacts = GOOD, **changes: Any) -> list[tuple[str, str, Action]]:
    return [(signal.id, signal.finding, signal.action) for signal in signals(facts, **changes)]


def test_a_good_visit_shows_nothing() -> None:
    assert seen() == []


@pytest.mark.parametrize(
    ("length", "seconds", "finding"),
    [
        ({"words": 900, "characters": None}, 113, "below_floor"),
        ({"words": 900, "characters": None}, 114, "below_pace"),
        ({"words": 900, "characters": None}, 226, "below_pace"),
        ({"words": 900, "characters": None}, 227, None),
        ({"characters": 1500}, 176, "below_floor"),
        ({"characters": 1500}, 177, "below_pace"),
        ({"characters": 1500}, 352, "below_pace"),
        ({"characters": 1500}, 353, None),
        ({"words": 238, "characters": 255}, 59, "below_floor"),
        ({"words": 238, "characters": 255}, 60, "below_pace"),
        ({"words": 238, "characters": 255}, 120, None),
        ({"audio_seconds": 300.0}, 149, "below_floor"),
        ({"audio_seconds": 300.0}, 300, None),
    ],
)
def test_ps_01_signed_faster_than_readable(length: dict[str, Any], seconds: int, finding: str | None) -> None:
    found = seen(opened_at=SIGNED_AT - seconds * SECOND, **length)
    action = Action.BLOCK if finding == "below_floor" else Action.WARN
    assert found == ([("PS-01", finding, action)] if finding else [])


def test_ps_01_says_both_numbers_and_follows_a_stricter_site() -> None:
    quick = signals(opened_at=SIGNED_AT - 100 * SECOND)[0]
    assert quick.sentence.startswith("The sheet was open for 100 seconds before signing; it takes at least 177.")
    strict = replace(BARS, reading_floor_percent=100, reading_pace_percent=120)
    assert seen(bars=strict, opened_at=SIGNED_AT - 352 * SECOND) == [("PS-01", "below_floor", Action.BLOCK)]
    assert seen(bars=strict, opened_at=SIGNED_AT - 353 * SECOND) == [("PS-01", "below_pace", Action.WARN)]


@pytest.mark.parametrize("unknown", [{"opened_at": None}, {"characters": None}])
def test_ps_01_unknown_blocks(unknown: dict[str, Any]) -> None:
    (signal,) = signals(**unknown)
    assert (signal.id, signal.action, signal.is_unknown) == ("PS-01", Action.BLOCK, True)
    assert signal.sentence == "Nothing is recorded about this yet: Signed faster than the text can be read."


@pytest.mark.parametrize(
    ("category", "waited", "action"),
    [
        (MAJOR, 24 * HOUR, None),
        (MAJOR, 24 * HOUR - SECOND, Action.HOLD),
        (STER, 720 * HOUR, None),
        (STER, 720 * HOUR - SECOND, Action.BLOCK),
        (LARC_IN, 17 * MINUTE, None),
    ],
)
def test_ps_02_rushed(category: ProcedureCategory, waited: datetime.timedelta, action: Action | None) -> None:
    found = [one for one in seen(category=category, first_offered_at=START_AT - waited) if one[0] == "PS-02"]
    assert found == ([("PS-02", "rushed", action)] if action else [])


def test_ps_02_counts_days_on_the_wall_and_knows_what_cannot_wait() -> None:
    federal = replace(BARS, wait_days=30, wait_hours=0)
    assert seen(bars=federal, first_offered_at=START_AT - 712 * HOUR) == []  # 30 dates on, though not 720 hours
    assert seen(bars=federal, first_offered_at=START_AT - 29 * DAY) == [("PS-02", "rushed", Action.BLOCK)]
    urgent = {"category": MAJOR, "first_offered_at": START_AT - HOUR}
    assert seen(is_elective=False, **urgent) == []
    assert seen(is_elective=None, **urgent) == [("PS-02", "rushed", Action.LOG)]  # not knowing never holds
    assert seen(first_offered_at=None, arrived_at=START_AT - HOUR) == [("PS-02", "rushed", Action.BLOCK)]
    assert seen(first_offered_at=None) == [("PS-02", "rushed", Action.BLOCK)]
    assert seen(start_at=None, first_offered_at=None) == []


def opened(*pairs: tuple[str, float | None]) -> dict[str, Any]:
    return {"alternatives": tuple(AlternativeSeen(key=key, seconds=seconds) for key, seconds in pairs)}


def test_ps_03_alternatives_never_seen() -> None:
    three, few, none = ("one", 10), ("PS-03", "too_few", Action.BLOCK), ("PS-03", "nothing_not_opened", Action.BLOCK)
    rest = (("two", 10), ("three", 30))
    assert seen(**opened(three, *rest, ("four", 9.9), ("nothing", 10))) == [few]
    assert seen(**opened(three, *rest, ("four", None), ("nothing", 10))) == [few]
    assert seen(**opened(three, *rest, ("three", 10), ("nothing", 10))) == [few]  # the same one twice
    assert seen(**opened(three, *rest, ("four", 10), ("nothing", 9))) == [none]
    assert seen(**opened()) == [few, none]
    assert seen(alternatives=None) == [few]
    longer = replace(BARS, alternative_seconds=11)
    assert seen(bars=longer) == [few, none]


@pytest.mark.parametrize(("minutes", "is_short"), [(9, True), (10, False), (None, True)])
def test_ps_04_never_alone(minutes: int | None, is_short: bool) -> None:
    assert seen(minutes_alone=minutes) == ([("PS-04", "too_short", Action.BLOCK)] if is_short else [])


def test_ps_04_counts_only_time_that_was_really_alone() -> None:
    def alone(*spans: tuple[int, int | None]) -> tuple[Span, ...]:
        return tuple(
            Span(begins_at=SIGNED_AT - begin * MINUTE, ends_at=None if end is None else SIGNED_AT - end * MINUTE)
            for begin, end in spans
        )

    assert seen(alone=alone((20, 10))) == []
    assert seen(alone=alone((20, 15), (18, 11))) == [("PS-04", "too_short", Action.BLOCK)]  # minutes count once
    assert seen(alone=alone((10, None))) == []  # to the signature, and no further
    assert seen(alone=alone((9, -60))) == [("PS-04", "too_short", Action.BLOCK)]
    back = CompanionFacts(role=PersonRole.RELATIVE, came_at=SIGNED_AT - 15 * MINUTE, left_at=SIGNED_AT - 14 * MINUTE)
    (signal,) = signals(alone=alone((20, 10)), companions=(back,))
    assert signal.sentence.startswith("Minutes alone: 9; needed: 10.")
    helper = replace(back, role=PersonRole.INTERPRETER)
    assert seen(alone=alone((20, 10)), companions=(helper,)) == []
    assert seen(category=MAJOR, minutes_alone=3) == [("PS-04", "too_short", Action.WARN)]
    assert seen(category=VACC, minutes_alone=3, bars=replace(BARS, minutes_alone=None)) == []


@pytest.mark.parametrize(
    ("person", "stays"),
    [
        ({"left_at": SIGNED_AT + 2 * MINUTE}, False),
        ({"left_at": SIGNED_AT + 2 * MINUTE + SECOND}, True),
        ({"left_at": None}, True),
        ({"asked_to_leave_at": None, "left_at": None}, False),
        ({"asked_to_leave_at": None, "left_at": None, "would_not_leave": True}, True),
        ({"asked_to_leave_at": START_AT - 2 * MINUTE, "left_at": None}, False),  # the two minutes are not over
        ({"asked_to_leave_at": START_AT - 2 * MINUTE - SECOND, "left_at": None}, True),
    ],
)
def test_ps_05_companion_would_not_leave(person: dict[str, Any], stays: bool) -> None:
    who = replace(CompanionFacts(role=PersonRole.PARTNER, asked_to_leave_at=SIGNED_AT), **person)
    assert seen(category=VACC, companions=(who,), start_at=None) == (
        [("PS-05", "stayed", Action.BLOCK_AND_HOLD)] if stays else []
    )


@pytest.mark.parametrize("role", [PersonRole.OFFICIAL, PersonRole.POLICE, PersonRole.EMPLOYER])
def test_ps_06_an_outsider_at_any_step(role: PersonRole) -> None:
    there = CompanionFacts(role=role, came_at=SIGNED_AT - HOUR, left_at=SIGNED_AT - 29 * MINUTE)
    (signal,) = signals(companions=(there,))
    assert (signal.id, signal.action, signal.at) == ("PS-06", Action.BLOCK_AND_HOLD, SIGNED_AT - 30 * MINUTE)
    assert seen(companions=(replace(there, left_at=SIGNED_AT - 30 * MINUTE),)) == []  # gone as the first step began
    assert seen(category=VACC, start_at=None, companions=(there,)) == [("PS-06", "outsider", Action.WARN)]


def test_ps_06_sender_payer_and_what_nobody_recorded() -> None:
    relative = CompanionFacts(role=PersonRole.RELATIVE, was_there_at_decision=True)
    assert seen(companions=(relative,)) == []
    outsider = [("PS-06", "outsider", Action.BLOCK_AND_HOLD)]
    assert seen(companions=(replace(relative, sent_the_patient=True),)) == outsider
    assert seen(companions=(replace(relative, pays=True),)) == outsider
    assert seen(companions=(replace(relative, pays=True, was_there_at_decision=None),)) == []


def test_ps_07_companion_answered() -> None:
    answered = TeachBackFacts(key="risks", seconds=20, was_answered_by_companion=True)
    assert seen(teach_backs=(*GOOD.teach_backs, answered)) == [("PS-07", "answered", Action.BLOCK)]
    assert seen(teach_backs=(replace(answered, was_repeated_alone=True),)) == []
    assert seen(teach_backs=(replace(answered, was_answered_by_companion=None),)) == []


@pytest.mark.parametrize("tie", InterpreterTie)
def test_ps_08_interpreter_conflict(tie: InterpreterTie) -> None:
    interpreter = InterpreterFacts(is_qualified=True, came_at=SIGNED_AT - HOUR, ties=frozenset({tie}))
    assert seen(interpreter=interpreter) == [("PS-08", "tied", Action.BLOCK)]
    assert seen(interpreter=replace(interpreter, ties=frozenset())) == []
    (unknown,) = signals(interpreter=replace(interpreter, ties=None))
    assert (unknown.action, unknown.is_unknown) == (Action.BLOCK, True)


def test_ps_09_language_gap() -> None:
    gap = [("PS-09", "gap", Action.BLOCK)]
    uyghur = {"patient_languages": ("ug",)}
    helped = InterpreterFacts(is_qualified=True, came_at=SIGNED_AT - SECOND, ties=frozenset())
    assert seen(**uyghur) == gap
    assert seen(**uyghur, interpreter=helped) == []
    assert seen(**uyghur, interpreter=replace(helped, came_at=SIGNED_AT)) == gap
    assert seen(**uyghur, interpreter=replace(helped, came_at=None)) == gap
    assert seen(**uyghur, interpreter=replace(helped, is_qualified=False)) == gap
    assert seen(text_language="en") == gap
    assert seen(patient_languages=()) == gap


def test_ps_10_forbidden_state() -> None:
    def span(begin: int, end: int | None) -> tuple[StateSpan, ...]:
        ends_at = None if end is None else SIGNED_AT + end * SECOND
        return (StateSpan(state=SigningState.LABOUR, span=Span(begins_at=SIGNED_AT + begin * SECOND, ends_at=ends_at)),)

    forbidden = [("PS-10", "forbidden_state", Action.BLOCK)]
    assert seen(signing_states=(SigningState.LABOUR,)) == forbidden
    assert seen(signing_states=(SigningState.SEVERE_PAIN,)) == []  # not a state of this site's rule
    assert seen(state_spans=span(0, 0)) == forbidden
    assert seen(state_spans=span(-9, None)) == forbidden
    assert seen(state_spans=span(-9, -1)) == seen(state_spans=span(1, 9)) == []
    assert seen(signing_states=None) == forbidden
    assert seen(category=MAJOR, signing_states=(SigningState.LABOUR,)) == [("PS-10", "forbidden_state", Action.WARN)]


@pytest.mark.parametrize(
    ("items", "findings"),
    [
        ([(2, 5)], []),
        ([(3, 5)], ["many_attempts"]),
        ([(1, 4.9)], ["all_too_fast"]),
        ([(1, 4.9), (1, 5)], []),
        ([(1, 4.9), (1, None)], []),
        ([(4, 1), (None, 2)], ["many_attempts", "all_too_fast"]),
        ([], []),
    ],
)
def test_ps_11_trial_and_error(items: list[tuple[int | None, float | None]], findings: list[str]) -> None:
    asked = tuple(TeachBackFacts(key="a", attempts=attempts, seconds=seconds) for attempts, seconds in items)
    found = signals(teach_backs=asked)
    assert [(one.finding, one.action, one.seen_by) for one in found] == [
        (finding, Action.HOLD, SeenBy.ADVOCATE) for finding in findings
    ]


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"confirmed_at": START_AT - 240 * MINUTE}, []),
        ({"confirmed_at": START_AT - 240 * MINUTE - SECOND}, ["too_old"]),
        ({"confirmed_at": None}, ["missing"]),
        ({"confirmed_at": START_AT + SECOND}, ["missing"]),
        ({"was_alone_at_confirmation": False}, ["in_company"]),
        ({"was_alone_at_confirmation": None}, ["in_company"]),
        ({"start_at": None, "confirmed_at": None}, []),
        ({"category": VACC, "confirmed_at": None}, []),
        ({"bars": replace(BARS, confirmation_minutes=60), "confirmed_at": START_AT - 61 * MINUTE}, ["too_old"]),
    ],
)
def test_ps_12_confirmed_on_the_day_and_alone(changes: dict[str, Any], findings: list[str]) -> None:
    assert [one.finding for one in signals(**changes)] == findings


def test_ps_12_believes_the_clock_of_the_room_more_than_the_box() -> None:
    back = CompanionFacts(role=PersonRole.PARTNER, came_at=START_AT - 2 * HOUR, left_at=START_AT - HOUR + SECOND)
    assert seen(companions=(back,)) == [("PS-12", "in_company", Action.BLOCK)]
    assert seen(companions=(replace(back, left_at=START_AT - HOUR),)) == []


@pytest.mark.parametrize(
    ("changes", "findings"),
    [
        ({"digest_signed": "b", "digest_at_start": "b"}, ["differs"]),
        ({"digest_at_start": "b"}, ["differs"]),
        ({"digest_at_start": "b", "start_at": None}, []),
        ({"digest_shown": None}, ["differs"]),
        ({"written_on_at": (SIGNED_AT - 30 * MINUTE,)}, []),
        ({"written_on_at": (SIGNED_AT - 29 * MINUTE,)}, ["written_on"]),
    ],
)
def test_ps_13_text_changed(changes: dict[str, Any], findings: list[str]) -> None:
    assert [(one.finding, one.action) for one in signals(**changes)] == [(one, Action.BLOCK) for one in findings]


@pytest.mark.parametrize(
    ("kinds", "is_found"), [((MAJOR, STER), True), ((LARC_IN, LARC_IN), True), ((MAJOR, VACC), False), ((STER,), False)]
)
def test_ps_14_several_decisions(kinds: tuple[ProcedureCategory, ...], is_found: bool) -> None:
    assert seen(decided_together=kinds) == ([("PS-14", "together", Action.BLOCK)] if is_found else [])


def test_ps_15_made_conditional() -> None:
    (signal,) = signals(dependents=("price", "order"))
    assert (signal.action, signal.evidence) == (Action.BLOCK_AND_HOLD, {"kinds": "order, price"})
    note = TextFacts(kind="message", text="结扎后才能办理出生证", written_at=SIGNED_AT)
    (signal,) = signals(texts=(note,))
    assert (signal.id, signal.finding, signal.at) == ("PS-15", "worded", SIGNED_AT)
    assert note.text not in str(signal)
    assert seen(texts=(replace(note, text="刚才能走了，否则再观察"),)) == []


def test_for_a_no_nothing_is_stopped_and_pressure_goes_to_the_advocate() -> None:
    """Every sign at once, on a refusal: what may have pressed the patient is logged, all else is silent."""
    outsider = CompanionFacts(
        role=PersonRole.OFFICIAL, was_there_at_decision=True, would_not_leave=True, asked_to_leave_at=SIGNED_AT
    )
    found = signals(
        decision=Decision.DENY,
        opened_at=None,
        alternatives=None,
        minutes_alone=1,
        companions=(outsider,),
        teach_backs=(TeachBackFacts(key="a", attempts=9, seconds=1, was_answered_by_companion=True),),
        patient_languages=("ug",),
        interpreter=InterpreterFacts(is_qualified=True, came_at=None, ties=frozenset({InterpreterTie.IS_COMPANION})),
        signing_states=(SigningState.LABOUR,),
        confirmed_at=None,
        digest_shown=None,
        decided_together=(STER, MAJOR),
        dependents=("paper",),
    )
    assert [one.id for one in found] == ["PS-05", "PS-06", "PS-07", "PS-08", "PS-15"]
    assert {(one.action, one.seen_by) for one in found} == {(Action.LOG, SeenBy.ADVOCATE)}


@pytest.mark.parametrize("preset", Preset)
def test_bars_come_from_the_rules_of_the_site(preset: Preset) -> None:
    bars = bars_of(policy_for(preset, STER))
    assert (bars.minutes_alone, bars.alternatives, bars.confirmation_minutes) == (10, 4, 240)
    assert bars.wait_days == {Preset.ENGLAND: 1}.get(preset, 30) and "labour" in bars.forbidden_states
    assert bars_of(policy_for(preset, VACC)).minutes_alone is None


@pytest.mark.parametrize(
    ("category", "particular", "own"),
    [
        ("ABRT", "", Bars(minutes_alone=5, alternatives=1, peace_days=280, contact_hours=72)),
        ("LARC_IN", "", Bars(minutes_alone=5, alternatives=3, peace_days=90, contact_hours=72)),
        ("LARC_OUT", "", Bars(alternatives=1, removal_days=7)),
        ("TEST", "pregnancy-test", Bars(minutes_alone=2, alternatives=1, is_peace_until_asked=True)),
        ("VACC", "", Bars(alternatives=1)),
    ],
)
def test_each_bar_comes_from_its_own_rule(category: str, particular: str, own: Bars) -> None:
    reading = {"alternative_seconds": 10, "reading_floor_percent": 50, "reading_pace_percent": 100}
    expected = replace(own, **reading, confirmation_minutes=240)
    assert bars_of(policy_for(Preset.STRICT_DEFAULT, ProcedureCategory[category], particular)) == expected


def test_the_bars_of_a_sterilisation_count_days_and_hours() -> None:
    bars = bars_of(policy_for(Preset.STRICT_DEFAULT, STER))
    assert (bars.wait_days, bars.wait_hours, bars.peace_days) == (30, 720, 180)


def test_nothing_known_blocks_and_never_holds() -> None:
    nothing = VisitFacts(at=START_AT, time_zone="", category=STER, bars=BARS, decided_at=SIGNED_AT, start_at=START_AT)
    found = signals(nothing)
    assert {one.id for one in found} == {"PS-01", "PS-02", "PS-03", "PS-04", "PS-09", "PS-10", "PS-12", "PS-13"}
    assert {one.action for one in found} == {Action.BLOCK}


def test_half_known_times_of_a_companion_count_for_the_rest() -> None:
    """Who is only known to have come never left; who is only known to have left was there from the beginning."""
    official = CompanionFacts(role=PersonRole.OFFICIAL)
    outsider = [("PS-06", "outsider", Action.BLOCK_AND_HOLD)]
    quiet = {"start_at": None, "event_times": ()}
    assert seen(companions=(replace(official, came_at=SIGNED_AT),), **quiet) == outsider
    assert seen(companions=(replace(official, came_at=SIGNED_AT + SECOND),), **quiet) == []
    assert seen(companions=(replace(official, left_at=SIGNED_AT + SECOND),), **quiet) == outsider
    assert seen(companions=(replace(official, left_at=SIGNED_AT),), **quiet) == []
    relative = CompanionFacts(role=PersonRole.RELATIVE, left_at=SIGNED_AT - 19 * MINUTE)
    short = [("PS-04", "too_short", Action.BLOCK)]
    alone = (Span(begins_at=SIGNED_AT - 20 * MINUTE, ends_at=SIGNED_AT - 10 * MINUTE),)
    assert seen(alone=alone, companions=(relative,)) == short
    assert seen(alone=alone, companions=(replace(relative, left_at=None, came_at=SIGNED_AT - 11 * MINUTE),)) == [
        *short,
        ("PS-12", "in_company", Action.BLOCK),
    ]
    assert seen(companions=(replace(relative, left_at=START_AT),)) == [("PS-12", "in_company", Action.BLOCK)]


def test_a_signal_says_since_when_and_on_which_facts() -> None:
    talk = replace(GOOD, decided_at=None, start_at=None)
    stays = CompanionFacts(role=PersonRole.PARTNER, asked_to_leave_at=SIGNED_AT)
    assert [one.at for one in signals(talk, companions=(stays,))] == [SIGNED_AT + 2 * MINUTE]
    unwilling = replace(stays, left_at=SIGNED_AT, would_not_leave=True)
    assert [one.at for one in signals(talk, companions=(unwilling,))] == [SIGNED_AT]
    unwilling = replace(unwilling, asked_to_leave_at=None)
    assert [one.at for one in signals(talk, companions=(unwilling,))] == [talk.at]
    answered = (TeachBackFacts(key="risks", was_answered_by_companion=True),)
    assert [one.at for one in signals(talk, teach_backs=answered)] == [talk.at]
    assert [one.at for one in signals(talk, decided_together=(STER, MAJOR))] == [talk.at]
    tied = InterpreterFacts(is_qualified=True, came_at=None, ties=frozenset({InterpreterTie.SAME_HOME}))
    assert [(one.at, one.evidence) for one in signals(talk, interpreter=tied)] == [(talk.at, {"ties": "same-home"})]
    (gap,) = signals(spoken_language="en")
    assert gap.evidence == {"spoken": "en", "text": "zh-Hans"}
    (changed,) = signals(digest_at_start=None)
    assert changed.evidence == {"shown": "a", "signed": "a", "at_start": "unknown"}
    assert seen(spoken_language="") == seen(text_language="") == [("PS-09", "gap", Action.BLOCK)]
    assert seen(bars=replace(BARS, alternatives=None), alternatives=None) == []
    assert seen(confirmed_at=START_AT) == []
