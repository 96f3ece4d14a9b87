"""A thin sheet over reportlab's canvas: text, bars, pictures, pages. Nothing here decides where things stand.

Text goes straight to the page, glyph by glyph; reportlab's paragraph markup, its bidi and its shaping are never used.
Each line stands on its own: no font, colour, rise or position is left behind for the next.

What is drawn within `part` belongs to an element of the text, what is drawn between `begin("Artifact")` and `end` to
none; `text` puts a Span with the text of the line (ActualText) inside, where the glyphs alone would not say it.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image
from reportlab import rl_config
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.record.embedded import EmbeddedFont, in_utf16
from consent.record.fonts import Face, load_fonts
from consent.record.qr import OVERLAP, Code
from consent.record.shaping import Glyph
from consent.record.tags import Element, Tags
from consent.record.text import Line, Run, Style

# Nothing that is printed may be fetched from anywhere: reportlab would follow file, data and https addresses.
rl_config.trustedSchemes = []
rl_config.trustedHosts = []
rl_config.useA85 = 0  # a file is not a letter: packing it into seven bits costs a fifth of the time

A4 = (595.28, 841.89)  # width and height in points
A6 = (297.64, 419.53)


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
        self._canvas.setDateFormatter(lambda *_ignored: f"D:{made_at.astimezone(datetime.UTC):%Y%m%d%H%M%S}Z")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("Freely Given")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def text(self, line: Line, style: Style, *, x: float, baseline: float) -> None:
        """Draw one line of text, each run in its own font."""
        said = None if line.is_plain else line.text
        self._draw(line, style, f"{x:.2f} {baseline:.2f} Td", said)

    def backdrop(self, line: Line, style: Style, *, x: float, y: float, cosine: float, sine: float) -> None:
        """Draw a line that climbs at an angle and says nothing to those who read the file as text."""
        self._draw(line, style, f"{cosine:.4f} {sine:.4f} {-sine:.4f} {cosine:.4f} {x:.2f} {y:.2f} Tm", "")

    def _draw(self, line: Line, style: Style, place: str, said: str | None) -> None:
        if not line.runs:
            return
        pen = _Pen(style.size)
        for run in line.runs:
            pen.run(self._font(run.face), run)
        shown = pen.operators()
        if said is not None:
            shown = f"/Span <</ActualText <FEFF{in_utf16(said)}>>> BDC {shown} EMC"
        self._canvas.addLiteral(f"q BT {style.ink:g} g {place} {shown} ET Q")

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
        yield
        self.end()

    def end_page(self) -> None:
        """Finish the page and begin the next."""
        self._page += 1
        self._canvas.showPage()

    def to_bytes(self) -> bytes:
        """Finish the file. Nothing can be drawn afterwards."""
        self._tags.write(self._canvas._doc)
        self._canvas.save()
        return self._bytes.getvalue()


class _Pen:
    """Writes the operators of one line. Places are reached by moving the pen, never by raising the baseline."""

    def __init__(self, size: float) -> None:
        self.size = size
        self._written: list[str] = []
        self._x = self._y = 0.0  # where the start of the pen's line lies, in thousandths, seen from that of the text

    def operators(self) -> str:
        """All that was written."""
        return " ".join(self._written)

    def run(self, font: EmbeddedFont, run: Run) -> None:
        """Draw one run at its place."""
        self._written.append(f"/{font.name} {self.size:g} Tf")
        if run.glyphs is None:
            self._move(run.x, 0.0)
            self._written.append(f"<{font.codes(run.text)}> Tj")
        else:
            self._shaped(font, run.glyphs, run.x)

    def _move(self, x: float, y: float) -> None:
        if (x, y) != (self._x, self._y):
            scale = self.size / 1000
            self._written.append(f"{(x - self._x) * scale:.3f} {(y - self._y) * scale:.3f} Td")
            self._x, self._y = x, y

    def _shaped(self, font: EmbeddedFont, glyphs: tuple[Glyph, ...], x: float) -> None:
        """Draw glyphs of one height in one go; what lies between them is told in thousandths, as the format asks."""
        pieces: list[str] = []
        height, pen, drawn = 0.0, x, x
        for glyph in glyphs:
            if glyph.up != height or not pieces:
                self._show(pieces)
                pieces, height, drawn = [], glyph.up, pen + glyph.right
                self._move(drawn, height)
            gap = round(drawn - pen - glyph.right, 3)
            pieces.append(f"{gap:g}" if gap else "")
            pieces.append(f"<{font.code(glyph.number, glyph.text)}>")
            drawn = pen + glyph.right + font.face.advance(glyph.number)
            pen += glyph.advance
        self._show(pieces)

    def _show(self, pieces: list[str]) -> None:
        if pieces:
            self._written.append(f"[{' '.join(filter(None, pieces)).replace('> <', '')}] TJ")
