"""The digest of a sheet: the same for the same words, another for any other."""

import copy
import hashlib
import math
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.rules.sheet_text import canonical_content, least_reading_minutes, sheet_digest, words_of
from tests.unit.rules.sheets import complete_sheet


def test_digest_is_frozen() -> None:
    """A vector: if this changes, every published sheet loses its digest."""
    sheet = {"sheet": {"title": "Étude 词", "reading_minutes": 3}, "element": [{"id": "DE-02", "text": 'a\n\n- "b"'}]}
    canonical = (
        '{"element":[{"id":"DE-02","text":"a\\n\\n- \\"b\\""}],"sheet":{"reading_minutes":3,"title":"Étude 词"}}'
    )
    assert canonical_content(sheet).decode() == canonical
    assert sheet_digest(sheet) == hashlib.sha256(canonical.encode()).hexdigest()
    assert sheet_digest(sheet) == "f7db61b04990793cdf7fcfb12e5f9ccda156b3f2ea61eed5d367795a288ace4a"


def test_order_of_fields_line_ends_and_ways_of_writing_a_letter_make_no_difference() -> None:
    one = tomllib.loads('a = "caf\u00e9"\nb = """\nx\ny"""\n')
    other = tomllib.loads('b = """\r\nx\r\ny"""\r\na = "cafe\u0301" # a note\r\n')
    assert sheet_digest(one) == sheet_digest(other)


def test_order_of_paragraphs_and_every_word_make_a_difference() -> None:
    sheet = complete_sheet()
    turned, reworded, renumbered = copy.deepcopy(sheet), copy.deepcopy(sheet), copy.deepcopy(sheet)
    turned["element"].reverse()
    reworded["element"][0]["text"] += " "
    renumbered["sheet"]["reading_minutes"] = 2
    assert len({sheet_digest(one) for one in (sheet, turned, reworded, renumbered)}) == 4


@pytest.mark.parametrize("value", [1.5, math.nan, None, tomllib.loads("d = 2027-01-01")["d"], b"x", {1, 2}])
def test_what_has_no_one_form_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="a sheet holds no"):
        canonical_content({"a": [value]})


def test_two_keys_that_look_the_same_are_refused() -> None:
    with pytest.raises(ValueError, match="two keys"):
        canonical_content({"\u00e9": 1, "e\u0301": 2})


texts = st.dictionaries(
    st.text(max_size=3), st.recursive(st.text() | st.integers(), st.lists, max_leaves=5), max_size=4
)


@settings(deadline=None)
@given(texts)
def test_digest_does_not_depend_on_the_order_of_fields(sheet: dict[str, Any]) -> None:
    backwards = dict(reversed(sheet.items()))
    try:
        digest = sheet_digest(sheet)
    except ValueError:  # two keys that look the same; or half a character, which no file can hold
        return
    assert sheet_digest(backwards) == digest


@pytest.mark.parametrize(
    ("texts", "language", "minutes"),
    [
        (["word " * 238], "en", 1),
        (["word " * 238, "more"], "en", 2),
        (["字。" * 255], "zh-Hans", 1),
        (["字" * 255, "5"], "zh-Hans", 2),
        ([], "en", 0),
    ],
)
def test_reading_minutes_are_rounded_up(texts: list[str], language: str, minutes: int) -> None:
    assert least_reading_minutes(texts, language=language) == minutes


def test_words_are_those_a_reader_meets_and_no_word_stands_for_what_is_missing() -> None:
    sheet = {
        "sheet": {"title": "Not read out"},
        "element": [{"id": "DE-01", "heading": "One", "text": "two"}, {"heading": "three"}, "no table"],
        "alternative": [{"key": "a", "name": "four", "good": "five", "bad": "six"}],
    }
    assert words_of(sheet) == ["One", "two", "three", "", "four", "five", "six"]
    assert words_of({"element": "no list"}) == []
