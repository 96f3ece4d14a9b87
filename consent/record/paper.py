"""A thin sheet over reportlab's canvas: text, bars, pictures, pages. Nothing here decides where things stand.

Text goes straight to the page, glyph by glyph; reportlab's paragraph markup, its bidi and its shaping are never used.
Each line stands on its own: no font, colour, rise or position is left behind for the next.

What is drawn within `part` belongs to an element of the text, what is drawn between `begin("Artifact")` and `end` to
none; `text` puts a Span with the text of the line (ActualText) inside, where the glyphs alone would not say it. Of a
line that runs from right to left each letter says itself, and the element says the whole (pen.py, turned.py).
"""

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.record.bidi import is_rtl_language
from consent.record.embedded import EmbeddedFont
from consent.record.fonts import Face, load_fonts
from consent.record.pen import Pen, begin_said
from consent.record.qr import OVERLAP, Code
from consent.record.shaping import EMPTY
from consent.record.tags import Element, Tags
from consent.record.text import Line, Style
from consent.record.turned import (
    LRM,
    RLM,
    ends_in_half_a_word,
    in_reading_order,
    letters_of,
    most_run_rtl,
    seen_letters,
)

# Nothing that is printed may be fetched from anywhere: reportlab would follow file, data and https addresses.
rl_config.trustedSchemes = []
rl_config.trustedHosts = []
rl_config.useA85 = 0  # a file is not a letter: packing it into seven bits costs a fifth of the time

A4 = (595.28, 841.89)  # width and height in points
A6 = (297.64, 419.53)
AT_ONCE = 8  # marks that nobody sees, carried by one glyph that draws nothing; more of them are not always read
LEAN_X, LEAN_STEP = 4, 0.15  # where they stand: half-way down the margin, apart from each other and from every line


class _Sheets(Canvas):  # type: ignore[misc]  # reportlab has no types
    """reportlab's canvas without the Helvetica that it names at the top of every page."""

    def _make_preamble(self) -> None:
        self._preamble = "1 0 0 1 0 0 cm"


