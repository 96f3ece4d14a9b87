"""Whole records in six languages and four writings: read back as text, compared with pictures that were looked at."""

import re
from collections import Counter

import pytest
from PIL import Image

from consent.record.bidi import without_isolates
from consent.record.paper import Paper
from consent.record.text import Line
from consent.record_facts import ConsentRecord
from tests.unit.record import goldens
from tests.unit.record.goldens import MOST_DIFFERENCE, MOST_IN_A_BLOCK, PAGES, differences, golden, picture, printed
from tests.unit.record.languages import MIXED, PHONE, RECORDS, arabic_record
from tests.unit.record.reading import copied, needs_poppler, run, squeezed

EVERY_LANGUAGE = pytest.mark.parametrize("language", list(RECORDS))


def lines_drawn(record: ConsentRecord, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, list[Line]]:
    """A record as a file, and every line that was put on its pages."""
    drawn: list[Line] = []
    real = Paper.text

    def noting(self: Paper, line: Line, style: object, **place: float) -> None:
        drawn.append(line)
        real(self, line, style, **place)  # type: ignore[arg-type]

    monkeypatch.setattr(Paper, "text", noting)
    return printed(record), drawn


@needs_poppler
@EVERY_LANGUAGE
def test_the_file_says_exactly_what_was_set(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pdf, drawn = lines_drawn(RECORDS[language](), monkeypatch)
    read = "".join(copied(pdf))
    whole = squeezed(read)
    assert [line.text for line in drawn if squeezed(line.text) not in whole] == []
    expected = Counter("".join("".join(line.text.split()) for line in drawn))
    assert Counter("".join(read.split())) == expected


@needs_poppler
def test_a_mixed_paragraph_is_read_back_in_one_piece() -> None:
    told = squeezed("".join(copied(printed(arabic_record()))))
    assert squeezed(MIXED) in told
    assert squeezed(PHONE) in told
    assert "45ملغ" in told


@needs_poppler
@EVERY_LANGUAGE
def test_every_font_is_embedded_in_part_and_is_ours(language: str) -> None:
    lines = run("pdffonts", printed(RECORDS[language]())).splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+NotoSans(SC|Arabic|Devanagari)?-(Regular|Bold)\s", line), line
        assert re.search(r"CID TrueType\s+Identity-H\s+yes yes yes\s", line), line


@needs_poppler
@EVERY_LANGUAGE
def test_isolates_are_never_drawn_and_never_told(language: str) -> None:
    told = run("pdftotext", printed(RECORDS[language]()), after=("-",))
    assert without_isolates(told) == told


@pytest.mark.parametrize(("language", "page"), PAGES)
def test_a_page_looks_as_it_did_when_somebody_looked_at_it(language: str, page: int) -> None:
    kept = Image.open(golden(language, page)).convert("L")
    on_page, in_a_block = differences(picture(printed(RECORDS[language]()), page), kept)
    assert on_page <= MOST_DIFFERENCE
    assert in_a_block <= MOST_IN_A_BLOCK


@pytest.mark.parametrize(
    ("before", "after"),
    [("45ملغ", "54ملغ"), ("Sarah Okafor", "Okafor Sarah"), ("(نحاس)", ")نحاس("), ("فهمتِ", "فهمت")],
)
def test_the_pictures_tell_small_faults_apart(before: str, after: str) -> None:
    section = arabic_record().sheet_sections[0]
    wrong = type(section)(heading=section.heading, text=section.text.replace(before, after))
    kept = Image.open(golden("ar", 2)).convert("L")
    _on_page, in_a_block = differences(picture(printed(arabic_record(sheet_sections=(wrong,))), 2), kept)
    assert in_a_block > MOST_IN_A_BLOCK


def test_every_golden_page_belongs_to_a_test() -> None:
    assert {path.name for path in goldens.FOLDER.iterdir()} == {golden(*page).name for page in PAGES}
