"""What comes from a canvas is only taken when every number and every dot of it makes sense."""

import base64
import io
import json
import struct
import zlib
from typing import Any

import pytest
from django.forms import ValidationError
from PIL import Image

from consent.forms.drawing import (
    LARGEST_IMAGE_BYTES,
    MOST_ENTRIES,
    MOST_STROKES,
    PNG_ADDRESS,
    read_picture,
    read_strokes,
)
from tests.factories import drawn, signature_png

LINE = [{"x": 1, "y": 2, "t": 0}, {"x": 30, "y": 40, "t": 90}]


def drawing(strokes: Any, **changes: Any) -> str:
    return json.dumps({"width": 900, "height": 300, "strokes": strokes} | changes)


def address_of(picture: bytes) -> str:
    return PNG_ADDRESS + base64.b64encode(picture).decode()


def png(width: int, height: int) -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (width, height), 255).save(buffer, "PNG")
    return buffer.getvalue()


def huge_header() -> bytes:
    """A PNG of a few bytes that claims to be 60,000 dots wide and high."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header))
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", 0)
        + b"IEND"
        + struct.pack(">I", zlib.crc32(b"IEND"))
    )


def test_a_real_drawing_is_taken_as_it_is() -> None:
    strokes = drawn().strokes
    assert read_strokes(json.dumps(strokes)) == strokes
    assert read_picture(address_of(signature_png())) == signature_png()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{",
        "[" * 100_000,
        '{"width": NaN, "height": 300, "strokes": []}',
        drawing("scribble"),
        drawing([]),
        drawing([[]]),
        drawing([LINE[:1]]),
        drawing([[LINE[0], LINE[0] | {"t": 5}]]),  # one dot, however long
        drawing([LINE], width=0),
        drawing([LINE], width=900.0),
        drawing([LINE], height="300"),
        drawing([LINE], height=2001),
        drawing([LINE], name="Anna"),
        drawing([LINE, "scribble"]),
        drawing([[1, 2]]),
        drawing([[LINE[0], {"x": 901, "y": 2, "t": 1}]]),
        drawing([[LINE[0], {"x": -1, "y": 2, "t": 1}]]),
        drawing([[LINE[0], {"x": 1.5, "y": 2, "t": 1}]]),
        drawing([[LINE[0], {"x": True, "y": 2, "t": 1}]]),
        drawing([[LINE[0], {"x": 1, "y": 2}]]),
        drawing([[LINE[0], {"x": 1, "y": 2, "t": 1, "pressure": 1}]]),
        drawing([[LINE[0], {"x": 1, "y": 2, "t": -1}]]),
        drawing([LINE] * (MOST_STROKES + 1)),
        drawing([[{"x": at % 900, "y": 1, "t": at} for at in range(MOST_ENTRIES + 1)]]),
    ],
)
def test_other_strokes_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_strokes(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "data:,",
        "data:image/svg+xml;base64,PHN2Zy8+",
        PNG_ADDRESS,
        PNG_ADDRESS + "§",
        PNG_ADDRESS + "AAAA",
        address_of(b"\x89PNG\r\n\x1a\n"),
        address_of(b"GIF89a" + b"\0" * 20),
        address_of(signature_png()[:-20]),
        address_of(signature_png()[:60] + b"\0\0\0" + signature_png()[63:]),
        address_of(png(2001, 10)),
        address_of(png(10, 2001)),
        address_of(huge_header()),
        address_of(signature_png() + b"\0" * LARGEST_IMAGE_BYTES),
        PNG_ADDRESS + "A" * (LARGEST_IMAGE_BYTES * 2),
    ],
)
def test_other_pictures_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_picture(text)
