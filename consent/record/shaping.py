"""From letters to glyphs: Arabic letters are joined, Devanagari ones form conjuncts, marks find their places.

HarfBuzz does it for one run at a time: neighbouring letters of one font, one writing and one direction. What it gives
is kept for a while, because the same words stand on every paper.

>>> from consent.record.fonts import load_fonts
>>> seen = shaped(load_fonts().regular.arabic, "لا", script="arabic", is_rtl=True)
>>> "".join(reversed([glyph.text for glyph in seen]))
'لا'
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby, pairwise

import uharfbuzz as hb

from consent.record.fonts import JOINERS, Face
from consent.record.scripts import is_mark

KEPT = 4_096  # runs
EMPTY = "\u200b"  # its glyph draws nothing and takes no room: it can carry a letter that has no glyph of its own
STEP = 10  # thousandths of the type size by which such a letter stands before the one it belongs to
SCRIPTS = {"latin": "Latn", "arabic": "Arab", "devanagari": "Deva", "chinese": "Hani"}


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a run, in thousandths of the type size.

    `text` is what it stands for. In a run from left to right the first of several has the text of all; from right to
    left each has its own letter, and what only draws a dot or a vowel mark has none.
    """

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
    **Gives** glyphs from left to right. Read backwards, the texts of a run from right to left are its letters.
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
    return tuple(_parted(face, glyphs)) if is_rtl else tuple(glyphs)


def _parted(face: Face, glyphs: Sequence[Glyph]) -> Iterator[Glyph]:
    """Glyphs from left to right, one letter on each that takes room, even of letters that have grown together.

    A letter without such a glyph is carried by an empty one, just before the glyph it belongs to.
    """
    waiting = ""
    for _start, group in groupby(glyphs, key=lambda glyph: glyph.start):
        cluster = list(group)
        waiting += "".join(glyph.text for glyph in cluster)[::-1]
        rooms = sum(glyph.advance > 0 for glyph in cluster)
        parts = iter(_parts(waiting, rooms))
        for glyph in cluster:
            if glyph.advance > 0:
                part = next(parts)
                yield from _carried(face, glyph, part[:-1])
                yield replace(glyph, text=part[-1:])
            else:
                yield replace(glyph, text="")
        waiting = "" if rooms else waiting
    if waiting:
        yield from _carried(face, glyphs[-1], waiting)


def _parts(letters: str, rooms: int) -> list[str]:
    """Letters from left to right for so many glyphs; what is too much goes to the last, the first are left without."""
    parts = list(_groups(letters))
    if rooms < len(parts):
        parts[rooms - 1 :] = ["".join(parts[rooms - 1 :])] if rooms else []
    return [""] * (rooms - len(parts)) + parts


def _carried(face: Face, before: Glyph, letters: str) -> Iterator[Glyph]:
    number = face.glyph(EMPTY)
    for place, letter in enumerate(letters):
        right = before.right - STEP * (len(letters) - place)
        yield Glyph(number, 0, right, 0, before.start, letter)


def _groups(letters: str) -> Iterator[str]:
    """Letters from left to right, each with the vowel marks and joiners that belong to it and stand on its left."""
    start = 0
    for place, letter in enumerate(letters, start=1):
        if not is_mark(letter) and letter not in JOINERS:
            yield letters[start:place]
            start = place
    if start < len(letters):
        yield letters[start:]
