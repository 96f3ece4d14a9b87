"""Pages: which rows stand on which, and the words that stand on every one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consent.record.blocks import BODY_WIDTH, Row
from consent.record.labels import filled
from consent.record.paper import A4, Paper
from consent.record.text import Style, fitted, set_line

LEFT = (A4[0] - BODY_WIDTH) / 2
BODY_TOP = A4[1] - 88.0
BODY_BOTTOM = 68.0
BODY_HEIGHT = BODY_TOP - BODY_BOTTOM
EDGE_STRONG = Style(10, 13, is_bold=True)
EDGE = Style(9.5, 13, ink=0.2)
BAR_WIDTH = 2.5
BASELINE = 0.36  # of the type size: how far the baseline lies below the middle of its row


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What every page says at its edges: whose paper, about what, which text; page number as a pattern."""

    patient: str
    procedure: str
    digest: str
    page: str


def _groups(rows: Sequence[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    for row in rows:
        group.append(row)
        if not row.is_kept:
            yield group
            group = []
    if group:
        yield group


def paginated(rows: Sequence[Row], height: float = BODY_HEIGHT) -> list[list[Row]]:
    """Fill pages with rows; rows that belong together move on together where one page can hold them."""
    pages: list[list[Row]] = [[]]
    used = 0.0
    for group in _groups(rows):
        needed = sum(row.gap + row.height for row in group)
        if pages[-1] and used + needed > height >= needed:
            pages.append([])
            used = 0.0
        for row in group:
            if pages[-1] and used + row.gap + row.height > height:
                pages.append([])
                used = 0.0
            used += row.height + (row.gap if pages[-1] else 0.0)
            pages[-1].append(row)
    return pages


def draw_pages(paper: Paper, pages: Sequence[Sequence[Row]], furniture: Furniture) -> None:
    """Draw every page with its furniture."""
    for number, rows in enumerate(pages, start=1):
        _draw_furniture(paper, furniture, number=number, count=len(pages))
        _draw_rows(paper, rows)
        paper.end_page()


def _draw_furniture(paper: Paper, furniture: Furniture, *, number: int, count: int) -> None:
    patient = fitted(furniture.patient, EDGE_STRONG, BODY_WIDTH)
    procedure = fitted(furniture.procedure, EDGE, BODY_WIDTH)
    paper.text(patient, EDGE_STRONG, x=LEFT, baseline=A4[1] - 45.0)
    paper.text(procedure, EDGE, x=LEFT, baseline=A4[1] - 59.0)
    paper.bar(x=LEFT, y=A4[1] - 68.0, width=BODY_WIDTH, height=0.7, ink=0.4)
    paper.bar(x=LEFT, y=52.0, width=BODY_WIDTH, height=0.7, ink=0.4)
    page = set_line(filled(furniture.page, page=str(number), pages=str(count)), EDGE)
    paper.text(page, EDGE, x=LEFT + BODY_WIDTH - page.width, baseline=38.0)
    paper.text(fitted(furniture.digest, EDGE, BODY_WIDTH - page.width - 12.0), EDGE, x=LEFT, baseline=38.0)


def _draw_rows(paper: Paper, rows: Sequence[Row]) -> None:
    top = BODY_TOP
    for place, row in enumerate(rows):
        gap = row.gap if place else 0.0
        bottom = top - gap - row.height
        if row.bar is not None:
            joined = gap if rows[place - 1].bar is not None else 0.0
            paper.bar(x=LEFT, y=bottom, width=BAR_WIDTH, height=row.height + joined, ink=row.bar)
        if row.has_rule:
            paper.bar(x=LEFT, y=bottom + row.height + gap / 2, width=BODY_WIDTH, height=0.4, ink=0.6)
        for mark in row.marks:
            baseline = bottom + row.height / 2 - BASELINE * mark.style.size
            paper.text(mark.line, mark.style, x=LEFT + mark.x, baseline=baseline)
        if row.picture is not None:
            shown = row.picture
            paper.picture(shown.image, x=LEFT + shown.x, y=bottom, width=shown.width, height=shown.height)
        top = bottom
