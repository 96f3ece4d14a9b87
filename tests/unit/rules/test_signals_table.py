"""The tables of signals and words: complete, in both languages, and refused with file, line and reason where not."""

from importlib import resources

import pytest

from clinic.vocabulary import ProcedureCategory
from consent.rules.policy import PolicyError
from consent.rules.sentences import translated
from consent.rules.signals.action import Action
from consent.rules.signals.page import signals_page
from consent.rules.signals.reader import gaps
from consent.rules.signals.shapes import SHAPES
from consent.rules.signals.table import load_signals, read_signals
from consent.rules.signals.word_table import read_words
from tests.architecture.banned_names import banned_in

PRESETS = resources.files("consent.rules") / "presets"
SIGNALS = (PRESETS / "signals.toml").read_text(encoding="utf-8")
WORDS = (PRESETS / "words.toml").read_text(encoding="utf-8")
TABLE = load_signals()

# The evidence once more.
NUMBERS = {
    "PS-01": {"words_per_minute": 238, "characters_per_minute": 255, "block_percent": 50, "warn_percent": 100},
    "PS-02": {"hours": 24},
    "PS-03": {"seconds": 10},
    "PS-05": {"minutes": 2},
    "PS-07": {"items": 1},
    "PS-11": {"attempts": 3, "seconds": 5},
    "PS-12": {"minutes": 240},
    "PS-14": {"decisions": 1},
    "PS-16": {"often": 3, "often_days": 90},
    "PS-17": {"days": 60},
    "PS-18": {"days": 30},
    "PS-20": {"days_from": 75, "days_to": 105, "tests_hold": 2, "tests_block": 3},
    "PS-21": {"hours": 72},
    "PS-22": {"days": 7, "deferrals": 2},
    "PS-23": {"seconds": 1, "hours": 72},
    "PS-24": {"from_days": 7, "to_days": 30, "told": 4},
}


def test_all_twenty_four_signals_stand_in_order() -> None:
    assert list(TABLE.rows) == [f"PS-{number:02}" for number in range(1, 25)] == list(SHAPES)


def test_numbers_are_those_of_the_evidence() -> None:
    found = {
        row.id: {name: one.value for name, one in row.thresholds.items() if isinstance(one.value, int)}
        for row in TABLE.rows.values()
    }
    assert {signal_id: numbers for signal_id, numbers in found.items() if numbers} == NUMBERS


def test_every_sentence_stands_in_both_languages_with_the_same_gaps() -> None:
    for words in TABLE.sentences():
        assert words.en.isascii() and not words.zh_hans.isascii()
        assert gaps(words.en) == gaps(words.zh_hans)


def test_what_stops_a_single_patient_is_shown_as_a_missing_step() -> None:
    for row in TABLE.rows.values():
        for finding in row.findings.values():
            if any(action.blocks for action in finding.actions.values()):
                assert finding.seen_by.value == "clinician", row.id


def test_every_signal_touches_some_care_and_never_slows_a_removal() -> None:
    for row in TABLE.rows.values():
        assert row.categories
    out = ProcedureCategory.LARC_OUT
    held = {
        row.id
        for row in TABLE.rows.values()
        for finding in row.findings.values()
        if finding.actions.get(out, Action.NOTE).blocks
    }
    assert {"PS-02", "PS-04", "PS-10", "PS-12", "PS-16", "PS-19"}.isdisjoint(held)


