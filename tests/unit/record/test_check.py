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
    "½ ≥ ² ℃ ① · — … “”",
    "",
]
REFUSED = [
    ("\u202eevil", InvalidTextError, "U\\+202E"),
    ("\u2066x\u2069", InvalidTextError, "U\\+2066"),
    ("a\u200bb", InvalidTextError, "U\\+200B"),
    ("a\x00b", InvalidTextError, "U\\+0000"),
    ("a\x1bb", InvalidTextError, "U\\+001B"),
    ("a\u2028b", InvalidTextError, "U\\+2028"),
    ("a\ud800b", InvalidTextError, "U\\+D800"),
    ("a\ue000b", InvalidTextError, "U\\+E000"),
    ("two\nlines", InvalidTextError, "U\\+000A"),
    ("x" * 40_000, InvalidTextError, "longer than"),
    ("محمد", UnsupportedScriptError, "Arabic"),
    ("שרה", UnsupportedScriptError, "Hebrew"),
    ("सीता", UnsupportedScriptError, "Devanagari"),
    ("สมชาย", UnsupportedScriptError, "Thai"),
    ("தமிழ்", UnsupportedScriptError, "Tamil"),
    ("٣", UnsupportedScriptError, "Arabic"),
    (
        "O\u0323\u0301",
        UnsupportedScriptError,
        "U\\+0301",
    ),  # no form of its own: the accent would be misplaced
    ("𠮷", MissingGlyphError, "U\\+20BB7"),
    ("😀", MissingGlyphError, "U\\+1F600 \\(GRINNING FACE\\)"),
    ("한", MissingGlyphError, "U\\+D55C"),
    ("\u0378", MissingGlyphError, "U\\+0378"),
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
        ({"people": (PersonOnRecord(role="r", name="\x07"),)}, "people[0].name"),
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
    assert fonts.regular.latin.widths.keys() == fonts.bold.latin.widths.keys()
    assert fonts.regular.chinese.widths.keys() == fonts.bold.chinese.widths.keys()


def test_every_common_chinese_character_can_be_printed() -> None:
    pairs = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    common = [pair.decode("gb2312", errors="ignore") for pair in pairs]
    assert sum(map(len, common)) == 6_763
    check_text("".join(common), field="text", several_lines=True)
