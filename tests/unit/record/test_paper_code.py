"""The square of a paper form: read however it is typed, and never taken for anything else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.record.paper_code import BEGINS, PaperCode, PaperCodeError, blank_code, in_groups, read_code, written

FORM = "0123456789abcdef" * 2
SHEET = "fedcba9876543210"
hex32 = st.text("0123456789abcdef", min_size=32, max_size=32)
hex16 = st.text("0123456789abcdef", min_size=16, max_size=16)


@given(hex32, st.one_of(st.just(""), hex16))
def test_what_is_written_and_what_is_printed_below_is_read_again(form: str, sheet: str) -> None:
    code = PaperCode(form_id=form, sheet=sheet)
    for text in (written(code), in_groups(code), written(code).upper(), in_groups(code).replace(" ", "-")):
        assert read_code(text) == code
    assert all(len(group) == 4 for group in in_groups(code).split())


@pytest.mark.parametrize(
    "text",
    [
        "",
        BEGINS,
        f"{BEGINS} {FORM[:-1]}",
        f"{BEGINS} {FORM}0",
        f"{BEGINS} {FORM} {SHEET[:-1]}",
        f"{BEGINS} {FORM} {SHEET} {SHEET}",
        f"FGR1 {FORM}{FORM}",
        f"https://example.org/check/{FORM}/",
        f"{BEGINS} {'g' * 32}",
        f"{BEGINS} {chr(0x660) * 32}",
        " " * 300 + FORM,
    ],
)
def test_everything_else_is_no_code(text: str) -> None:
    with pytest.raises(PaperCodeError):
        read_code(text)


def test_a_code_says_nothing_about_a_person() -> None:
    code = blank_code(fresh=FORM, sheet_digest="ab" * 32)
    assert code == PaperCode(form_id=FORM, sheet="ab" * 8) and code.is_blank_form
    assert re.fullmatch(rf"{BEGINS}( [0-9a-f]+)+", written(code))
    assert not PaperCode(form_id=FORM).is_blank_form
    with pytest.raises(PaperCodeError):
        PaperCode(form_id=FORM.upper())
