"""From letters to glyphs: Arabic letters are joined, Devanagari ones form conjuncts, marks find their places.

HarfBuzz does it for one run at a time: neighbouring letters of one font, one writing and one direction. What it gives
is kept for a while, because the same words stand on every paper.

>>> from consent.record.fonts import load_fonts
>>> [glyph.text for glyph in shaped(load_fonts().regular.arabic, "لا", script="arabic", is_rtl=True)]
['لا']
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import uharfbuzz as hb

from consent.record.fonts import Face

KEPT = 4_096  # runs
SCRIPTS = {"latin": "Latn", "arabic": "Arab", "devanagari": "Deva", "chinese": "Hani"}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a run, in thousandths of the type size; `text` is what it stands for, on the first of several."""

    number: int
    advance: int
    right: int  # how far from the pen it is drawn
    up: int
    start: int  # place in the run of the first letter it stands for
    text: str


@lru_cache(maxsize=KEPT)
def shaped(
    face: Face, text: str, *, script: str, is_rtl: bool, language: str = "", before: str = "", after: str = ""
) -> tuple[Glyph, ...]:
    """Shape one run.

    **Takes** the run in the order in which it is read; `before` and `after` are the letters beside it, to which its
    ends are joined although they are drawn elsewhere.
    **Gives** glyphs from left to right.
    """
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.add_codepoints([ord(letter) for letter in before + text + after], len(before), len(text))
    buffer.direction = "rtl" if is_rtl else "ltr"
    buffer.script = SCRIPTS[script]
    buffer.language = language or "und"
    hb.shape(face.font, buffer)
    infos = [(info.codepoint, info.cluster - len(before)) for info in buffer.glyph_infos]
    stops = [*sorted({start for _number, start in infos}), len(text)]
    ends = dict(pairwise(stops))
    glyphs, told = [], set()
    for (number, start), place in zip(infos, buffer.glyph_positions, strict=True):
        stands_for = "" if start in told else text[start : ends[start]]
        told.add(start)
        glyphs.append(Glyph(number, place.x_advance, place.x_offset, place.y_offset, start, stands_for))
    return tuple(glyphs)
