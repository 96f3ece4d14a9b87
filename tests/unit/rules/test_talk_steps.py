"""The pages of a talk follow from the rule table: short care has one page, a sterilisation has what it must."""

import datetime
from collections import Counter
from dataclasses import replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules import talk_clock
from consent.rules.policy import policy_for
from consent.rules.talk_steps import INTERPRETER, PEOPLE, QUESTIONS, Fold, Page, TalkStep, Tool, talk_steps

NOON = datetime.datetime(2027, 1, 15, 12, 0, tzinfo=datetime.UTC)
SHORT = (ProcedureCategory.TEST, ProcedureCategory.VACC, ProcedureCategory.IMG, ProcedureCategory.LARC_OUT)


def steps(category: ProcedureCategory, particular: str = "", preset: Preset = Preset.STRICT_DEFAULT, **changes: bool):  # type: ignore[no-untyped-def]
    return talk_steps(policy_for(preset, category, particular), teach_backs=7, alternatives=5, **changes)


def after(**delta: float) -> datetime.datetime:
    return NOON + datetime.timedelta(**delta)


@pytest.mark.parametrize("category", SHORT)
def test_short_care_is_one_page_that_records(category: ProcedureCategory) -> None:
    (only,) = steps(category)
    assert only.page is Page.RECORD
    assert {"spoken_language", "capacity", "request_source"} <= set(only.fields)
    assert {Tool.SHEET, Tool.CHOICES} <= set(only.tools)


def test_a_pregnancy_test_asks_for_the_first_sentence_and_time_alone() -> None:
    (only,) = steps(ProcedureCategory.TEST, "pregnancy-test")
    assert {"no_loss_spoken", "minutes_alone"} <= set(only.fields)
    assert Tool.ALONE in only.tools
    (other,) = steps(ProcedureCategory.IMG)
    assert "no_loss_spoken" not in other.all_fields


def test_a_vaccination_asks_the_health_questions() -> None:
    (only,) = steps(ProcedureCategory.VACC)
    assert "health_questions_asked" in only.fields


def test_a_sterilisation_takes_one_thing_after_the_other() -> None:
    pages = [step.page for step in steps(ProcedureCategory.STER)]
    assert pages == [
        Page.LANGUAGES,
        Page.ROOM,
        Page.ALONE,
        Page.NO_LOSS,
        Page.EXPLAINING,
        Page.CHOICES,
        Page.QUESTIONS,
        *[Page.OWN_WORDS] * 7,
        Page.DECIDING,
        Page.WISH,
        Page.MATTERS,
        Page.RECORD,
    ]


INTERPRETER_FOLDED = Fold("interpreter", INTERPRETER)
PERSONS = tuple(
    Fold("person", (f"person_{n}_role", f"person_{n}_name", f"person_{n}_left", f"person_{n}_asked"), n)
    for n in range(1, PEOPLE + 1)
)
ASKED_BACK = tuple(Fold("question", (f"question_{n}", f"answer_{n}"), n) for n in range(1, QUESTIONS + 1))
IN_OWN_WORDS = ("teach_back_1_answer", "teach_back_1_by", "teach_back_1_understood")


def test_each_page_of_a_long_talk_asks_what_belongs_there() -> None:
    policy = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.STER)
    assert talk_steps(policy, teach_backs=1, alternatives=1) == (
        TalkStep(Page.LANGUAGES, ("spoken_language",), (INTERPRETER_FOLDED,)),
        TalkStep(Page.ROOM, ("companion_would_not_leave",), PERSONS),
        TalkStep(Page.ALONE, ("minutes_alone",), tools=(Tool.ALONE,)),
        TalkStep(Page.NO_LOSS, ("no_loss_spoken",)),
        TalkStep(Page.EXPLAINING, ("was_live", "anaesthetic_told"), tools=(Tool.SHEET,)),
        TalkStep(Page.CHOICES, tools=(Tool.CHOICES,)),
        TalkStep(Page.QUESTIONS, folds=ASKED_BACK),
        TalkStep(Page.OWN_WORDS, IN_OWN_WORDS, number=1),
        TalkStep(Page.DECIDING, ("capacity", "capacity_note", "signing_states", "witness_offered")),
        TalkStep(Page.WISH, ("request_source", "request_repeated_alone", "referral")),
        TalkStep(Page.MATTERS, ("what_matters",)),
        TalkStep(Page.RECORD),
    )


