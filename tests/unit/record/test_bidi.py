"""Which way each letter runs: worked out for a whole paragraph, ordered line by line."""

import ctypes

import pytest

from consent.record import bidi
from consent.record.bidi import is_rtl_language, isolated, reading_order, runs_right_to_left, without_isolates
from consent.record.exceptions import LibraryMissingError, RecordError
from consent.record.text import Style, set_line, set_lines

BODY = Style(10, 15)


def seen(text: str, *, is_rtl: bool = True) -> str:
    """The text from the left to the right of one line, without what is never drawn."""
    order = reading_order(text, is_rtl=is_rtl)
    return without_isolates("".join(text[place] for place in order.on_line(0, len(text))))


@pytest.mark.parametrize("language", ["ar", "fa", "ur", "ug", "he", "ar-EG", "AR", "ks-Arab", "uz-Arab-AF"])
def test_languages_written_from_right_to_left(language: str) -> None:
    assert is_rtl_language(language)


@pytest.mark.parametrize("language", ["en", "zh-Hans", "hi", "fr", "ug-Latn", "az-Latn", "ku"])
def test_languages_written_from_left_to_right(language: str) -> None:
    assert not is_rtl_language(language)


def test_digits_glued_to_arabic_letters_are_not_reversed() -> None:
    assert "45" in seen("الجرعة 45ملغ")
    assert "2026" in seen("في 4 مارس 2026")


def test_an_isolated_number_keeps_the_order_of_its_groups() -> None:
    assert "+44 20 7946" in seen("هاتف " + isolated("+44 20 7946"))
    assert "+44 20 7946" not in seen("هاتف +44 20 7946")  # what happens without


def test_an_isolated_value_does_not_touch_its_neighbours() -> None:
    """Two Latin names beside each other in an Arabic sentence stand in Arabic order."""
    assert seen(f"{isolated('Ana')} {isolated('Bea')}") == "Bea Ana"
    assert seen("Ana Bea") == "Ana Bea"


def test_brackets_turn_with_what_they_hold() -> None:
    assert seen("قال (نعم) ثم") == seen("قال (نعم) ثم")
    assert seen("a (ب) c", is_rtl=False) == "a (ب) c"


def test_nothing_is_isolated_twice_and_nothing_empty() -> None:
    assert isolated("") == ""
    assert without_isolates(isolated("a")) == "a"


def test_a_paragraph_runs_as_its_language_unless_it_has_no_such_letter() -> None:
    assert runs_right_to_left("IUD في الرحم", is_rtl=True)
    assert not runs_right_to_left("IUD", is_rtl=True)
    assert not runs_right_to_left("Ana قالت", is_rtl=False)
    assert runs_right_to_left("محمد", is_rtl=False)
    assert runs_right_to_left("12", is_rtl=True)
    assert not runs_right_to_left("12", is_rtl=False)


def test_a_bracket_across_a_line_break_keeps_its_side() -> None:
    text = "قالت الدكتورة (من عيادة النهر في المدينة القديمة) نعم"
    first, second, *_rest = set_lines(text, BODY, 130, "ar")
    assert first.text.count("(") == 1
    assert ")" in "".join(line.text for line in (second, *_rest))
    assert first.text + " " + " ".join(line.text for line in (second, *_rest)) == text


def test_runs_stand_from_left_to_right_without_a_gap() -> None:
    line = set_line("قالت Sarah Okafor نعم 45", BODY, "ar")
    places = [run.x for run in line.runs]
    assert places == sorted(places)
    assert [run.text.strip() for run in line.runs if run.text.strip()] == ["45", "نعم", "Sarah Okafor", "قالت"]
    assert line.text == "قالت Sarah Okafor نعم 45"


def test_bold_and_a_second_font_are_ordered_alike() -> None:
    for style in (BODY, Style(10, 15, is_bold=True)):
        line = set_line(f"الاسم {isolated('王晓燕')} ({isolated('Ana')}) نعم", style, "ar")
        assert [run.text.strip() for run in line.runs if run.text.strip()] == [
            "نعم",
            ")",
            "Ana",
            "(",
            "王晓燕",
            "الاسم",
        ]


def test_an_empty_text_is_one_empty_line() -> None:
    assert [line.text for line in set_lines("", BODY, 100, "ar")] == [""]
    assert [line.text for line in set_lines("  ", BODY, 100, "ar")] == [""]


def test_latin_and_chinese_need_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bidi, "_library", lambda: pytest.fail("asked"))
    assert set_line("Ana (王晓燕) क्षि", BODY).text == "Ana (王晓燕) क्षि"


def test_a_missing_library_says_which_package(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise OSError

    monkeypatch.setattr(ctypes, "CDLL", missing)
    bidi._load.cache_clear()
    try:
        with pytest.raises(LibraryMissingError, match="libfribidi0") as refusal:
            set_line("محمد", BODY)
    finally:
        bidi._load.cache_clear()
    assert isinstance(refusal.value, RecordError)
