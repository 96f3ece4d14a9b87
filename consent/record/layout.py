"""Pages: which rows stand on which, and the words that stand on every one of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from consent.record.bidi import is_rtl_language
from consent.record.blocks import BODY_WIDTH, Row
from consent.record.labels import filled
from consent.record.paper import A4, Paper
from consent.record.qr import QUIET, Code, code_of
from consent.record.text import Style, fitted, set_line

LEFT = (A4[0] - BODY_WIDTH) / 2
BODY_TOP = A4[1] - 104.0
BODY_BOTTOM = 68.0
BODY_HEIGHT = BODY_TOP - BODY_BOTTOM
EDGE_STRONG = Style(10, 13, is_bold=True)
EDGE = Style(9.5, 13, ink=0.2)
BAR_WIDTH = 2.5
BASELINE = 0.36  # of the type size: how far the baseline lies below the middle of its row
CODE_SIDE = 68.0  # 24 mm, quiet border included
CODE_TOP = A4[1] - 18.0
ARTIFACT = "Artifact"  # what is on every page, and lines: no part of the text (ISO 32000-2, 14.8.2.2)
DRAFT = Style(100, 100, is_bold=True, ink=0.88)
DRAFT_WIDTH, DRAFT_SIZE = 480.0, 150.0  # at most
SLANT = (0.6293, 0.7771)  # cosine and sine of 51 degrees


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What every page says at its edges: whose paper, about what, which text; page number as a pattern."""

    language: str
    patient: str
    procedure: str
    sheet: str
    digest: str
    page: str
    check_code: str = ""  # what the QR code says
    written_code: str = ""  # the same in groups, for those who have to type it; in place of the draft's word
    draft: str = ""  # the word for a draft, on a draft


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
    code = code_of(furniture.check_code) if furniture.check_code else None
    for number, rows in enumerate(pages, start=1):
        paper.face([mark.line for row in rows for mark in row.marks])
        paper.begin(ARTIFACT)
        _draw_draft(paper, furniture.draft)
        _draw_head(paper, furniture, code)
        _draw_foot(paper, furniture, number=number, count=len(pages))
        _draw_lines(paper, rows)
        paper.end()
        _draw_rows(paper, rows)
        paper.end_page()


def _left(x: float, width: float, *, is_rtl: bool) -> float:
    """Where something begins that lies `x` from the side where its language begins."""
    return LEFT + BODY_WIDTH - x - width if is_rtl else LEFT + x


def _draw_draft(paper: Paper, word: str) -> None:
    """The word for a draft, large and grey across the page, behind its text."""
    if not word:
        return
    plain = set_line(word, DRAFT)
    size = min(DRAFT_SIZE, DRAFT.size * DRAFT_WIDTH / plain.width)
    style = replace(DRAFT, size=size)
    line = set_line(word, style)
    cosine, sine = SLANT
    along, down = line.width / 2, BASELINE * size
    x, y = A4[0] / 2 - along * cosine + down * sine, A4[1] / 2 - along * sine - down * cosine
    paper.backdrop(line, style, x=x, y=y, cosine=cosine, sine=sine)


def _draw_head(paper: Paper, furniture: Furniture, code: Code | None) -> None:
    is_rtl = is_rtl_language(furniture.language)
    width = BODY_WIDTH - (CODE_SIDE + 8.0 if code else 0.0)
    texts = ((furniture.draft, EDGE_STRONG), (furniture.patient, EDGE_STRONG), (furniture.procedure, EDGE),
             (furniture.sheet, EDGE))  # fmt: skip
    lines = [(fitted(text, style, width, furniture.language), style) for text, style in texts]
    if furniture.written_code:
        lines[0] = set_line(furniture.written_code, EDGE_STRONG, furniture.language), EDGE_STRONG
    for place, (line, style) in enumerate(lines):
        baseline = A4[1] - 36.0 - 14.0 * place
        paper.text(line, style, x=_left(0.0, line.width, is_rtl=is_rtl), baseline=baseline)
    if code is not None:
        left = _left(BODY_WIDTH - CODE_SIDE + QUIET * CODE_SIDE / code.width, CODE_SIDE, is_rtl=is_rtl)
        paper.code(code, left=left, top=CODE_TOP, side=CODE_SIDE)
    paper.bar(x=LEFT, y=A4[1] - 90.0, width=BODY_WIDTH, height=0.7, ink=0.4)


def _draw_foot(paper: Paper, furniture: Furniture, *, number: int, count: int) -> None:
    is_rtl = is_rtl_language(furniture.language)
    page = set_line(filled(furniture.page, page=str(number), pages=str(count)), EDGE, furniture.language)
    digest = fitted(furniture.digest, EDGE, BODY_WIDTH - page.width - 12.0, furniture.language)
    paper.bar(x=LEFT, y=52.0, width=BODY_WIDTH, height=0.7, ink=0.4)
    paper.text(digest, EDGE, x=_left(0.0, digest.width, is_rtl=is_rtl), baseline=38.0)
    paper.text(page, EDGE, x=_left(BODY_WIDTH - page.width, page.width, is_rtl=is_rtl), baseline=38.0)


def _placed(rows: Sequence[Row]) -> Iterator[tuple[Row, Row | None, float, float]]:
    """Each row, the one above it, the white space between them, and how high the row's lower edge lies."""
    top = BODY_TOP
    above: Row | None = None
    for row in rows:
        gap = row.gap if above is not None else 0.0
        top -= gap + row.height
        yield row, above, gap, top
        above = row


def _draw_lines(paper: Paper, rows: Sequence[Row]) -> None:
    """The lines down the side, between rows and to write on; whoever has the page read to them is told of none."""
    for row, above, gap, bottom in _placed(rows):
        if row.bar is not None:
            joined = gap if above is not None and above.bar is not None else 0.0
            left = _left(0.0, BAR_WIDTH, is_rtl=row.is_rtl)
            paper.bar(x=left, y=bottom, width=BAR_WIDTH, height=row.height + joined, ink=row.bar)
        if row.has_rule:
            paper.bar(x=LEFT, y=bottom + row.height + gap / 2, width=BODY_WIDTH, height=0.4, ink=0.6)
        for bar in row.bars:
            left = _left(bar.x, bar.width, is_rtl=row.is_rtl)
            paper.bar(x=left, y=bottom + bar.up, width=bar.width, height=bar.height, ink=bar.ink)


def _draw_rows(paper: Paper, rows: Sequence[Row]) -> None:
    for row, _above, _gap, bottom in _placed(rows):
        for mark in row.marks:
            baseline = bottom + row.height / 2 - BASELINE * mark.style.size
            left = _left(mark.x, mark.line.width, is_rtl=row.is_rtl)
            with paper.part(mark.element):
                paper.text(mark.line, mark.style, x=left, baseline=baseline)
        if row.picture is not None:
            shown = row.picture
            left = _left(shown.x, shown.width, is_rtl=row.is_rtl)
            with paper.part(shown.element):
                paper.picture(shown.image, x=left, y=bottom, width=shown.width, height=shown.height)
