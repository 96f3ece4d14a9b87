"""How a drawn signature looks, in 64 bits, so that the same drawing under two people's names is seen. Plain Python.

The ink is cut out, made small, and each dot compared with the one beside it (a difference hash). It recognises a
picture that was used again; it is no measure of anybody's hand, and nothing is kept that could tell who drew.

>>> distance("00000000000000ff", "00000000000000fe")
1
"""

import io

from PIL import Image

INK = 200  # darker than this is ink
COLUMNS, ROWS = 9, 8
ALIKE = 4  # bits; at most so many may differ (CR-072)


def image_hash(picture: bytes) -> str:
    """How a picture looks: 16 hex characters; empty where there is no ink in it. **Takes** the bytes of a sound PNG."""
    with Image.open(io.BytesIO(picture), formats=["PNG"]) as image:
        grey = _on_white(image).convert("L")
    box = grey.point(lambda dot: 255 if dot < INK else 0).getbbox()
    if box is None:
        return ""
    small = grey.crop(box).resize((COLUMNS, ROWS), Image.Resampling.BOX)
    dots = list(small.tobytes())
    bits = 0
    for row in range(ROWS):
        for column in range(COLUMNS - 1):
            left, right = dots[row * COLUMNS + column], dots[row * COLUMNS + column + 1]
            bits = bits << 1 | (left > right)
    return f"{bits:016x}"


def distance(one: str, other: str) -> int:
    """In how many of the 64 bits two pictures differ."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def is_alike(one: str, other: str) -> bool:
    """Whether two pictures look like the same drawing. Nothing is like a picture without ink."""
    return bool(one and other) and distance(one, other) <= ALIKE


def _on_white(image: Image.Image) -> Image.Image:
    """The picture on paper: what is see-through is white."""
    seen = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
