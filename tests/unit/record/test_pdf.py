"""The printed record, read back from the finished file."""

import dataclasses
import datetime
import re
import subprocess
import sys

import pytest

from clinic.languages import LANGUAGE_NAMES
from consent.record.exceptions import (
    FontsMissingError,
    InvalidImageError,
    InvalidTimeError,
    MissingGlyphError,
    MissingLabelError,
)
from consent.record.labels import LABELS, joined
from consent.record.pdf import render_record
from consent.record_facts import ConsentRecord, SheetSection
from tests.unit.record.reading import body, needs_poppler, pages, run, squeezed
from tests.unit.record.samples import CHINESE_LABELS, DIGEST, ISSUED, at, chinese_record, english_record, signature
from tests.unit.record.slips import picture_of, scanned

CODE = f"https://clinic.example.org/check/{DIGEST}/"
BOTH = pytest.mark.parametrize("make", [english_record, chinese_record])


def long_text() -> tuple[SheetSection, ...]:
    return (SheetSection(heading="Long", text="\n\n".join(f"Paragraph {n}. " + "word " * 90 for n in range(60))),)


@needs_poppler
@BOTH
def test_every_text_of_the_record_is_read_back(make) -> None:
    record: ConsentRecord = make()
    shown = body(render_record(record, issued=ISSUED))
    whole = [record.patient_name, record.procedure_name, record.side, record.state, record.consent_id]
    whole += [record.sheet_digest, ISSUED.ledger_leaf, ISSUED.ledger_root, record.ledger_origin]
    whole += [line for part in record.sheet_sections for line in part.text.split("\n")]
    whole += [part.heading for part in record.sheet_sections]
    whole += [text for s in record.signatures for text in (s.meaning, s.name, s.method, s.witness_name)]
    assert [text for text in whole if squeezed(text.removeprefix("- ")) not in shown] == []
    beside = [text for pair in record.conversation + record.questions for text in pair]
    beside += [event.sentence for event in record.events]  # another column stands between their lines
    assert [word for text in beside for word in text.split() if word not in shown] == []


@needs_poppler
@BOTH
def test_every_page_says_whose_it_is_and_which_page(make) -> None:
    record: ConsentRecord = make()
    found = pages(render_record(record, digest=DIGEST, check_code=CODE))
    assert len(found) > 2
    for number, text in enumerate(found, start=1):
        assert record.patient_name in text
        assert record.procedure_name in text
        assert DIGEST[:16] in text
        sheet = joined(record.labels["page_sheet"], version="1.0", language=LANGUAGE_NAMES[record.sheet_language])
        assert squeezed(sheet) in squeezed(text)
        page = joined(record.labels["page"], page=str(number), pages=str(len(found)))
        assert squeezed(page) in squeezed(text)


@needs_poppler
def test_every_page_carries_the_code_to_check_it_by() -> None:
    pdf = render_record(english_record(), digest=DIGEST, check_code=CODE)
    for number in range(1, len(pages(pdf)) + 1):
        assert scanned(picture_of(pdf, dpi=150, page=number)) == [CODE]


@needs_poppler
def test_the_whole_check_code_of_the_record_stands_on_the_last_pages() -> None:
    record = english_record(sheet_digest=DIGEST[::-1], rules=())
    assert body(render_record(record, digest=DIGEST, check_code=CODE)).count(DIGEST) == 1
    assert DIGEST not in body(render_record(record))


@needs_poppler
@BOTH
def test_a_draft_says_so_on_every_page_and_in_grey_behind_the_text(make) -> None:
    record: ConsentRecord = make()
    draft, final = render_record(record, is_draft=True), render_record(record)
    for text, without in zip(pages(draft), pages(final), strict=True):
        assert squeezed(text) == record.labels["draft"] + squeezed(without)  # the grey word is a picture, not text
    shades = picture_of(draft, dpi=40).histogram()[215:235], picture_of(final, dpi=40).histogram()[215:235]
    assert sum(shades[0]) > 4 * sum(shades[1])


@needs_poppler
@BOTH
def test_only_our_fonts_all_embedded_and_subset(make) -> None:
    lines = run("pdffonts", render_record(make())).splitlines()[2:]
    assert lines
    for line in lines:
        assert re.match(r"[A-Z]{6}\+NotoSans(SC)?-(Regular|Bold)\s", line), line
        assert re.search(r"\syes yes yes\s", line), line


@needs_poppler
def test_the_file_knows_its_language_title_author_and_date() -> None:
    pdf = render_record(chinese_record(), issued=ISSUED)
    about = run("pdfinfo", pdf)
    assert re.search(r"Title:\s+您的同意记录 · 放置含铜宫内节育器", about)
    assert re.search(r"Author:\s+河边妇女诊所", about)
    assert re.search(r"CreationDate:\s+Wed Mar  4 12:05:00 2026 UTC", about)
    assert re.search(r"Page size:.*A4", about)
    assert re.search(r"JavaScript:\s+no", about)
    assert b"/Lang (zh-Hans)" in pdf