def test_the_one_page_of_a_short_talk_folds_what_is_seldom_needed() -> None:
    policy = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.TEST, "pregnancy-test")
    needed = ("spoken_language", "minutes_alone", "no_loss_spoken", "capacity", "request_source")
    seldom = ("companion_would_not_leave", "request_repeated_alone", "referral", "what_matters")
    (page,) = talk_steps(policy, teach_backs=1, alternatives=1)
    folds = (Fold("deciding", ("capacity_note",)), Fold("own-words", IN_OWN_WORDS), Fold("more", seldom))
    tools = (Tool.SHEET, Tool.CHOICES, Tool.ALONE)
    expected = TalkStep(Page.RECORD, needed, (INTERPRETER_FOLDED, *PERSONS, *ASKED_BACK, *folds), tools=tools)
    assert page == expected
    (page,) = talk_steps(policy, teach_backs=0, alternatives=0)
    assert page.folds == tuple(fold for fold in expected.folds if fold.name != "own-words")
    assert page.tools == (Tool.SHEET, Tool.ALONE)


@pytest.mark.parametrize(
    ("parameter", "answer"),
    [
        ("vaccine_items", "health_questions_asked"),
        ("anaesthetic_told", "anaesthetic_told"),
        ("forbidden_signing_states", "signing_states"),
        ("witness_offered", "witness_offered"),
    ],
)
@pytest.mark.parametrize("category", [ProcedureCategory.IMG, ProcedureCategory.LARC_IN])
def test_a_site_that_adds_a_rule_is_asked_its_question(
    category: ProcedureCategory, parameter: str, answer: str
) -> None:
    policy = policy_for(Preset.STRICT_DEFAULT, category)
    stricter = replace(policy, rules={**policy.rules, parameter: next(iter(policy.rules.values()))})
    assert answer not in _asked(talk_steps(policy, teach_backs=0, alternatives=0))
    assert answer in _asked(talk_steps(stricter, teach_backs=0, alternatives=0))


def test_what_only_some_rules_ask_is_asked_only_there() -> None:
    asked = {category: _asked(steps(category)) for category in ProcedureCategory}
    assert {"signing_states", "witness_offered", "anaesthetic_told"} <= asked[ProcedureCategory.STER]
    assert not {"signing_states", "witness_offered", "anaesthetic_told"} & asked[ProcedureCategory.LARC_IN]
    assert "anaesthetic_told" in asked[ProcedureCategory.ANAES]


def _asked(pages: tuple[TalkStep, ...]) -> set[str]:
    return {name for step in pages for name in step.all_fields}


@pytest.mark.parametrize("category", ProcedureCategory)
@pytest.mark.parametrize("preset", Preset)
def test_no_answer_is_asked_twice_and_every_page_has_its_own_address(
    preset: Preset, category: ProcedureCategory
) -> None:
    for changes in ({}, {"is_interpreted": True}, {"has_access_needs": True}):
        pages = steps(category, preset=preset, **changes)
        assert pages[-1].page is Page.RECORD
        assert not [name for name, times in Counter(n for s in pages for n in s.all_fields).items() if times > 1]
        assert len({step.key for step in pages}) == len(pages)


def test_a_language_not_shared_brings_the_interpreter_to_the_front() -> None:
    folded, shown = (
        steps(ProcedureCategory.STER)[0],
        steps(ProcedureCategory.STER, is_interpreted=True)[0],
    )
    assert "interpreter_name" not in folded.fields
    assert "interpreter_name" in folded.all_fields
    assert {"interpreter_name", "reading_aids"} <= set(shown.fields)


