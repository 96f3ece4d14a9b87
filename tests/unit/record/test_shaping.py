"""Joined letters, conjuncts, marks: what is never parted and where it is drawn."""

import functools
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.record.check import check_text
from consent.record.exceptions import RecordError
from consent.record.fonts import load_fonts
from consent.record.scripts import clusters_of, composed
from consent.record.shaping import shaped
from consent.record.text import Style, set_line, set_lines

BODY = Style(10, 15)
ARABIC = "وافقت المريضة على الإجراء بعد أن شُرح لها كلّ شيء، ولها أن ترجع عن موافقتها في أي وقت."
HINDI = "रोगी ने प्रक्रिया के लिए स्वीकृति दी। वह किसी भी समय मना कर सकती है, क्योंकि यह उसका अधिकार है।"

PIECES = ["ب", "تِ", "سّ", "لا", "م", " ", "،", "(", ")", "4", "a", "क्षि", "कीं", "।", "字", "-", "e\u0323\u0301", "12.5"]


def numbers(text: str, *, before: str = "", after: str = "") -> list[int]:
    face = load_fonts().regular.arabic
    return [glyph.number for glyph in shaped(face, text, script="arabic", is_rtl=True, before=before, after=after)]


def test_arabic_letters_are_joined() -> None:
    alone = [number for letter in "عين" for number in numbers(letter)]
    assert sorted(numbers("عين")) != sorted(alone)


def test_a_letter_at_the_end_of_a_run_is_joined_to_the_letter_beside_it() -> None:
    whole = numbers("عين")
    assert [*numbers("ين", before="ع"), *numbers("ع", after="ين")] == whole


def test_lam_and_alef_are_one_unit() -> None:
    assert [line.text for line in set_lines("لا", BODY, 1, "ar")] == ["لا"]
    assert "".join(line.text for line in set_lines("بلال" * 30, BODY, 50, "ar")) == "بلال" * 30


def test_a_mark_stands_above_its_letter_and_does_not_move_the_pen() -> None:
    plain = set_line("بسم", BODY, "ar")
    marked = set_line("بِسْمِ", BODY, "ar")
    assert marked.width == pytest.approx(plain.width, abs=0.5)
    assert {glyph.up for run in marked.runs for glyph in run.glyphs or ()} - {0}


def test_devanagari_conjuncts_and_vowel_signs() -> None:
    face = load_fonts().regular.devanagari
    vowel_first = shaped(face, "कि", script="devanagari", is_rtl=False)
    assert vowel_first[-1].number == face.glyph("क")  # the sign of i is drawn before its consonant
    assert len(shaped(face, "क्ष", script="devanagari", is_rtl=False)) == 1


@pytest.mark.parametrize(
    ("text", "clusters"),
    [
        ("क्षि", ["क्षि"]),
        ("सी ता", ["सी", " ", "ता"]),
        ("ر\u0651\u064e", ["ر\u0651\u064e"]),
        ("O\u0323\u0301k", ["O\u0323\u0301", "k"]),
        ("می\u200cخ", ["م", "ی\u200c", "خ"]),
        ("क्\u200dष", ["क्\u200dष"]),
        ("", []),
    ],
)
def test_what_is_never_parted(text: str, clusters: list[str]) -> None:
    assert clusters_of(text) == clusters


@pytest.mark.parametrize(("text", "language"), [(ARABIC, "ar"), (HINDI, "hi")])
@pytest.mark.parametrize("width", [40, 90, 200])
def test_lines_break_at_words_and_lose_nothing(text: str, language: str, width: int) -> None:
    lines = set_lines(text, BODY, width, language)
    assert " ".join(line.text for line in lines).split() == text.split()
    assert all(line.width <= width for line in lines)


@pytest.mark.parametrize("language", ["ar", "hi"])
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_mixture_fits_and_loses_nothing(language: str, text: str) -> None:
    lines = set_lines(text, BODY, 70, language)
    expected = composed(text).replace(" ", "")
    assert "".join(line.text for line in lines).replace(" ", "") == expected
    assert all(line.width <= 71 for line in lines)


def test_a_long_word_is_chopped_between_letters_with_their_marks() -> None:
    for word in ("क्षि" * 40, "بِّ" * 60):
        lines = set_lines(word, BODY, 60)
        assert len(lines) > 2
        assert "".join(line.text for line in lines) == word
        assert all(clusters_of(line.text)[0][0] == word[0] for line in lines)


def test_the_font_follows_the_writing() -> None:
    line = set_line("क्षि (IUD) 王晓燕 O\u0323\u0301", BODY, "hi")
    assert {run.face.name for run in line.runs} == {
        "NotoSansDevanagari_400Regular",
        "NotoSans_400Regular",
        "NotoSansSC_400Regular",
    }


def test_big_fonts_are_opened_when_they_are_needed_and_once() -> None:
    program = """
from consent.record.check import check_text
from consent.record.exceptions import RecordError
from consent.record.fonts import load_fonts
from consent.record.text import Style, set_line
set_line("Ana", Style(10, 15))
fonts = load_fonts()
print("font" in fonts.regular.chinese.__dict__, "font" in fonts.regular.latin.__dict__)
"""
    assert subprocess.check_output([sys.executable, "-c", program], text=True).split() == ["False", "True"]
    assert load_fonts().regular.chinese.font is load_fonts().regular.chinese.font


@functools.cache
def drawable() -> str:
    """Every character of our fonts but most of the Chinese ones."""
    fonts = load_fonts().regular
    found = fonts.latin.characters() | fonts.arabic.characters() | fonts.devanagari.characters()
    return "".join(map(chr, sorted(found))) + "字中。（"


@given(st.data(), st.sampled_from(["ar", "hi", "en", "ur"]))
def test_what_passes_the_check_is_never_printed_as_a_box(data: st.DataObject, language: str) -> None:
    text = data.draw(st.text(alphabet=drawable(), max_size=30))
    try:
        check_text(text, field="text")
    except RecordError:
        return
    line = set_line(text, BODY, language)
    assert all(glyph.number for run in line.runs for glyph in run.glyphs or ())
    assert line.text.rstrip() == composed(text).rstrip()