class Paper:
    """One PDF being drawn. Coordinates are points from the lower left corner."""

    def __init__(
        self,
        *,
        title: str,
        author: str,
        subject: str,
        language: str,
        made_at: datetime.datetime,
        size: tuple[float, float] = A4,
    ) -> None:
        load_fonts()  # or nothing is begun: lines that were set earlier would not ask for them
        self._bytes = BytesIO()
        self._fonts: dict[Face, EmbeddedFont] = {}
        self._codes: list[Code] = []
        self._canvas = _Sheets(
            self._bytes, pagesize=size, invariant=1, pageCompression=1, pdfVersion=(1, 7), lang=language
        )
        self._tags = Tags(language)
        self._page = 0
        self._part: Element | None = None
        self._language_is_rtl = self._is_rtl = is_rtl_language(language)
        self._said: list[str] = []  # on this page
        self._has_turned = False
        self._canvas.setDateFormatter(lambda *_ignored: f"D:{made_at.astimezone(datetime.UTC):%Y%m%d%H%M%S}Z")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("Freely Given")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def text(self, line: Line, style: Style, *, x: float, baseline: float) -> None:
        """Draw one line of text, each run in its own font."""
        if not line.runs:
            return
        if self._part is not None:
            self._part.said.append(line.text)
            self._part.is_turned |= line.is_turned
        self._write(self._told(line, Pen(style.size)), style, f"{x:.2f} {baseline:.2f} Td")

    def backdrop(self, line: Line, style: Style, *, x: float, y: float, cosine: float, sine: float) -> None:
        """Draw a line that climbs at an angle and says nothing to those who read the file as text."""
        if not line.runs:
            return
        pen = Pen(style.size)
        for run in line.runs:
            pen.run(self._font(run.face), run)
        place = f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {x:.2f} {y:.2f} Tm"
        self._write(f"{begin_said('')} {pen.operators()} EMC", style, place)

    def _write(self, shown: str, style: Style, place: str) -> None:
        self._canvas.addLiteral(f"q BT {style.ink:g} g {place} {shown} ET Q")

    def _told(self, line: Line, pen: Pen) -> str:
        """The glyphs of a line, and with them what it says, so that it is found again in the order it is read in."""
        self._has_turned |= line.is_turned
        if not (self._is_rtl or line.is_turned or ends_in_half_a_word(line)):
            for run in line.runs:
                pen.run(self._font(run.face), run)
            self._said.append(line.text)
            return pen.operators() if line.is_plain else f"{begin_said(line.text)} {pen.operators()} EMC"
        letters = seen_letters(line, is_rtl=self._is_rtl)
        for place in in_reading_order(line):
            run, said = line.runs[place], letters[place]
            self._said += said
            if run.is_rtl:
                pen.reversed(self._font(run.face), run, said)
            elif run.glyphs is None:
                pen.run(self._font(run.face), run, said)
            else:
                pen.said(self._font(run.face), run, "".join(said))
        return pen.operators()

    def _font(self, face: Face) -> EmbeddedFont:
        font = self._fonts.get(face)
        if font is None:
            font = self._fonts[face] = EmbeddedFont(face, f"F{len(self._fonts) + 1}")
            self._canvas._doc.delayedFonts.append(font)  # where reportlab looks when it saves
        return font

    def bar(self, *, x: float, y: float, width: float, height: float, ink: float) -> None:
        """Fill a rectangle; the quiet lines and rules of the page are thin ones."""
        self._canvas.addLiteral(f"q {ink:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def code(self, code: Code, *, left: float, top: float, side: float) -> None:
        """Draw a QR code, quiet border included, downwards from its upper left corner."""
        place = next((place for place, known in enumerate(self._codes) if known is code), len(self._codes))
        name = f"code{place}"
        if place == len(self._codes):
            self._codes.append(code)
            self._canvas.beginForm(name, 0, 0, code.width, code.width)
            strips = " ".join(
                f"{strip.left} {code.width - strip.top - 1 - OVERLAP:g} {strip.length} {1 + OVERLAP} re"
                for strip in code.strips
            )
            self._canvas.addLiteral(f"0 g {strips} f")
            self._canvas.endForm()
        square = side / code.width
        self._canvas.saveState()
        self._canvas.transform(square, 0, 0, square, left, top - side)
        self._canvas.doForm(name)
        self._canvas.restoreState()

    def picture(self, image: Image.Image, *, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture that `images.py` has checked."""
        self._canvas.drawImage(ImageReader(image), x, y, width, height)

    def begin(self, tag: str, mcid: int | None = None) -> None:
        """Open marked content: what is drawn until `end` belongs to this tag, `mcid` is its number on the page."""
        self._canvas.addLiteral(f"/{tag} BMC" if mcid is None else f"/{tag} <</MCID {mcid}>> BDC")

    def end(self) -> None:
        """Close what `begin` opened last."""
        self._canvas.addLiteral("EMC")

    @contextmanager
    def part(self, element: Element) -> Iterator[None]:
        """What is drawn within belongs to this element of the text."""
        self.begin(element.tag, self._tags.place(element, page=self._page))
        self._part = element
        yield
        self._part = None
        self.end()

    def face(self, lines: Sequence[Line]) -> None:
        """Say which lines this page will hold, before the first is drawn: by most of them all are put back in order.

        Of a page of which nothing is said, its language decides.
        """
        self._is_rtl = most_run_rtl(lines, is_rtl=self._language_is_rtl)

    def end_page(self) -> None:
        """Finish the page and begin the next."""
        if self._is_rtl or self._has_turned:
            self._lean()
        self._page += 1
        self._said, self._has_turned, self._is_rtl = [], False, self._language_is_rtl
        self._canvas.showPage()

    def _lean(self) -> None:
        """Let as many letters of this page run its way as run the other: by them others tell how it is read."""
        right, left = letters_of("".join(self._said))
        missing = left - right + 1 if self._is_rtl else right - left
        if missing > 0 and self._said:
            font = self._font(load_fonts().regular.latin)
            marks = font.code(font.face.glyph(EMPTY), (RLM if self._is_rtl else LRM) * AT_ONCE)
            self.begin("Artifact")
            place = f"{LEAN_X} {self._canvas._pagesize[1] / 2:g} Td"
            shown = f"<{marks * -(-missing // AT_ONCE)}> Tj"
            self._canvas.addLiteral(f"q BT /{font.name} 1 Tf {LEAN_STEP} Tc {place} {shown} ET Q")
            self.end()

    def to_bytes(self) -> bytes:
        """Finish the file. Nothing can be drawn afterwards."""
        self._tags.write(self._canvas._doc)
        self._canvas.save()
        return self._bytes.getvalue()
