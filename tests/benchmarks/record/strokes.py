"""The same lines drawn by reportlab's pen alone: it gets each one ready made, at its place.

It neither breaks, orders, shapes, tags nor checks anything, and of Arabic it draws the wrong glyphs. Pictures and the
square code are left out.
"""

import io
from dataclasses import replace
from unittest.mock import patch

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from consent.record.fonts import FOLDER
from consent.record.paper import A4, Paper
from consent.record.text import Line, Style
from consent.record_facts import ConsentRecord
from tests.unit.record.goldens import printed

Stroke = tuple[Line, Style, float, float] | None  # None turns the page


def open_fonts() -> None:
    """So that opening them is nobody's cost."""
    for path in FOLDER.glob("*.ttf"):
        pdfmetrics.registerFont(TTFont(path.stem, str(path)))


def only_text(record: ConsentRecord) -> ConsentRecord:
    """A record without pictures of signatures."""
    return replace(record, signatures=tuple(replace(one, image_png=None) for one in record.signatures))


def strokes_of(record: ConsentRecord) -> list[Stroke]:
    """Every line of a record and its place."""
    strokes: list[Stroke] = []
    end_page = Paper.end_page

    def draw(_paper: Paper, line: Line, style: Style, *, x: float, baseline: float) -> None:
        strokes.append((line, style, x, baseline))

    def turn(paper: Paper) -> None:
        strokes.append(None)
        end_page(paper)

    with patch.object(Paper, "text", draw), patch.object(Paper, "end_page", turn):
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
