"""A scan that comes back: what kind of file it is, how many pages it has, and what the squares on them say.

The file is kept as it came, so nothing that acts may be in it; the kind is told by what is in it and never by its name.
Everything is looked at before it is unfolded, and whoever looks at a page sees our own drawing of it.

>>> read_scan(b"<html>")
Traceback (most recent call last):
    ...
consent.record.scan_safety.ScanError: not-a-scan
"""

import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pypdfium2
import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from consent.record.pdfium import ONE_AT_A_TIME, drawn, drawn_in_colour
from consent.record.scan_safety import MOST_DOTS, MOST_PAGES, ScanError, ScanFault, check_pdf
from consent.vocabulary import ScanType

LARGEST_SCAN = 10_000_000  # bytes
FINEST_SCALE = 300 / 72  # pixels to the point: finer drawing tells no more of a square
LONGEST_SIDE = 4000  # dots of the picture in which squares are looked for
LONGEST_CODE = 200  # signs of a square; ours are shorter
WIDEST, TALLEST = 1600, 2400  # dots of a page that is shown
BEGINNINGS = {
    b"%PDF-": ScanType.PDF,
    b"\x89PNG\r\n\x1a\n": ScanType.PNG,
    b"\xff\xd8\xff": ScanType.JPEG,
    b"II*\x00": ScanType.TIFF,
    b"MM\x00*": ScanType.TIFF,
}
FORMATS = {ScanType.PNG: "PNG", ScanType.JPEG: "JPEG", ScanType.TIFF: "TIFF"}
UNSOUND = (
    UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, AttributeError, struct.error,
    zlib.error, RuntimeError, ZeroDivisionError, OverflowError,
)  # fmt: skip
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


@dataclass(frozen=True, slots=True)
class Scan:
    """What a file is, and what its squares say."""

    media_type: ScanType
    pages: int
    codes: tuple[str, ...]  # each text once, in the order of the pages
    digest: str  # SHA-256 of the file


def read_scan(content: bytes) -> Scan:
    """What a file holds that somebody uploaded.

    **Raises** ScanError, whatever the bytes are.
    """
    media_type = _checked_type(content)
    codes: dict[str, None] = {}
    pages = 0
    for picture in _pages(content, media_type):
        pages += 1
        codes |= dict.fromkeys(_codes_on(picture, has_time=not codes))
    if not pages:
        raise ScanError(ScanFault.DAMAGED)
    return Scan(media_type=media_type, pages=pages, codes=tuple(codes), digest=hashlib.sha256(content).hexdigest())


def page_picture(content: bytes, *, page: int) -> bytes:
    """One page as our own drawing, a PNG without anything else in it.

    **Takes** the bytes of a scan that was read before; the number of the page, from 1.
    **Raises** ScanError; LookupError where there is no such page.
    """
    media_type = _checked_type(content)
    if page < 1:
        raise LookupError(page)
    shown = _pdf_page(content, page) if media_type is ScanType.PDF else _image_page(content, media_type, page)
    shown.thumbnail((WIDEST, TALLEST))
    drawing = Image.new("RGB", shown.size, "white")
    drawing.paste(shown)
    file = io.BytesIO()
    drawing.save(file, "PNG")
    return file.getvalue()


def _checked_type(content: bytes) -> ScanType:
    if not content:
        raise ScanError(ScanFault.EMPTY)
    if len(content) > LARGEST_SCAN:
        raise ScanError(ScanFault.TOO_LARGE)
    found = next((kind for beginning, kind in BEGINNINGS.items() if content.startswith(beginning)), None)
    if found is None:
        raise ScanError(ScanFault.NOT_A_SCAN)
    if found is ScanType.PDF:
        check_pdf(content)
    return found


def _pages(content: bytes, media_type: ScanType) -> Iterator[Image.Image]:
    """Each page in grey, in which squares can be looked for."""
    if media_type is ScanType.PDF:
        yield from _pdf_pages(content)
        return
    for number in count(1):
        try:
            page = _image_page(content, media_type, number)
        except LookupError:
            return
        if number > MOST_PAGES:
            raise ScanError(ScanFault.TOO_MANY_PAGES)
        page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        yield page.convert("L")


def _pdf_pages(content: bytes) -> Iterator[Image.Image]:
    try:
        with ONE_AT_A_TIME, pypdfium2.PdfDocument(content) as paper:
            for page in paper:
                longest = max(*page.get_size(), 1.0)
                yield drawn(page, scale=min(FINEST_SCALE, LONGEST_SIDE / longest))
    except pypdfium2.PdfiumError as cause:
        raise ScanError(ScanFault.DAMAGED) from cause


def _pdf_page(content: bytes, number: int) -> Image.Image:
    try:
        with ONE_AT_A_TIME, pypdfium2.PdfDocument(content) as paper:
            page = paper[number - 1] if number <= len(paper) else None
            if page is not None:
                width, height = (max(side, 1.0) for side in page.get_size())
                return drawn_in_colour(page, scale=min(WIDEST / width, TALLEST / height))
    except pypdfium2.PdfiumError as cause:
        raise ScanError(ScanFault.DAMAGED) from cause
    raise LookupError(number)


def _image_page(content: bytes, media_type: ScanType, number: int) -> Image.Image:
    """One page of a picture, upright, on white. **Raises** LookupError where there is no such page."""
    is_there = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a picture says about itself; its size is checked below
            with Image.open(io.BytesIO(content), formats=[FORMATS[media_type]]) as file:
                is_there = _goes_to(file, number, media_type)
                if is_there:
                    if file.width * file.height > MOST_DOTS:
                        raise ScanError(ScanFault.TOO_MANY_PIXELS)
                    file.draft(None, (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG need not be unfolded whole
                    file.load()
                    return _on_white(ImageOps.exif_transpose(file))
    except Image.DecompressionBombError as cause:
        raise ScanError(ScanFault.TOO_MANY_PIXELS) from cause
    except UNSOUND as cause:
        raise ScanError(ScanFault.DAMAGED) from cause
    raise LookupError(number)


def _goes_to(file: Image.Image, number: int, media_type: ScanType) -> bool:
    """Turn to a page, and say whether it is there. Only a TIFF has more than one."""
    if number == 1 or media_type is not ScanType.TIFF:
        return number == 1
    try:
        file.seek(number - 1)
    except EOFError:
        return False
    return True


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16"):  # finer greys than a screen shows
        return picture.convert("I").point(lambda dot: dot / 256).convert("L").convert("RGB")
    if "transparency" not in picture.info and "A" not in picture.getbands():
        return picture.convert("RGB")
    seen = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def _codes_on(picture: Image.Image, *, has_time: bool) -> list[str]:
    """What the squares on a page say.

    **Takes** whether to look again, turned and in other sizes, where none is found.
    """
    found = _squares(picture)
    for again in _turns(picture) if has_time and not found else ():
        found = found or _squares(again)
    return found


def _turns(picture: Image.Image) -> Iterator[Image.Image]:
    yield ImageOps.autocontrast(picture, cutoff=2)
    yield picture.reduce(2)
    yield picture.rotate(30, expand=True, fillcolor=255)
    yield picture.rotate(60, expand=True, fillcolor=255)


def _squares(picture: Image.Image) -> list[str]:
    read = zxingcpp.read_barcodes(picture, formats=QR)
    return [one.text for one in read if one.valid and len(one.text) <= LONGEST_CODE]
