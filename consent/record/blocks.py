"""Rows: what a page is built of.

A row is as high as one line and never splits; a text becomes as many rows as it needs. Places are told from the side
on which its language begins: a row of a language that is written from right to left is mirrored when it is drawn.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from PIL import Image

from consent.record.bidi import is_rtl_language, isolated
from consent.record.tags import Element
from consent.record.text import Line, Style, set_line, set_lines

BODY_WIDTH = 481.0  # points: A4 less 20 mm on either side
LABEL_WIDTH = 135.0
VALUE_X = 147.0
BULLET_INDENT = 14.0
BAR_INDENT = 12.0
PICTURE_WIDTH = 190.0
PICTURE_HEIGHT = 62.0
TITLE = Style(27, 35, is_bold=True)
HEADING = Style(16, 22, is_bold=True)
LOUD = Style(18, 25, is_bold=True)
BODY = Style(12, 18)
STRONG = Style(12, 18, is_bold=True)
LABEL = Style(11, 18, ink=0.25)
QUIET = Style(10, 15, ink=0.2)
CODE = Style(11, 17)
TAGS = {TITLE: "H1", HEADING: "H2"}  # what a text is, told by how it is set; all others are paragraphs


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line of text at its place in a row."""

    line: Line
    style: Style
    x: float
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture and the size at which it is printed."""

    image: Image.Image
    x: float
    width: float
    height: float
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A filled rectangle at its place in a row: a line to write on, a side of a box to tick."""

    x: float
    up: float  # from the lower edge of the row
    width: float
    height: float
    ink: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One strip of the page."""

    height: float
    marks: tuple[Mark, ...] = ()
    picture: Picture | None = None
    bars: tuple[Bar, ...] = ()
    gap: float = 0.0  # white space above, dropped at the top of a page
    is_kept: bool = False  # stays on one page with the next row
    bar: float | None = None  # ink of the line down the side where the language begins
    has_rule: bool = False  # a thin line above
    is_rtl: bool = False  # mirrored: `x` is counted from the right


@dataclass(frozen=True, slots=True)
class Cell:
    """Text for one column of a row. A value keeps its own direction, whatever the language beside it."""

    text: str
    x: float
    width: float
    style: Style = BODY
    is_value: bool = True


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").strip("\n").split("\n")


def bound(rows: Iterable[Row]) -> list[Row]:
    """Keep these rows together and with what follows, where a page has room for them."""
    return [replace(row, is_kept=True) for row in rows]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sets texts of one language, by its BCP 47 code, as rows."""

    language: str

    @property
    def is_rtl(self) -> bool:
        """Whether its rows are mirrored."""
        return is_rtl_language(self.language)

    def _element(self, tag: str, above: Element | None = None, alt: str = "") -> Element:
        return Element(tag, self.language, above, alt)

    def lines(
        self,
        text: str,
        style: Style = BODY,
        *,
        x: float = 0.0,
        gap: float = 0.0,
        bar: float | None = None,
        element: Element | None = None,
    ) -> list[Row]:
        """Set one paragraph over the whole width. Its first two and its last two lines stay together."""
        part = element or self._element(TAGS.get(style, "P"))
        indent = x + (BAR_INDENT if bar is not None else 0.0)
        set_text = set_lines(text, style, BODY_WIDTH - indent, self.language)
        held = {0, len(set_text) - 2} if len(set_text) > 1 else set()
        return [
            Row(
                height=style.leading,
                marks=(Mark(line=line, style=style, x=indent, element=part),),
                gap=0.0 if place else gap,
                is_kept=place in held,
                bar=bar,
                is_rtl=self.is_rtl,
            )
            for place, line in enumerate(set_text)
        ]

    def heading(self, text: str) -> list[Row]:
        """Set a heading that stays with what follows."""
        return [*bound(self.lines(text, HEADING, gap=24.0)), Row(height=5.0, is_kept=True, is_rtl=self.is_rtl)]

    def prose(self, text: str, *, bar: float | None = None, gap: float = 0.0) -> list[Row]:
        """Set several paragraphs: an empty line is white space, a line that begins with "- " is a list item.

        A paragraph that ends in a colon stays with what it introduces.
        """
        rows: list[Row] = []
        space = gap
        for paragraph in _split(text):
            if not paragraph.strip():
                space = 8.0
            elif paragraph.startswith("- "):
                rows += self._list_item(paragraph[2:].strip(), gap=max(space, 3.0), bar=bar)
                space = 0.0
            else:
                rows += self.lines(paragraph, gap=space, bar=bar)
                space = 0.0
                if paragraph.endswith((":", "：")):
                    rows[-1] = replace(rows[-1], is_kept=True)
        return rows

    def _list_item(self, text: str, *, gap: float, bar: float | None) -> list[Row]:
        item = self._element("LI")
        label, body = self._element("Lbl", item), self._element("LBody", item)
        first, *rest = self.lines(text, x=BULLET_INDENT, gap=gap, bar=bar, element=body)
        dot = Mark(line=set_line("•", BODY), style=BODY, x=first.marks[0].x - BULLET_INDENT + 2, element=label)
        return [replace(first, marks=(dot, *first.marks)), *rest]

    def columns(self, *cells: Cell, gap: float = 4.0, tags: Sequence[str] = ("Lbl", "LBody")) -> list[Row]:
        """Set texts beside each other; the first two lines stay together.

        **Takes** what each cell is: a label and its value, or the cells of a table.
        """
        whole = self._element("LI" if tags[0] == "Lbl" else "TR")
        parts = [self._element(tag, whole) for tag in tags]
        tracks = [self._track(cell) for cell in cells]
        depth = max(len(track) for track in tracks)
        return [
            Row(
                height=max(cell.style.leading for cell in cells),
                marks=tuple(
                    Mark(line=track[place], style=cell.style, x=cell.x, element=part)
                    for cell, track, part in zip(cells, tracks, parts, strict=True)
                    if place < len(track) and track[place].runs
                ),
                gap=0.0 if place else gap,
                is_kept=place == 0 and depth > 1,
                is_rtl=self.is_rtl,
            )
            for place in range(depth)
        ]

    def _track(self, cell: Cell) -> list[Line]:
        parts = map(isolated, _split(cell.text)) if cell.is_value else _split(cell.text)
        return [line for part in parts for line in set_lines(part, cell.style, cell.width, self.language)]

    def fact(self, label: str, value: str, *, style: Style = BODY, gap: float = 4.0) -> list[Row]:
        """Set a label and beside it its value."""
        words = Cell(label, 0.0, LABEL_WIDTH, LABEL, is_value=False)
        return self.columns(words, Cell(value, VALUE_X, BODY_WIDTH - VALUE_X, style), gap=gap)

    def code(self, label: str, value: str, *, group: int = 4, per_line: int = 8) -> list[Row]:
        """Set a long code in groups that stand under each other, so that two people can compare it aloud.

        Its groups run from left to right in every language.
        """
        item = self._element("LI")
        label_part, body = self._element("Lbl", item), self._element("LBody", item)
        step = (BODY_WIDTH - VALUE_X) / per_line
        groups = [set_line(value[at : at + group], CODE) for at in range(0, len(value), group)]
        marks = [
            Mark(line=line, style=CODE, x=self._code_x(step * (place % per_line), line), element=body)
            for place, line in enumerate(groups)
        ]
        words = [
            Mark(line=line, style=LABEL, x=0.0, element=label_part)
            for line in set_lines(label, LABEL, LABEL_WIDTH, self.language)
        ]
        depth = max(len(words), -(-len(marks) // per_line))
        return [
            Row(
                height=LABEL.leading,
                marks=(*words[place : place + 1], *marks[place * per_line : (place + 1) * per_line]),
                gap=0.0 if place else 4.0,
                is_kept=place + 1 < depth,
                is_rtl=self.is_rtl,
            )
            for place in range(depth)
        ]

    def _code_x(self, along: float, line: Line) -> float:
        return BODY_WIDTH - along - line.width if self.is_rtl else VALUE_X + along

    def picture(self, label: str, image: Image.Image, *, alt: str) -> list[Row]:
        """Set a picture in the value column, as large as fits, in its own proportions; `alt` says what it shows."""
        part = self._element("P")
        words = tuple(
            Mark(line=line, style=LABEL, x=0.0, element=part)
            for line in set_lines(label, LABEL, LABEL_WIDTH, self.language)[:1]
        )
        scale = min(PICTURE_WIDTH / image.width, PICTURE_HEIGHT / image.height)
        figure = self._element("Figure", alt=alt)
        shown = Picture(image=image, x=VALUE_X, width=image.width * scale, height=image.height * scale, element=figure)
        height = max(shown.height, LABEL.leading)
        return [Row(height=height, marks=words, gap=6.0, picture=shown, is_kept=True, is_rtl=self.is_rtl)]
