"""A thin sheet over reportlab's canvas: text, bars, pictures, pages. Nothing here decides where things stand.

Text goes straight to the page, run by run; reportlab's paragraph markup is never used.
"""

import datetime
import threading
from io import BytesIO

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from consent.record.fonts import load_fonts
from consent.record.text import Line, Style

A4 = (595.28, 841.89)  # width and height in points
A6 = (297.64, 419.53)
DRAWING = threading.Lock()  # held while a paper is drawn: reportlab keeps the subset of a font in the font itself


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
        self._bytes = BytesIO()
        self._canvas = Canvas(
            self._bytes,
            pagesize=size,
            invariant=1,
            pageCompression=1,
            pdfVersion=(1, 7),
            initialFontName=load_fonts().regular.latin.name,
            lang=language,
        )
        self._canvas.setDateFormatter(lambda *_ignored: f"D:{made_at.astimezone(datetime.UTC):%Y%m%d%H%M%S}Z")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setSubject(subject)
        self._canvas.setCreator("Freely Given")
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def text(self, line: Line, style: Style, *, x: float, baseline: float) -> None:
        """Draw one line of text, each run in its own font."""
        pen = self._canvas.beginText(x, baseline)
        pen.setFillGray(style.ink)
        for run in line.runs:
            pen.setFont(run.face_name, style.size)
            pen.textOut(run.text)
        self._canvas.drawText(pen)

    def bar(self, *, x: float, y: float, width: float, height: float, ink: float) -> None:
        """Fill a rectangle; the quiet lines and rules of the page are thin ones."""
        self._canvas.setFillGray(ink)
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def picture(self, image: Image.Image, *, x: float, y: float, width: float, height: float) -> None:
        """Draw a picture that `images.py` has checked."""
        self._canvas.drawImage(ImageReader(image), x, y, width, height)

    def begin(self, tag: str, mcid: int | None = None) -> None:
        """Open marked content: what is drawn until `end` belongs to this tag, `mcid` is its number on the page."""
        properties = "" if mcid is None else f"<</MCID {mcid}>>"
        self._canvas.addLiteral(f"/{tag} {properties} BDC" if properties else f"/{tag} BMC")

    def end(self) -> None:
        """Close what `begin` opened last."""
        self._canvas.addLiteral("EMC")

    def end_page(self) -> None:
        """Finish the page and begin the next."""
        self._canvas.showPage()

    def to_bytes(self) -> bytes:
        """Finish the file. Nothing can be drawn afterwards."""
        self._canvas.save()
        return self._bytes.getvalue()
