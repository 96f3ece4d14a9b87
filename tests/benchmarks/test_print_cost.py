"""What a record costs to print, laid out, tagged and with its codes, beside bare strokes of reportlab's pen.

The pen gets each line ready made, at its place; pictures are left out. It neither breaks, orders, shapes nor checks
anything, and of Arabic it draws the wrong glyphs.
"""

import io
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from consent.record.fonts import FOLDER
from consent.record.paper import A4, Paper
from consent.record.text import Line, Style
from consent.record_facts import ConsentRecord
from tests.unit.record.goldens import printed
from tests.unit.record.languages import RECORDS

MOST_TIMES = 1.5
ROUNDS = 7
Stroke = tuple[Line, Style, float, float] | None  # None turns the page


@pytest.fixture(scope="module", autouse=True)
def _fonts_of_the_pen() -> None:
    for path in FOLDER.glob("*.ttf"):
        pdfmetrics.registerFont(TTFont(path.stem, str(path)))


def milliseconds(what: Callable[[], object]) -> float:
    """The best of some rounds, in time of the processor: other programs do not count."""
    best = float("inf")
    for _round in range(ROUNDS):
        start = time.process_time()
        what()
        best = min(best, time.process_time() - start)
    return best * 1000


def only_text(language: str) -> ConsentRecord:
    """A record without pictures of signatures."""
    record = RECORDS[language]()
    return replace(record, signatures=tuple(replace(one, image_png=None) for one in record.signatures))


def strokes_of(record: ConsentRecord, monkeypatch: pytest.MonkeyPatch) -> list[Stroke]:
    """Every line of a record and its place."""
    strokes: list[Stroke] = []
    with monkeypatch.context() as patch:
        patch.setattr(
            Paper, "text", lambda _self, line, style, *, x, baseline: strokes.append((line, style, x, baseline))
        )
        end_page = Paper.end_page
        patch.setattr(Paper, "end_page", lambda self: (strokes.append(None), end_page(self)))
        printed(record)
    return strokes


def bare(strokes: list[Stroke]) -> bytes:
    """The same lines by reportlab alone."""
    out = io.BytesIO()
    pen = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
    for stroke in strokes:
        if stroke is None:
            pen.showPage()
            continue
        line, style, x, baseline = stroke
        pen.setFillGray(style.ink)
        for run in line.runs:
            pen.setFont(run.face.name, style.size)
            pen.drawString(x + run.x * style.size / 1000, baseline, run.text)
    pen.save()
    return out.getvalue()


@pytest.mark.parametrize("language", list(RECORDS))
def test_a_record_costs_hardly_more_than_bare_strokes(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    record = only_text(language)
    strokes = strokes_of(record, monkeypatch)
    ours, theirs = milliseconds(lambda: printed(record)), milliseconds(lambda: bare(strokes))
    figures = f"{language}: {ours:.1f} ms, bare {theirs:.1f} ms, {ours / theirs:.2f} times"
    print(figures)  # noqa: T201  the figures are what this is for
    assert ours <= MOST_TIMES * theirs
