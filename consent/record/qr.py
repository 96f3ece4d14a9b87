"""The one picture a slip carries: its text as a QR code, error level M, with the quiet border scanners need.

The squares come from zxing-cpp (reportlab's own widget needs thirty times as long, more than all the rest of a page);
here they are only turned into dark strips, so that the printed slip and the page on the screen show the same code.

>>> code_of("FG1").width
29
"""

from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import zxingcpp

QUIET = 4  # squares of white on every side (ISO/IEC 18004)
OVERLAP = 0.02  # of a square: without it a printer shows white hairs between rows
DARK = 0  # of the greys that zxing-cpp gives
DENSEST_VERSION = 14  # denser ones are hard to scan from a small slip


@dataclass(frozen=True, slots=True)
class Strip:
    """Neighbouring dark squares of one row, counted from the upper left corner, quiet border included."""

    left: int
    top: int
    length: int


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code: how many squares wide with its quiet border, and where it is dark."""

    width: int
    version: int
    strips: tuple[Strip, ...]


def code_of(text: str) -> Code:
    """Draw a text as a QR code of error level M.

    **Takes** ASCII text.
    **Raises** ValueError when it is not ASCII or too long to be scanned from a slip.
    """
    text.encode("ascii")
    try:
        drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    except ValueError as cause:
        raise ValueError("The text is too dense for a QR code.") from cause
    image: Any = drawn.to_image(scale=1, add_quiet_zones=False)
    rows = cast(list[list[int]], memoryview(image).tolist())
    version = (len(rows) - 17) // 4
    if version > DENSEST_VERSION:
        raise ValueError(f"A QR code of version {version} is too dense for a slip.")
    return Code(
        width=len(rows) + 2 * QUIET,
        version=version,
        strips=tuple(strip for row, squares in enumerate(rows) for strip in _strips(row, squares)),
    )


def _strips(row: int, squares: list[int]) -> list[Strip]:
    found, column = [], 0
    for is_dark, run in groupby(square == DARK for square in squares):
        length = len(list(run))
        if is_dark:
            found.append(Strip(left=column + QUIET, top=row + QUIET, length=length))
        column += length
    return found


def svg_of(text: str) -> str:
    """The code as a picture for a page: black on white, of any size.

    **Raises** ValueError as `code_of`.
    """
    code = code_of(text)
    path = "".join(f"M{strip.left} {strip.top}h{strip.length}v1h-{strip.length}z" for strip in code.strips)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.width} {code.width}" '
        f'shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/><path d="{path}"/></svg>'
    )
