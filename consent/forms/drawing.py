"""Reads a drawn signature as the page sends it: the strokes as JSON and their picture as a PNG data address.

Nothing here trusts the sender: each number is an integer within the frame, the picture is opened and checked.
"""

import base64
import binascii
import io
import json
import warnings
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from PIL import Image

MOST_STROKES = 200
MOST_ENTRIES = 20_000
FEWEST_ENTRIES = 2
LARGEST_SIDE = 2000
LARGEST_IMAGE_BYTES = 300 * 1024
LARGEST_TIME_MS = 60 * 60 * 1000
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
PNG_ADDRESS = "data:image/png;base64,"

UNREADABLE = _("The drawing could not be read. Please draw it again, or type your name instead.")


def read_strokes(text: str) -> dict[str, Any]:
    """The strokes as sent by the page.

    **Gives** {"width", "height", "strokes": [[{"x", "y", "t"}, …], …]} with whole numbers only.
    **Raises** ValidationError for anything else, for too little and for too much.
    """
    try:
        drawing = json.loads(text)
    except (ValueError, RecursionError):
        raise forms.ValidationError(UNREADABLE) from None
    if not isinstance(drawing, dict) or set(drawing) != {"width", "height", "strokes"}:
        raise forms.ValidationError(UNREADABLE)
    width, height, strokes = drawing["width"], drawing["height"], drawing["strokes"]
    if not _is_within(width, 1, LARGEST_SIDE) or not _is_within(height, 1, LARGEST_SIDE):
        raise forms.ValidationError(UNREADABLE)
    if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
        raise forms.ValidationError(UNREADABLE)
    entries = [entry for stroke in strokes for entry in stroke]
    if len(strokes) > MOST_STROKES or len(entries) > MOST_ENTRIES:
        raise forms.ValidationError(_("The drawing is too long. Please draw it again, a little shorter."))
    if not all(_is_entry(entry, width, height) for entry in entries):
        raise forms.ValidationError(UNREADABLE)
    if len({(entry["x"], entry["y"]) for entry in entries}) < FEWEST_ENTRIES:
        raise forms.ValidationError(_("Please draw your signature in the box, or type your name instead."))
    return {"width": width, "height": height, "strokes": strokes}


def read_picture(text: str) -> bytes:
    """The PNG bytes of a data address.

    **Raises** ValidationError unless it is a whole PNG of at most 300 KB and 2000 by 2000 dots.
    """
    if not text.startswith(PNG_ADDRESS) or len(text) > len(PNG_ADDRESS) + LARGEST_IMAGE_BYTES * 4 // 3 + 4:
        raise forms.ValidationError(UNREADABLE)
    try:
        picture = base64.b64decode(text[len(PNG_ADDRESS) :], validate=True)
    except (binascii.Error, ValueError):
        raise forms.ValidationError(UNREADABLE) from None
    if len(picture) > LARGEST_IMAGE_BYTES or not picture.startswith(PNG_MAGIC) or not _opens(picture):
        raise forms.ValidationError(UNREADABLE)
    return picture


def _is_within(value: object, least: int, most: int) -> bool:
    return type(value) is int and least <= value <= most


def _is_entry(entry: object, width: int, height: int) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"x", "y", "t"}
        and _is_within(entry["x"], 0, width)
        and _is_within(entry["y"], 0, height)
        and _is_within(entry["t"], 0, LARGEST_TIME_MS)
    )


def _opens(picture: bytes) -> bool:
    """Whether the bytes are a sound PNG of a sensible size; the size is read before any decoding."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
                is_small = max(image.size) <= LARGEST_SIDE
                image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return False
    return is_small
