"""Papers as a scanner gives them: invented pages with a square, a tick and a scribble, and files that are no scans."""

import io
import uuid
import zlib
from collections.abc import Iterable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image, ImageDraw

from consent.record.qr import code_of
from tests.factories import scribble

PAGE = (1240, 1754)  # A4 with 150 dots to the inch
DOTS = 6  # of one square of the code
LOCK = Encryption(owner="test owner", user="test user")
SCRIPT = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def page(text: str, *, who: object = "", turned: float = 0) -> Image.Image:
    """A page in grey with a square that says `text` (none where it is empty), and somebody's hand on it."""
    sheet = Image.new("L", PAGE, 255)
    pen = ImageDraw.Draw(sheet)
    for strip in code_of(text).strips if text else ():
        left, top = 820 + DOTS * strip.left, 60 + DOTS * strip.top
        pen.rectangle((left, top, left + DOTS * strip.length - 1, top + DOTS - 1), fill=0)
    pen.rectangle((120, 900, 160, 940), outline=0, width=3)
    pen.line([(125, 920), (138, 936), (170, 890)], fill=40, width=5)
    pen.line([(200 + 3 * x, 1400 + y) for x, y in scribble(who)], fill=30, width=4)
    return sheet.rotate(turned, expand=True, fillcolor=255) if turned else sheet


def file_of(pages: Iterable[Image.Image], kind: str = "PNG", **options: Any) -> bytes:
    """Pages as one file."""
    first, *others = pages
    file = io.BytesIO()
    if others:
        options |= {"save_all": True, "append_images": others}
    first.save(file, kind, **options)
    return file.getvalue()


def scan(text: str, *, who: object = "", kind: str = "PNG") -> bytes:
    """One scanned page as a file."""
    return file_of([page(text, who=who or uuid.uuid4())], kind)


def pdf_with(change: Any = None, **saving: Any) -> bytes:
    """A PDF with one empty page, changed as the test wants."""
    file = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page(page_size=(595, 842))
        if change is not None:
            change(paper)
        paper.save(file, **saving)
    return file.getvalue()


def opens_with(action: Dictionary) -> bytes:
    """A PDF that does something when it is opened."""

    def change(paper: Pdf) -> None:
        paper.Root.OpenAction = action

    return pdf_with(change)


def hidden_in_page(part: Dictionary) -> bytes:
    """A PDF with something in an annotation of its page."""

    def change(paper: Pdf) -> None:
        paper.pages[0].obj.Annots = Array([paper.make_indirect(part)])

    return pdf_with(change)


def empty_picture_pdf(width: int, height: int) -> bytes:
    """A small PDF with a picture that says it is very large."""

    def change(paper: Pdf) -> None:
        picture = paper.make_stream(zlib.compress(b"\0" * 1000))
        picture.Type, picture.Subtype, picture.Filter = Name.XObject, Name.Image, Name.FlateDecode
        picture.Width, picture.Height, picture.BitsPerComponent = width, height, 8
        picture.ColorSpace = Name.DeviceGray
        paper.pages[0].obj.Resources = Dictionary(XObject=Dictionary(P=picture))

    return pdf_with(change)


def bomb_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that would unfold to hundreds of megabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    packed = zlib.compress(b"\0" * (width // 8 + 1) * 2000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