def test_who_cannot_read_is_asked_how_the_sheet_came_across() -> None:
    assert "reading_aids" in steps(ProcedureCategory.STER, has_access_needs=True)[0].fields
    assert "reading_aids" not in steps(ProcedureCategory.STER)[0].all_fields


def test_a_sheet_without_other_choices_has_no_page_for_them() -> None:
    policy = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.STER)
    assert Page.CHOICES not in {step.page for step in talk_steps(policy, teach_backs=0, alternatives=0)}


def test_stretches_of_time_add_up_and_an_open_one_does_not_count() -> None:
    marks = talk_clock.started({}, talk_clock.ALONE, NOON)
    assert (talk_clock.minutes(marks, talk_clock.ALONE), talk_clock.is_running(marks, talk_clock.ALONE)) == (0, True)
    assert talk_clock.started(marks, talk_clock.ALONE, after(minutes=1)) == marks
    marks = talk_clock.stopped(marks, talk_clock.ALONE, after(minutes=5, seconds=40))
    assert talk_clock.stopped(marks, talk_clock.ALONE, after(minutes=9)) == marks
    marks = talk_clock.started(marks, talk_clock.ALONE, after(minutes=20))
    marks = talk_clock.stopped(marks, talk_clock.ALONE, after(minutes=22, seconds=30))
    assert talk_clock.seconds(marks, talk_clock.ALONE) == 490
    assert talk_clock.minutes(marks, talk_clock.ALONE) == 8


def test_a_clock_that_was_set_back_takes_nothing_away() -> None:
    marks = talk_clock.stopped(
        talk_clock.started({}, talk_clock.ALONE, NOON), talk_clock.ALONE, NOON - datetime.timedelta(hours=1)
    )
    assert talk_clock.seconds(marks, talk_clock.ALONE) == 0


def test_opening_one_choice_closes_the_other_and_keys_with_dots_are_keys() -> None:
    marks = talk_clock.opened({}, "copper.1.begin", NOON)
    marks = talk_clock.opened(marks, "nothing", after(seconds=12))
    assert talk_clock.running_choice(marks) == "nothing"
    marks = talk_clock.closed(marks, after(seconds=30))
    assert talk_clock.running_choice(marks) is None
    assert talk_clock.choices_opened(marks) == ("copper.1.begin", "nothing")
    assert talk_clock.seconds(marks, talk_clock.choice("nothing")) == 18


def test_an_answer_is_marked_each_time_it_is_judged() -> None:
    marks = talk_clock.judged({}, 3, NOON)
    assert marks == {"said:3.1.begin": NOON.isoformat()}
    marks = talk_clock.judged(marks, 3, after(minutes=2))
    assert marks == {"said:3.1.begin": NOON.isoformat(), "said:3.2.begin": after(minutes=2).isoformat()}
    assert talk_clock.times(marks, talk_clock.said(3)) == 2
    assert talk_clock.times(marks, talk_clock.said(4)) == 0


def test_choices_stand_in_the_order_in_which_they_were_opened() -> None:
    marks = talk_clock.opened({}, "waiting", NOON)
    marks = talk_clock.opened(marks, "copper", after(seconds=5))
    assert talk_clock.choices_opened(dict(reversed(marks.items()))) == ("waiting", "copper")


def test_closing_while_nothing_lies_open_changes_nothing() -> None:
    assert talk_clock.closed({}, NOON) == {}


def test_the_first_opening_of_the_sheet_counts() -> None:
    marks = talk_clock.noted(talk_clock.noted({}, talk_clock.SHEET, NOON), talk_clock.SHEET, after(hours=1))
    assert talk_clock.instant(marks, talk_clock.SHEET) == NOON
    assert talk_clock.instant({}, talk_clock.SHEET) is None
    assert talk_clock.seconds({}, talk_clock.ALONE) is None
