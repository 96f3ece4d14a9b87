"""What the printer refuses, and that it says where."""

import dataclasses

import pytest

from consent.record.check import check_record, check_text
from consent.record.exceptions import InvalidTextError, MissingGlyphError, RecordError, UnsupportedScriptError
from consent.record.fonts import load_fonts
from consent.record_facts import PersonOnRecord, SheetSection
from tests.unit.record.samples import chinese_record, english_record

ALLOWED = [
    "Ana María O’Brien-Núñez",
    "Nguyễn Thị Ắ",
    "Łukasz Œuvre Ğüş",
    "Наталія",
    "Ἀθηνᾶ",
    "欧阳喆媛 㐀 龥",
    "カタカナ ひらがな",
    "e\u0301",  # has a form of its own: é
    "O\u0323\u0301",  # has none: the accent is placed
    "½ ≥ ² ℃ ① · — … “”",
    "محمد عبد اللّٰه",
    "بِسْمِ ٣٤٥ ۴۵۶",
    "نمی\u200cشود",  # Persian parts letters with an invisible joiner
    "سارہ بی بی",
    "सीता क्षेत्र श्री ऋ १२३",
    "क्\u200dष",
    "",
]
REFUSED = [
    ("\u202eevil", InvalidTextError, r"U\+202E \(RIGHT-TO-LEFT OVERRIDE\).*direction"),
    ("\u2066x\u2069", InvalidTextError, r"U\+2066.*direction"),
    ("\u2068x\u2069", InvalidTextError, r"U\+2068.*direction"),
    ("محمد\u200f", InvalidTextError, r"U\+200F.*direction"),
    ("a\u200bb", InvalidTextError, r"U\+200B.*invisible"),
    ("a\u200cb", InvalidTextError, r"U\+200C.*nothing is joined"),
    ("a\u200db", InvalidTextError, r"U\+200D.*nothing is joined"),
    ("a\u00adb", InvalidTextError, r"U\+00AD.*invisible"),
    ("a\x00b", InvalidTextError, r"U\+0000.*control"),
    ("a\x1bb", InvalidTextError, r"U\+001B.*control"),
    ("a\u2028b", InvalidTextError, r"U\+2028.*line break"),
    ("a\ud800b", InvalidTextError, r"U\+D800.*half a character"),
    ("a\ue000b", InvalidTextError, r"U\+E000.*private"),
    ("\u0378", InvalidTextError, r"U\+0378.*does not know"),
    ("\ufffe", InvalidTextError, r"U\+FFFE.*does not know"),
    ("a\u3164b", InvalidTextError, r"U\+3164.*invisible"),
    ("葛\U000e0100", InvalidTextError, r"U\+E0100.*invisible"),
    ("\u0301a", InvalidTextError, r"U\+0301.*no letter bears"),
    ("\u093fक", InvalidTextError, r"U\+093F.*no letter bears"),
    ("a" + "\u0301" * 6, InvalidTextError, "more than 4 marks"),
    ("two\nlines", InvalidTextError, r"U\+000A"),
    ("x" * 40_000, InvalidTextError, "longer than"),
    ("שרה", UnsupportedScriptError, "Hebrew"),
    ("สมชาย", UnsupportedScriptError, "Thai"),
    ("தமிழ்", UnsupportedScriptError, "Tamil"),
    ("한", UnsupportedScriptError, r"Hangul.*U\+D55C"),
    ("𠮷", MissingGlyphError, r"U\+20BB7"),
    ("😀", MissingGlyphError, r"picture U\+1F600 \(GRINNING FACE\)"),
]


@pytest.mark.parametrize("text", ALLOWED)
def test_allowed(text: str) -> None:
    check_text(text, field="patient_name")


@pytest.mark.parametrize(("text", "kind", "words"), REFUSED)
def test_refused_with_the_field_and_the_character(text: str, kind: type[RecordError], words: str) -> None:
    with pytest.raises(kind, match=words) as refusal:
        check_text(text, field="patient_name")
    assert refusal.value.field == "patient_name"
    assert "patient_name" in str(refusal.value)


def test_line_breaks_and_tabs_are_allowed_where_several_lines_are_meant() -> None:
    check_text("one\r\ntwo\n\tthree", field="questions[0][0]", several_lines=True)
    with pytest.raises(InvalidTextError, match=r"U\+000D"):
        check_text("one\rtwo", field="questions[0][0]", several_lines=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"patient_latin_name": "\u202e"}, "patient_latin_name"),
        ({"sheet_sections": (SheetSection(heading="a", text="b\n\x07"),)}, "sheet_sections[0].text"),
        ({"sheet_sections": (SheetSection(heading="a\nb", text=""),)}, "sheet_sections[0].heading"),
        ({"people": (PersonOnRecord(role="r", name="\x07", role_code="other"),)}, "people[0].name"),
        ({"conversation": (("a", "b"), ("c", "\x07"))}, "conversation[1][1]"),
        ({"questions": (("a\n", "b\x07"),)}, "questions[0][1]"),
        ({"labels": {"title": "\x07"}}, "labels.title"),
        ({"ledger_origin": "\x07"}, "ledger_origin"),
    ],
)
def test_every_part_is_looked_at(changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidTextError) as refusal:
        check_record(english_record(**changes))
    assert refusal.value.field == field


def test_no_text_field_of_a_record_escapes() -> None:
    record = chinese_record()
    names = [f.name for f in dataclasses.fields(record) if isinstance(getattr(record, f.name), str)]
    assert len(names) > 15
    for name in names:
        with pytest.raises(InvalidTextError, match=name):
            check_record(dataclasses.replace(record, **{name: "\x07"}))


def test_both_weights_draw_the_same_characters() -> None:
    fonts = load_fonts()
    for script in ("latin", "arabic", "devanagari", "chinese"):
        assert getattr(fonts.regular, script).characters() == getattr(fonts.bold, script).characters()


def test_every_common_chinese_character_can_be_printed() -> None:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    common = [pair.decode("gb2312", errors="ignore") for pair in pairs]
    assert sum(map(len, common)) == 6_763
    check_text("".join(common), field="text", several_lines=True)
