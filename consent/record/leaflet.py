"""A plain paper that is safe to show: headings, and under each labels with values. Nothing on it points to more.

Used for the extract, in which stands what a patient chose and nothing of what she did not, and for the note that she
was at the clinic. No number, no code and no digest stands on it; it is signed by nobody.

>>> leaflet_html(leaflet)[:15]  # doctest: +SKIP
b'<!doctype html>'
"""

import datetime
from dataclasses import dataclass

from consent.record import html_parts
from consent.record.bidi import isolated
from consent.record.blocks import QUIET, TITLE, Blocks, Row, bound
from consent.record.check import check_text
from consent.record.layout import Furniture, draw_pages, paginated
from consent.record.paper import Paper

GAP = 8.0  # points above a part without a heading


@dataclass(frozen=True, kw_only=True, slots=True)
class LeafletPart:
    """A heading, and labels with their values."""

    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Leaflet:
    """Everything such a paper says, in words of one language."""

    language: str  # BCP 47
    title: str
    site_name: str
    about: str  # a sentence under the title; may be empty
    parts: tuple[LeafletPart, ...]
    page: str  # the pattern of the number at the foot: "Page {page} of {pages}"
    made_at: datetime.datetime


def render_leaflet(leaflet: Leaflet) -> bytes:
    """Print it as an A4 PDF; the same leaflet gives the same bytes.

    **Raises** RecordError, always before a page is drawn: InvalidTextError, MissingGlyphError, UnsupportedScriptError
    name the field; FontsMissingError the file.
    """
    _check_texts(leaflet)
    paper = Paper(
        title=leaflet.title,
        author=leaflet.site_name,
        subject="",
        language=leaflet.language,
        made_at=leaflet.made_at,
    )
    edges = Furniture(
        language=leaflet.language,
        patient=leaflet.site_name,
        procedure=leaflet.title,
        sheet="",
        digest="",
        page=leaflet.page,
    )
    draw_pages(paper, paginated(_rows(leaflet)), edges)
    return paper.to_bytes()


def leaflet_html(leaflet: Leaflet) -> bytes:
    """The same as a plain page."""
    body = [
        html_parts.paragraph(html_parts.value(leaflet.site_name)),
        html_parts.heading(leaflet.title, level=1),
        html_parts.paragraph(html_parts.text(leaflet.about)) if leaflet.about else "",
    ]
    for part in leaflet.parts:
        body += [html_parts.heading(part.heading) if part.heading else "", html_parts.facts(part.lines)]
    return html_parts.page(title=leaflet.title, language=leaflet.language, body="".join(body))


def _check_texts(leaflet: Leaflet) -> None:
    for field in ("title", "site_name"):
        check_text(getattr(leaflet, field), field=field)
    check_text(leaflet.about, field="about", several_lines=True)
    for place, part in enumerate(leaflet.parts):
        for texts in ((part.heading,), *part.lines):
            for text in texts:
                check_text(text, field=f"parts[{place}]", several_lines=True)


def _rows(leaflet: Leaflet) -> list[Row]:
    blocks = Blocks(leaflet.language)
    rows = [*blocks.lines(leaflet.site_name, QUIET), *bound(blocks.lines(leaflet.title, TITLE))]
    if leaflet.about:
        rows += blocks.prose(leaflet.about, gap=6.0)
    for part in leaflet.parts:
        rows += blocks.heading(part.heading) if part.heading else [Row(height=GAP, is_kept=True, is_rtl=blocks.is_rtl)]
        for label, value in part.lines:
            rows += blocks.fact(isolated(label), value)  # a label may be a day and a time
    return rows
