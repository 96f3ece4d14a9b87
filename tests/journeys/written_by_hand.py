"""A printed form, filled in as by hand: its pages as pictures, a tick in a box, a scribble on a line, and one file."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from tests.factories import scribble

DOTS = 200  # to the inch
POINT = DOTS / 72


@dataclass(frozen=True)
class Word:
    """A word on a page and where it stands, in points from the upper left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def scanned(form: Path, folder: Path, *, box: str) -> Path:
    """The form as it comes back from the scanner: the box before the word `box` ticked, and signed."""
    subprocess.run(["pdftoppm", "-r", str(DOTS), "-gray", "-png", str(form), str(folder / "page")], check=True)
    pages = [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.png"))]
    hand = ImageDraw.Draw(pages[-1])
    words = _words(form, page=len(pages))
    ticked = next(word for word in words if word.text == box)
    middle, edge = (ticked.top + ticked.bottom) / 2, ticked.left - 20
    _draw(hand, [(edge - 6, middle), (edge, middle + 8), (edge + 14, middle - 12)])
    line = next(word for word in words if word.text == "Signature")
    _draw(hand, [(line.right + 100 + x / 3, line.top - 22 + y / 12) for x, y in scribble("Test Patient One")])
    done = folder / "IMG 0001 (2).pdf"
    pages[0].save(done, "PDF", resolution=DOTS, save_all=True, append_images=pages[1:], quality=60)
    return done


def _words(form: Path, *, page: int) -> list[Word]:
    command = ["pdftotext", "-f", str(page), "-l", str(page), "-bbox", str(form), "-"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.findall(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">([^<]*)</word>', listed)
    return [
        Word(text, float(left), float(top), float(right), float(bottom)) for left, top, right, bottom, text in found
    ]


def _draw(hand: ImageDraw.ImageDraw, places: list[tuple[float, float]]) -> None:
    hand.line([(x * POINT, y * POINT) for x, y in places], fill=40, width=5)
