"""Where lines end and which font draws what."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from consent.record.text import NEVER_FIRST, NEVER_LAST, Style, fitted, may_break, set_line, set_lines

BODY = Style(10, 15)
LATIN, CHINESE = "NotoSans_400Regular", "NotoSansSC_400Regular"
MIXED = st.text(alphabet="abc 中文字，。（）“”《》-—…1.5'\"!", max_size=120)


def texts(text: str, width: float = 100) -> list[str]:
    return [line.text for line in set_lines(text, BODY, width)]


def faces(text: str) -> list[tuple[str, str]]:
    return [(run.face.name, run.text) for run in set_line(text, BODY).runs]


def test_latin_words_stay_whole() -> None:
    assert texts("The fitting takes about ten minutes") == ["The fitting takes", "about ten minutes"]


def test_chinese_breaks_between_characters_but_not_before_closing_punctuation() -> None:
    assert texts("一二三四五六七八九十。后") == ["一二三四五六七八九", "十。后"]
    assert texts("一二三四五六七八九（十）") == ["一二三四五六七八九", "（十）"]


def test_long_strings_without_a_space_wrap_and_lose_nothing() -> None:
    for text in ("a" * 300, "5d41402abc4b2a76" * 8, "。" * 40):
        assert "".join(texts(text)) == text
        assert all(line.width <= 100 for line in set_lines(text, BODY, 100))


def test_an_empty_text_is_one_empty_line() -> None:
    assert texts("") == [""]
    assert texts("   ") == [""]


def test_latin_font_first_chinese_font_second() -> None:
    assert faces("放置5到10分钟 IUD") == [
        (CHINESE, "放置"),
        (LATIN, "5"),
        (CHINESE, "到"),
        (LATIN, "10"),
        (CHINESE, "分钟"),
        (LATIN, " IUD"),
    ]


def test_shared_punctuation_follows_its_neighbours() -> None:
    assert faces("他说“好”……") == [(CHINESE, "他说“好”……")]
    assert faces("O’Brien said “yes”…") == [(LATIN, "O’Brien said “yes”…")]


def test_accents_are_composed_and_chinese_is_left_alone() -> None:
    assert faces("e\u0301") == [(LATIN, "é")]
    assert faces("\uf900") == [(CHINESE, "\uf900")]  # normalising would exchange it for another character


@given(MIXED)
def test_nothing_but_spaces_at_line_ends_is_lost(text: str) -> None:
    lines = set_lines(text, BODY, 90)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    assert all(line.width <= 90 for line in lines)


@given(st.text(alphabet="中文字，。（）《》、；：", min_size=1, max_size=80))
@example("《《《、、、、、、、")
def test_rules_for_line_ends_hold_wherever_they_can(text: str) -> None:
    widest = max(len(line) for line in texts("中" * 80, 90))
    for before, after, run in line_ends(text):
        if run <= widest:
            assert after not in NEVER_FIRST
            assert before not in NEVER_LAST


def line_ends(text: str) -> Iterator[tuple[str, str, int]]:
    """Where lines end: the characters on both sides, and the length of the run around them that no rule lets apart."""
    place = 0
    for line in texts(text, 90)[:-1]:
        place += len(line)
        start, end = place, place
        while start and not may_break(text[start - 1], text[start]):
            start -= 1
        while end < len(text) and not may_break(text[end - 1], text[end]):
            end += 1
        yield text[place - 1], text[place], end - start


@pytest.mark.parametrize(
    ("before", "after", "answer"),
    [
        ("a", "b", False), (" ", "b", True), ("a", " ", False), ("-", "b", True), ("-", "5", False),
        ("/", "b", True), ("/", "/", False), ("/", "5", False), ("»", "a", False), ("«", "a", False), ("ب", "؟", False),
        ("ب", "ب", False), (" ", "ب", True), ("क", "।", False), ("¿", "a", False),
        ("中", "文", True), ("中", "a", True), ("中", "。", False), ("（", "中", False), ("—", "—", False),
        ("—", "a", True), ("中", '"', False), ("\u00a0", "a", False), ("a", "\u00a0", False),
        ("5", "%", False),
    ],
)  # fmt: skip
def test_may_break(before: str, after: str, answer: bool) -> None:
    assert may_break(before, after) is answer


def test_what_does_not_fit_ends_in_an_ellipsis() -> None:
    line = fitted("Ana " * 200, BODY, 120)
    assert line.width <= 120
    assert line.text.endswith("…")
    assert fitted("Ana", BODY, 120) == set_line("Ana", BODY)
    assert fitted("字" * 5_000, BODY, 120).width <= 120
