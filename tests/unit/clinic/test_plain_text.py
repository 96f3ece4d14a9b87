"""Typed text is read without signs that nobody sees; words of every script stay as they are."""

import doctest

import pytest

from clinic.forms import plain
from clinic.forms.plain import plain_text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ann Lee",
        "王小明",
        "नमस्ते क्‍ष",
        "می‌خواهم",
        "👩🏽‍⚕️",
        "one\ntwo\tthree",
        "<b>&amp;</b>",
        "שלום!",
        "\U000323b0",
        "e\u0301",
        "  ",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert plain_text(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Ann\x07\x1b Lee\x0b", "Ann Lee"),
        ("Ann \u202eeeL\u202c", "Ann eeL"),
        ("\u2066Ann\u2069", "Ann"),
        ("שלום \u200f!", "שלום !"),
        ("\u061cAnn\u200e", "Ann"),
        ("\u200b\u2060\u200d", ""),
        ("\u3164\u2800 \u3164", ""),
        ("\ud800Ann\udfff", "Ann"),
        ("Ann\uffff\ufdd0\U0010ffff", "Ann"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("Ann\0", "Ann\0"),
        ("\0", "\0"),
    ],
)
def test_what_nobody_sees_goes(text: str, read: str) -> None:
    assert plain_text(text) == read


def test_the_example_holds() -> None:
    assert doctest.testmod(plain).failed == 0
