"""Words of a no are printed whatever they hold; what cannot be shown is named, and nothing else changes."""

import pytest

from consent.record.own_words import printable
from consent.record.pdf import render_record
from tests.unit.record.samples import english_record


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Not now.\nPlease ask me later.", "Not now.\nPlease ask me later."),
        ("No 😀!", "No [U+1F600]!"),
        ("𠮷", "[U+20BB7]"),
        ("a\x07b\u202ec\ue000", "a[U+0007]b[U+202E]c[U+E000]"),
        ("क्‍ष لا", "क्‍ष لا"),
        ("सीता नहीं 😀", "सीता नहीं [U+1F600]"),
        ("<b>&amp;</b> {name}", "<b>&amp;</b> {name}"),
        ("", ""),
    ],
)
def test_each_sign_that_cannot_be_shown_is_named(typed: str, shown: str) -> None:
    assert printable(typed) == shown


NASTY = ["\u0301", "e" + "\u0301" * 40, "\u200d", "\U0010ffff", "\ufffe", "\t\r\n", "x" * 40_000, "\u0378", "한"]


@pytest.mark.parametrize("typed", NASTY)
def test_it_can_always_be_printed(typed: str) -> None:
    assert render_record(english_record(ended_words=printable(f"No. {typed} Really."))).startswith(b"%PDF-")
