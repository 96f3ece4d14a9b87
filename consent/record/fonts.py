"""Our own fonts: which are there, what they can draw, how wide each character is, and the part of one a paper needs.

A font is opened when the first text asks for it and stays open. Which one draws a character depends on the writing
around it; a character that none of them has is refused before anything is drawn (`check.py`), because a missing one
would be printed as an empty box without a word.

>>> load_fonts().regular.face_for("ش", "arabic").name
'NotoSansArabic_400Regular'
"""

import struct
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb

from consent.record.exceptions import FontsMissingError

FOLDER = Path(__file__).parent / "fonts"
JOINERS = frozenset("\u200c\u200d")  # change the letters beside them and are not drawn themselves
# Tables a printed page has no use for: it names glyphs by number and places each one itself.
LEFT_OUT = ("GDEF", "GPOS", "GSUB", "OS/2", "name", "cmap", "post", "DSIG", "STAT", "gasp", "meta", "vhea", "vmtx")
NO_HINTS = hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
_opening = threading.Lock()


class Face:
    """One font file. Widths and places are in thousandths of the type size."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.stem
        self._glyphs: dict[str, int] = {}
        self._widths: dict[int, int] = {}

    def __repr__(self) -> str:
        return f"Face({self.name})"

    @cached_property
    def font(self) -> hb.Font:
        """The opened font, for shaping."""
        with _opening:
            return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path))))

    def glyph(self, character: str) -> int:
        """The number of a character's plain glyph; 0 when the font does not have it."""
        known = self._glyphs.get(character)
        if known is None:
            known = self._glyphs[character] = self.font.get_nominal_glyph(ord(character)) or 0
        return known

    def has(self, text: str) -> bool:
        """Whether this font can draw every character of the text."""
        return all(character in JOINERS or self.glyph(character) for character in text)

    def advance(self, glyph: int) -> int:
        """How far a glyph moves the pen."""
        known = self._widths.get(glyph)
        if known is None:
            known = self._widths[glyph] = self.font.get_glyph_h_advance(glyph)
        return known

    def characters(self) -> set[int]:
        """Every character the font can draw."""
        return set(self.font.face.unicodes)

    @cached_property
    def measures(self) -> "Measures":
        """What a PDF says about the font as a whole."""
        face = self.font.face
        extents = self.font.get_font_extents("ltr")
        box = struct.unpack(">4h", face.reference_table("head").data[36:44])
        return Measures(
            postscript_name=face.get_name(hb.OTNameIdPredefined.POSTSCRIPT_NAME) or self.name,
            ascent=extents.ascender,
            descent=extents.descender,
            cap_height=self.font.get_metric_position_with_fallback(hb.OTMetricsTag.CAP_HEIGHT),
            box=box,
        )

    def part(self, glyphs: Iterable[int]) -> tuple[bytes, Mapping[int, int]]:
        """The font file with these glyphs only, and where each one stands in it."""
        wanted = hb.SubsetInput()
        wanted.glyph_set.update(glyphs)
        wanted.drop_table_tag_set.update(int.from_bytes(table.encode()) for table in LEFT_OUT)
        wanted.flags = NO_HINTS
        plan = hb.SubsetPlan(self.font.face, wanted)
        return plan.execute().blob.data, dict(plan.old_to_new_glyph_mapping)


@dataclass(frozen=True, slots=True)
class Measures:
    """A font as a whole, in thousandths of the type size."""

    postscript_name: str
    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Weight:
    """The fonts of one weight."""

    latin: Face
    arabic: Face
    devanagari: Face
    chinese: Face

    def face_for(self, cluster: str, script: str = "latin") -> Face | None:
        """Pick the font for a letter with its marks: that of its writing first; None if none has all of it.

        **Takes** "latin", "arabic", "devanagari" or "chinese" as the writing the letter stands in.
        """
        first: Face = getattr(self, script)
        if first.has(cluster):
            return first
        others = (self.latin, self.chinese, self.devanagari, self.arabic)
        return next((face for face in others if face is not first and face.has(cluster)), None)


@dataclass(frozen=True, slots=True)
class Fonts:
    """Both weights."""

    regular: Weight
    bold: Weight


def _face(name: str) -> Face:
    path = FOLDER / f"{name}.ttf"
    if not path.is_file():
        raise FontsMissingError(f"The font {path.name} is not there; build the front end, then print again.")
    return _known(path)


@lru_cache
def _known(path: Path) -> Face:
    return Face(path)


def _weight(suffix: str) -> Weight:
    names = ("NotoSans", "NotoSansArabic", "NotoSansDevanagari", "NotoSansSC")
    return Weight(*(_face(f"{name}_{suffix}") for name in names))


@lru_cache(maxsize=1)
def _load() -> Fonts:
    return Fonts(regular=_weight("400Regular"), bold=_weight("700Bold"))


def load_fonts() -> Fonts:
    """Find the font files, once per process.

    **Raises** FontsMissingError when the front end was not built.
    """
    return _load()
