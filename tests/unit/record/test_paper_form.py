"""The form for an answer on paper: in every language, whole, with its square on each page and the answers on one."""

import datetime
import tomllib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import polib
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from clinic.languages import LANGUAGE_NAMES, RECORD_LANGUAGES
from consent.record.exceptions import MissingGlyphError, MissingLabelError
from consent.record.paper_code import PaperCode, in_groups, read_code, written
from consent.record.paper_form import PaperFormFacts, PatientLines, SheetLines, render_paper_form
from consent.record.paper_form_labels import PAPER_FORM_LABELS
from consent.record_facts import SheetSection
from tests.unit.record.reading import needs_poppler, pages, squeezed

ROOT = Path(__file__).parents[3]
SHEETS = ROOT / "consent" / "catalogue" / "implant-removal"
DIGEST = "5d41402abc4b2a76" * 4
PREFILLED = PaperCode(form_id="0123456789abcdef" * 2)
BLANK = PaperCode(form_id="fedcba9876543210" * 2, sheet=DIGEST[:16])
AT = datetime.datetime(2026, 3, 4, 9, 5, tzinfo=datetime.UTC)
DARK = 90
Made = Callable[..., PaperFormFacts]
WIDTH = 596  # of a page in dots at 72 an inch


@cache
def labels(language: str) -> dict[str, str]:
    """The words of the form as our own catalogue of a language has them."""
    if language == "en":
        return dict(PAPER_FORM_LABELS)
    path = ROOT / "clinic" / "locale" / language.replace("-", "_") / "LC_MESSAGES" / "django.po"
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.msgctxt}
    return {key: known[words] for key, words in PAPER_FORM_LABELS.items()}


def facts(language: str = "en", *, sheet: str = "en", **changes: object) -> PaperFormFacts:
    found = tomllib.loads((SHEETS / f"{sheet}.toml").read_text(encoding="utf-8"))
    sections = tuple(SheetSection(heading=part["heading"], text=part["text"].strip()) for part in found["element"])
    made = PaperFormFacts(
        language=language,
        site_name="Riverside Clinic",
        time_zone="Asia/Shanghai",
        sheet=SheetLines(
            title=found["sheet"]["title"], version="1.0", language=sheet, digest=DIGEST, sections=sections
        ),
        patient=PatientLines(name="王晓燕", latin_name="Wang Xiaoyan", birth_date=datetime.date(1990, 3, 4)),
        procedure="Implant removal · left",
        operator="Dr Sarah Okafor",
        code=PREFILLED,
        printed_at=AT,
        shown_language="" if language == sheet else LANGUAGE_NAMES[sheet],
        printed_language=LANGUAGE_NAMES[language],
        labels=labels(language),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the values are those of a form


def blank(language: str = "en", *, sheet: str = "en") -> PaperFormFacts:
    return facts(language, sheet=sheet, patient=None, procedure=None, operator=None, code=BLANK)


def pictures(pdf: bytes, *, scale: float = 1.0) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=scale, grayscale=True).to_pil().convert("L") for page in document]


@pytest.mark.parametrize("language", RECORD_LANGUAGES)
@pytest.mark.parametrize("made", [facts, blank])
@needs_poppler
def test_all_that_is_written_by_hand_stands_on_the_last_page(made: Made, language: str) -> None:
    words = labels(language)
    *before, last = pages(render_paper_form(made(language)))
    assert len(before) >= 3
    wanted = ["yes", "no", "take_back", "more_time", "signature_about", "mark_about", "interpreter_heading"]
    if language in ("en", "fr", "es", "zh-Hans"):  # poppler gives the others in the order in which they are seen
        for key in wanted:
            assert squeezed(words[key]) in squeezed(last), key
    for page in before:
        assert squeezed(words["answer_about"]) not in squeezed(page)


@pytest.mark.parametrize("made", [facts, blank])
def test_every_page_carries_the_square_of_its_form(made: Made) -> None:
    form = made("ar")
    for page in pictures(render_paper_form(form), scale=200 / 72):
        (code,) = zxingcpp.read_barcodes(page)
        assert code.text == written(form.code)
        assert read_code(code.text) == form.code


@pytest.mark.parametrize("language", RECORD_LANGUAGES)
@needs_poppler
def test_the_code_is_printed_in_groups_whatever_the_direction(language: str) -> None:
    for form in (facts(language), blank(language)):
        for page in pages(render_paper_form(form)):
            assert in_groups(form.code) in page


@needs_poppler
def test_the_whole_information_stands_on_it_in_its_own_language() -> None:
    form = facts("fr", sheet="zh-Hans")
    text = squeezed("".join(pages(render_paper_form(form))))
    for section in form.sheet.sections:
        assert squeezed(section.heading) in text
    assert squeezed("demandez un interprète avant de répondre") in text
    assert "interprèteavantderépondre" not in squeezed("".join(pages(render_paper_form(facts("fr", sheet="fr")))))


@needs_poppler
def test_a_blank_form_names_nobody() -> None:
    text = "".join(pages(render_paper_form(blank())))
    for word in ("王晓燕", "Wang", "1990", "Okafor"):
        assert word not in text
    assert "Name" in text
    assert "Date of birth" in text


@needs_poppler
def test_it_says_what_nobody_may_do_before_it_asks() -> None:
    first = squeezed(pages(render_paper_form(facts()))[0])
    assert squeezed("A no changes nothing else in your care. It needs no reason, no signature and no paper") in first
    assert squeezed("two people have compared it") in first


def test_the_boxes_stand_where_the_language_begins() -> None:
    """Four empty squares: at the left edge in English, at the right in Arabic, and none of them filled."""
    for language, near in (("en", 57 + 4), ("ar", WIDTH - 57 - 4 - 20)):
        page = pictures(render_paper_form(facts(language)))[-1]
        across = range(near + 2, near + 18)
        rows = [page.crop((across.start, y, across.stop, y + 1)).tobytes() for y in range(page.height)]
        found = [y for y in range(100, 330) if max(rows[y]) < DARK]  # the lightest dot of the row is dark
        edges = [y for place, y in enumerate(found) if not place or y - found[place - 1] > 2]
        assert len(edges) == 8, language
        for top, bottom in zip(edges[::2], edges[1::2], strict=True):
            assert 17 <= bottom - top <= 21
            assert set(rows[(top + bottom) // 2]) == {255}


def test_the_same_facts_give_the_same_bytes() -> None:
    assert render_paper_form(facts()) == render_paper_form(facts())


def test_what_cannot_be_printed_is_refused_by_name() -> None:
    with pytest.raises(MissingGlyphError) as refusal:
        render_paper_form(facts(operator="Dr \U0001f600"))
    assert refusal.value.field == "operator"
    with pytest.raises(MissingLabelError) as missing:
        render_paper_form(facts(labels={**labels("en"), "take_back": " "}))
    assert missing.value.field == "labels.take_back"