@needs_poppler
def test_markup_is_printed_as_it_was_written() -> None:
    sly = """<b>&"</b> <font color="red">x</font> &amp; <img src="file:///etc/hostname"/> {page} %s"""
    record = english_record(
        patient_name=sly, questions=((sly, sly),), sheet_sections=(SheetSection(heading=sly, text=sly),)
    )
    assert body(render_record(record)).count(squeezed(sly)) >= 4


@needs_poppler
def test_times_stand_in_the_zone_of_the_clinic() -> None:
    assert "2026年3月4日18:31（UTC+08:00）" in body(render_record(chinese_record()))
    summer = datetime.datetime(2026, 7, 1, 22, 30, tzinfo=datetime.UTC)
    assert "1July2026,23:30(UTC+01:00)" in body(render_record(english_record(made_at=summer)))


@needs_poppler
def test_ten_pages_of_text() -> None:
    found = pages(render_record(english_record(sheet_sections=long_text())))
    assert len(found) > 10
    assert f"Page {len(found)} of {len(found)}" in found[-1]
    assert all(any(f"Paragraph {n}." in page for page in found) for n in range(60))


@needs_poppler
def test_an_empty_part_says_that_nothing_was_recorded() -> None:
    record = english_record(
        people=(),
        conversation=(),
        questions=(),
        signatures=(),
        events=(),
        sheet_sections=(),
        state_explained="",
    )
    assert body(render_record(record)).count(squeezed(LABELS["nothing_recorded"])) == 5


def test_the_same_record_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib; from consent.record.pdf import render_record; "
        "from tests.unit.record.samples import chinese_record, english_record; "
        "print(*(hashlib.sha256(render_record(make())).hexdigest() "
        "for make in (chinese_record, english_record)))"
    )
    runs = {subprocess.check_output([sys.executable, "-c", program], text=True) for _ in range(2)}
    assert len(runs) == 1
    assert render_record(english_record()) == render_record(english_record())


@pytest.mark.parametrize("length", [600, 1_000])
def test_a_very_long_name_wraps(length: int) -> None:
    assert render_record(english_record(patient_name="x" * length)).startswith(b"%PDF-")


def test_forty_kilobytes_without_a_space_wrap() -> None:
    record = english_record(conversation=(("In your own words", "字" * 20_000 + "a" * 20_000),))
    assert render_record(record).startswith(b"%PDF-")


def test_a_part_too_large_for_one_page_is_split() -> None:
    large = signature(
        meaning_code="gives-consent",
        meaning="word " * 190,
        name="word " * 190,
        method="word " * 190,
        signed_at=at(9),
        image_png=None,
    )
    assert render_record(english_record(signatures=(large,) * 3)).startswith(b"%PDF-")


def test_a_name_that_no_font_has_is_refused() -> None:
    with pytest.raises(MissingGlyphError, match=r"patient_name.*U\+20BB7") as refusal:
        render_record(english_record(patient_name="𠮷田"))
    assert refusal.value.field == "patient_name"


@pytest.mark.parametrize("key", list(LABELS))
def test_each_label_is_needed(key: str) -> None:
    labels = {name: text for name, text in LABELS.items() if name != key}
    with pytest.raises(MissingLabelError, match=key):
        render_record(english_record(labels=labels))


def test_the_chinese_sample_has_every_label_and_the_same_blanks() -> None:
    assert CHINESE_LABELS.keys() == LABELS.keys()
    for key in LABELS.keys() - {"date"}:
        blanks = re.compile(r"\{\w+\}")
        assert sorted(blanks.findall(CHINESE_LABELS[key])) == sorted(blanks.findall(LABELS[key])), key


def test_times_without_a_zone_and_unknown_zones_are_refused() -> None:
    record = english_record()
    naive = dataclasses.replace(record.events[1], happened_at=datetime.datetime(2026, 3, 4))  # noqa: DTZ001 the fault itself
    with pytest.raises(InvalidTimeError, match=r"events\[1\]\.happened_at"):
        render_record(english_record(events=(record.events[0], naive)))
    for zone in ("Mars/Olympus", "", "../../etc/passwd"):
        with pytest.raises(InvalidTimeError, match="time_zone"):
            render_record(english_record(time_zone=zone))


def test_a_broken_signature_is_refused_by_name() -> None:
    broken = dataclasses.replace(english_record().signatures[0], image_png=b"\x89PNG\r\n\x1a\nnot really")
    with pytest.raises(InvalidImageError) as refusal:
        render_record(english_record(signatures=(broken,)))
    assert refusal.value.field == "signatures[0].image_png"


def test_missing_font_files_say_what_to_do(monkeypatch, tmp_path) -> None:
    from consent.record import fonts

    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    fonts._load.cache_clear()
    try:
        with pytest.raises(FontsMissingError, match="build the front end"):
            render_record(english_record())
    finally:
        fonts._load.cache_clear()
