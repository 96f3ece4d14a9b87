"""Pictures of drawn signatures: checked, bounded, laid on white paper."""

import struct
import warnings
import zlib
from io import BytesIO

from PIL import Image, UnidentifiedImageError

from consent.record.exceptions import InvalidImageError

MOST_BYTES = 2_000_000
MOST_PIXELS = 12_000_000
UNSOUND = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error)


def opened_signature(png: bytes, *, field: str) -> Image.Image:
    """Decode a signature and lay it on white.

    **Takes** the bytes of a PNG and the name of the field for the message.
    **Gives** an RGB picture without transparency or metadata.
    **Raises** InvalidImageError when it is not a PNG, damaged, or larger than a signature can be.
    """
    if len(png) > MOST_BYTES:
        raise InvalidImageError(f"{field}: the picture is larger than {MOST_BYTES} bytes.", field=field)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # refused below, at a lower size
            picture = Image.open(BytesIO(png), formats=["PNG"])
        _check_size(picture, field=field)
        picture.load()
        drawn = picture.convert("RGBA")
    except (*UNSOUND, Image.DecompressionBombError) as cause:
        raise InvalidImageError(f"{field}: the picture is not a sound PNG.", field=field) from cause
    paper = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(paper, drawn).convert("RGB")


def _check_size(picture: Image.Image, *, field: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise InvalidImageError(f"{field}: the picture has more than {MOST_PIXELS} dots.", field=field)
