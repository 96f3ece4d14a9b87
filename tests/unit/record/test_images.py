"""Pictures of signatures: sound ones are laid on white, all others are refused."""

import io
import zlib

import pytest
from PIL import Image

from consent.record.exceptions import InvalidImageError
from consent.record.images import MOST_BYTES, opened_signature
from tests.unit.record.samples import signature_png


def encoded(kind: str, size: tuple[int, int] = (20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    head = b"\x00\x00\xff\xff\x00\x00\xff\xff\x08\x02\x00\x00\x00"  # says 65 535 by 65 535 dots
    chunk = b"IHDR" + head
    ihdr = len(head).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + ihdr + encoded("PNG")[33:]


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_drawn_signature_is_laid_on_white(mode: str) -> None:
    image = opened_signature(signature_png(mode), field="x")
    assert image.mode == "RGB"
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert image.getpixel((40, 150)) != (255, 255, 255)


@pytest.mark.parametrize(
    "png",
    [
        b"",
        b"not a picture",
        signature_png()[:200],
        signature_png()[:-40],
        signature_png()[:60] + b"\x00\x01" + signature_png()[62:],
        encoded("JPEG"),
        encoded("GIF"),
        encoded("PNG", (5_000, 4_000)),
        bomb(),
        b"\x89PNG\r\n\x1a\n" + b"\x00" * MOST_BYTES,
    ],
    ids=["empty", "text", "cut", "end-cut", "flipped", "jpeg", "gif", "too-many-dots", "bomb", "too-large"],
)
def test_anything_else_is_refused(png: bytes) -> None:
    with pytest.raises(InvalidImageError, match="witness_image") as refusal:
        opened_signature(png, field="witness_image")
    assert refusal.value.field == "witness_image"
