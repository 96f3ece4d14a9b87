"""Our own fonts: which are there, what they can draw, how wide each character is.

Noto Sans is asked first, Noto Sans SC second. A character that neither has is refused before anything is
drawn (`check.py`), because reportlab would print an empty box without a word.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from consent.record.exceptions import FontsMissingError

FOLDER = Path(__file__).parent / "fonts"
_registering = threading.Lock()

# Nothing that is printed may be fetched from anywhere: reportlab would follow file, data and https addresses.
rl_config.trustedSchemes = []
rl_config.trustedHosts = []


@dataclass(frozen=True, slots=True)
class Face:
    """One font file. `widths` holds every character it can draw, in thousandths of the type size."""

    name: str
    widths: Mapping[int, float]

    def has(self, text: str) -> bool:
        """Whether this font can draw every character of the text."""
        return all(ord(character) in self.widths for character in text)

    def width(self, text: str) -> float:
        """Width of a text the font has, in thousandths of the type size."""
        return sum(self.widths[ord(character)] for character in text)


@dataclass(frozen=True, slots=True)
class Weight:
    """The two fonts of one weight, in the order in which they are asked."""

    latin: Face
    chinese: Face

    def face_for(self, text: str, *, chinese_first: bool = False) -> Face | None:
        """Pick the first font that has the whole text; None if neither has."""
        order = (self.chinese, self.latin) if chinese_first else (self.latin, self.chinese)
        return next((face for face in order if face.has(text)), None)


@dataclass(frozen=True, slots=True)
class Fonts:
    """Both weights."""

    regular: Weight
    bold: Weight


def _register(name: str) -> Face:
    path = FOLDER / f"{name}.ttf"
    if not path.is_file():
        raise FontsMissingError(f"The font {path.name} is not there; build the front end, then print again.")
    font = TTFont(name, str(path))
    pdfmetrics.registerFont(font)
    widths = font.face.charWidths
    return Face(name, {code: widths[code] for code in font.face.charToGlyph})


@lru_cache(maxsize=1)
def _load() -> Fonts:
    return Fonts(
        regular=Weight(_register("NotoSans_400Regular"), _register("NotoSansSC_400Regular")),
        bold=Weight(_register("NotoSans_700Bold"), _register("NotoSansSC_700Bold")),
    )


def load_fonts() -> Fonts:
    """Read and register the four font files, once per process.

    **Raises** FontsMissingError when the front end was not built.
    """
    with _registering:
        return _load()