def test_no_threshold_and_no_finding_has_a_name_that_could_serve_a_quota() -> None:
    for signal_id, shape in SHAPES.items():
        for name in (*shape.findings, *shape.numbers, *shape.codes):
            assert banned_in(name) == set(), (signal_id, name)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[PS-01]", "[PS-99]"), "PS-99: unknown key"),
        (('mark = "default"', 'mark = "sure"'), "PS-01.mark: expected one of"),
        (('on_no = "nothing"\n', ""), "PS-01.on_no: missing"),
        (("words_per_minute = { value = 238", "words_per_minute = { value = 0"), "PS-01.thresholds.words_per_minute"),
        (("words_per_minute = { value = 238", "words_per_minute = { value = true"), "one or more, found True"),
        (('action = { ALL = "block" }', 'action = { ALL = "punish" }'), "PS-01.findings.below_floor.action.ALL"),
        (('action = { ALL = "block" }', 'action = { FARM = "block" }'), "below_floor.action.FARM: unknown key"),
        (('action = { ALL = "block" }', "action = {}"), "below_floor.action: names no kind of care"),
        (('seen_by = "clinician"', 'seen_by = "manager"'), "PS-01.findings.below_floor.seen_by: expected one of"),
        (("[PS-01.findings.below_pace]", "[PS-01.findings.slow]"), "PS-01.findings.slow: unknown key"),
        (("签字前说明只打开了%(seconds)s秒", "签字前说明打开时间不足"), "its %(gaps)s are not those"),
        (('value = ["official", "police"', 'value = ["mayor", "police"'), "PS-06.thresholds.roles.value: expected one"),
        (('value = ["official", "police"', 'value = ["police", "police"'), "'police' stands in it twice"),
        (("[PS-02]", "[PS-01]"), "PS-01: stands here again; it stands in line"),
        (("[signals]", "[signals"), "not TOML"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused(change: tuple[str, str], complaint: str) -> None:
    assert change[0] in SIGNALS
    with pytest.raises(PolicyError, match=r"^signals\.toml:\d+: ") as refused:
        read_signals(SIGNALS.replace(*change, 1))
    assert complaint in str(refused.value)


def test_the_line_is_named() -> None:
    text = SIGNALS.replace('unknown = "ignored"', 'unknown = "maybe"', 1)
    line = text.splitlines().index('unknown = "maybe"') + 1
    with pytest.raises(PolicyError, match=rf"^signals\.toml:{line}: PS-05\.unknown: expected one of"):
        read_signals(text)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("[L3]", "[L9]"), "L9: unknown key"),
        (('"quota|quotas"', '"quota|"'), "L3.en: 'quota|' has an empty form"),
        (('"quota|quotas"', '"gift"'), "L3.en: 'gift' stands in L1 already"),
        (('"检验指标"', '"指标"'), "allowed.zh: '指标' stands in L3 already"),
        (('near = [["money"]] }, "deposit', 'near = [["sky"]] }, "deposit'), "L2.en: 'sky' is no group"),
        (("for_review = true", 'for_review = "yes"'), "L3.for_review: expected true or false"),
        (('"不…就不"', '"不…就不|否则要"'), "L4.zh: '不…就不|否则要' mixes forms"),
        (('"励勵"', '"励勵獎"'), "words.variants: '獎' stands for two letters"),
        (("zh = 16", "zh = -1"), "words.reach.zh: expected a whole number"),
        (('signal = "PS-38"', "signal = 38"), "L1.signal: expected a sentence"),
    ],
)
def test_lists_that_cannot_be_trusted_are_refused(change: tuple[str, str], complaint: str) -> None:
    assert change[0] in WORDS
    with pytest.raises(PolicyError, match=r"^words\.toml:\d+: ") as refused:
        read_words(WORDS.replace(*change, 1))
    assert complaint in str(refused.value)


def test_every_sentence_is_known_to_the_pages() -> None:
    for words in TABLE.sentences():
        assert translated(words.en, "zh-hans") == words.zh_hans


def test_the_page_names_everything() -> None:
    text = signals_page(TABLE)
    for row in TABLE.rows.values():
        assert f"### {row.id}: {row.title.en}" in text and row.definition.zh_hans in text and row.source in text
        assert all(f"`{name}`" in text for name in (*row.thresholds, *row.findings))
    for one in TABLE.words.lists.values():
        assert all(word.forms[0] in text for listed in one.words.values() for word in listed)
    assert text == signals_page(TABLE)
