"""A patient's own words are printed whatever they are: nothing may stand in the way of a no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.record.check import check_text
from consent.record.own_words import printable
from consent.record.pdf import render_record
from tests.unit.record.samples import english_record


@pytest.mark.parametrize(
    ("given_words", "shown"),
    [
        ("I do not want this.\r\nNot now.", "I do not want this.\nNot now."),
        ("नमस्ते 😀 बस", "नमस्ते [U+1F600] बस"),
        ("بِسْمِ\u200f!", "بِسْمِ[U+200F]!"),
        ("\u202eevil", "[U+202E]evil"),
        ("a\u200db", "a[U+200D]b"),
        ("\u0301a", "[U+0301]a"),
        ("한국어", "[U+D55C][U+AD6D][U+C5B4]"),
    ],
)
def test_what_no_font_has_is_named(given_words: str, shown: str) -> None:
    assert printable(given_words) == shown


@given(st.text(alphabet=st.characters(), max_size=60))
def test_whatever_was_said_can_be_printed(words: str) -> None:
    check_text(printable(words), field="ended_words", several_lines=True)


NASTY = ["\u0301", "e" + "\u0301" * 40, "\u200d", "\U0010ffff", "\ufffe", "\t\r\n", "x" * 40_000, "\u0378", "한"]


@pytest.mark.parametrize("typed", NASTY)
def test_the_whole_paper_is_printed_with_them(typed: str) -> None:
    assert render_record(english_record(ended_words=printable(f"No. {typed} Really."))).startswith(b"%PDF-")
