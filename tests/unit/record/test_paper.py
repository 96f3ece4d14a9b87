"""What is written on the page for one line: where marks go, what is left behind, what two papers share."""

import datetime
import re
import zlib
from concurrent.futures import ThreadPoolExecutor

from consent.record.embedded import in_utf16
from consent.record.paper import Paper
from consent.record.tags import Element
from consent.record.text import Style, set_line
from consent.record.turned import LRM, RLM
from tests.unit.record.goldens import printed
from tests.unit.record.languages import RECORDS, arabic_record
from tests.unit.record.reading import copied, needs_poppler
from tests.unit.record.samples import at

BODY = Style(12, 18)
HINDI = "क्षि"
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
    assert [line for line in copied(drawn("Ana", f"{MARKED} Ana")) if line] == ["Ana", f"{MARKED} Ana"]


def test_letters_stand_on_the_line_and_only_dots_and_vowels_above_it() -> None:
    height, is_silent, heights = 0.0, False, []
    for step in re.findall(r"[-\d.]+ [-\d.]+ Td|BDC|EMC|T[jJ]", operators(drawn(f"Ana {MARKED} Ana"))):
        if step.endswith("Td"):
            height += float(step.split()[1])
        elif step in {"BDC", "EMC"}:
            is_silent = step == "BDC"
        else:
            heights.append((is_silent, round(height - 700, 2)))
    assert {height for is_silent, height in heights if not is_silent} == {0}
    assert len({height for is_silent, height in heights if is_silent}) > 3


def test_a_line_without_letters_draws_nothing() -> None:
    sheet = paper()
    sheet.text(set_line("  ", BODY), BODY, x=100, baseline=700)
    sheet.end_page()
    assert b"FontFile2" not in sheet.to_bytes()


def test_only_lines_that_need_it_are_told_in_words() -> None:
    """What runs from right to left is told letter by letter; its dots and vowel marks say nothing."""
    assert "ActualText" not in operators(drawn("Ana (王晓燕)"))
    page = operators(drawn(MARKED))
    assert set(re.findall(r"/ActualText <FEFF(\w*)>", page)) == {""}
    assert "/ReversedChars" in page
    page = operators(drawn(HINDI))
    assert f"/ActualText <FEFF{in_utf16(HINDI)}>" in page.replace(in_utf16(RLM), "").replace(in_utf16(LRM), "")
    assert "/ReversedChars" not in page


def test_an_element_says_the_whole_of_its_lines() -> None:
    sheet = paper()
    part = Element("P", "ar")
    for text in (f"{MARKED} (IUD)", "Ana"):
        with sheet.part(part):
            sheet.text(set_line(text, BODY, "ar"), BODY, x=100, baseline=700)
    sheet.end_page()
    assert f"/ActualText<FEFF{in_utf16(f'{MARKED} (IUD) Ana')}>".encode() in sheet.to_bytes()


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
