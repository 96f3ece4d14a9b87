"""What is written on the page for one line: where marks go, what is left behind, what two papers share."""

import datetime
import re
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from consent.record.paper import Paper
from consent.record.text import Style, set_line
from tests.unit.record.goldens import printed
from tests.unit.record.languages import RECORDS, arabic_record
from tests.unit.record.reading import needs_poppler, run
from tests.unit.record.samples import at

BODY = Style(12, 18)
MARKED = "بِسْمِ اللَّهِ"


def paper() -> Paper:
    return Paper(title="t", author="a", subject="s", language="ar", made_at=at(9))


def operators(pdf: bytes) -> str:
    """The content of the first page."""
    streams = [zlib.decompress(found) for found in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)]
    return next(stream for stream in streams if b" BT " in stream or b"BT\n" in stream).decode("ascii")


def drawn(*texts: str) -> bytes:
    sheet = paper()
    for place, text in enumerate(texts):
        sheet.text(set_line(text, BODY, "ar"), BODY, x=100, baseline=700 - 30 * place)
    sheet.end_page()
    return sheet.to_bytes()


def test_marks_never_raise_the_baseline() -> None:
    """reportlab crashed on them, or left the rest of the line lower: here no rise is ever set."""
    page = operators(drawn(MARKED, "Ọ́ ọ̀"))
    assert " Ts" not in page
    assert page.count("BT") == page.count("ET") == page.count("q ") == page.count(" Q") == 2


@needs_poppler
def test_what_follows_a_marked_word_stands_on_the_same_line() -> None:
    found = run("pdftotext", drawn("Ana", f"{MARKED} Ana"), "-bbox", after=("-",))
    lowest = [float(foot) for foot in re.findall(r'yMin="([\d.]+)"', found)]
    assert len(lowest) == 2
    page = operators(drawn(f"Ana {MARKED} Ana"))
    heights = [float(up) for _x, up in re.findall(r"([-\d.]+) ([-\d.]+) Td", page)[1:]]
    assert sum(heights) == pytest.approx(0, abs=0.01)  # whatever was climbed was climbed down again


def test_a_line_without_letters_draws_nothing() -> None:
    sheet = paper()
    sheet.text(set_line("  ", BODY), BODY, x=100, baseline=700)
    sheet.end_page()
    assert b"FontFile2" not in sheet.to_bytes()


def test_only_lines_that_need_it_are_told_in_words() -> None:
    assert "ActualText" not in operators(drawn("Ana (王晓燕)"))
    page = operators(drawn(MARKED))
    assert f"/ActualText <FEFF{MARKED.encode('utf-16-be').hex().upper()}>" in page


def test_a_font_is_embedded_for_the_glyphs_that_are_used() -> None:
    assert len(drawn("王")) < 5_000
    assert len(drawn("王晓燕" + MARKED + "क्षि")) < 25_000


def test_the_date_is_that_of_the_record_in_utc() -> None:
    zone = datetime.timezone(datetime.timedelta(hours=8))
    sheet = Paper(
        title="t", author="a", subject="s", language="zh", made_at=datetime.datetime(2026, 3, 4, 18, 5, tzinfo=zone)
    )
    sheet.end_page()
    assert b"D:20260304100500Z" in sheet.to_bytes()


def test_many_papers_can_be_drawn_at_once() -> None:
    alone = {language: printed(make()) for language, make in RECORDS.items()}
    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda language: (language, printed(RECORDS[language]())), list(RECORDS) * 3))
    assert all(alone[language] == pdf for language, pdf in together)


def test_the_same_record_gives_the_same_bytes() -> None:
    assert printed(arabic_record()) == printed(arabic_record())
