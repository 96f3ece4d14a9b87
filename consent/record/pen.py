"""The operators of one line of text, as they stand in the content of a page.

Places are reached by moving the pen, never by raising the baseline. Letters that run from right to left are drawn from
the left of the line to its right, one glyph for each, and called reversed (ISO 32000-1, 14.8.2.3.3); the runs of a
line follow each other as they are read. So whoever copies from the file, and whoever checks it, finds what was written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from consent.record.embedded import EmbeddedFont, in_utf16
from consent.record.fonts import JOINERS
from consent.record.scripts import is_mark
from consent.record.shaping import Glyph
from consent.record.text import Run
from consent.record.turned import LRM, RLM

EMPTY = "\u200b"  # its glyph draws nothing and takes no room: it can carry a letter that has no glyph of its own
STEP = 10  # thousandths of the type size by which a letter without a glyph stands before the one it belongs to
REVERSED = "ReversedChars"


@dataclass(frozen=True, slots=True)
class _Stroke:
    """One glyph at its place on the line, in thousandths; `reach` is how far it moves a pen that is told nothing."""

    code: str
    x: float
    up: int
    reach: int
    is_told: bool


class Pen:
    """Writes the operators of one line."""

    def __init__(self, size: float) -> None:
        self.size = size
        self._written: list[str] = []
        self._x = self._y = 0.0  # where the start of the pen's line lies, in thousandths, seen from that of the text
        self._has_shown = False  # glyphs move the pen, but not the start of its line

    def operators(self) -> str:
        """All that was written."""
        return " ".join(self._written)

    def run(self, font: EmbeddedFont, run: Run, letters: Sequence[str] = ()) -> None:
        """Draw one run at its place.

        **Takes** what each of its letters says, where that is more than the letter, from left to right.
        """
        self._written.append(f"/{font.name} {self.size:g} Tf")
        if run.glyphs is None:
            self._move(run.x, 0.0)
            codes = font.marked_codes(run.text, letters) if letters else font.codes(run.text)
            self._written.append(f"<{codes}> Tj")
        else:
            self._draw(list(_strokes(font, run.glyphs, run.x)))

    def said(self, font: EmbeddedFont, run: Run, text: str) -> None:
        """Draw one run whose glyphs alone do not say what it says."""
        self._written.append(begin_said(text))
        self.run(font, run)
        self._written.append("EMC")

    def reversed(self, font: EmbeddedFont, run: Run, letters: Sequence[str]) -> None:
        """Draw one run that is read from right to left.

        **Takes** its letters from left to right, each with the marks beside it.
        """
        self._written.append(f"/{font.name} {self.size:g} Tf /{REVERSED} BMC")
        strokes: list[_Stroke] = []
        x, place = run.x, 0
        for _start, group in groupby(run.glyphs or (), key=lambda glyph: glyph.start):
            cluster = list(group)
            count = len("".join(glyph.text for glyph in cluster))
            strokes += _carried(font, cluster, letters[place : place + count], x)
            place += count
            x += sum(glyph.advance for glyph in cluster)
        told = [stroke for stroke in strokes if stroke.is_told]
        heights = [list(level) for _up, level in groupby(told, key=lambda stroke: stroke.up)]
        for level in reversed(heights):
            self._draw(level)
        silent = [stroke for stroke in strokes if not stroke.is_told]
        self._written.append(f"EMC {begin_said('')}" if silent else "EMC")
        self._draw(silent)
        self._written += ["EMC"] if silent else []

    def _move(self, x: float, y: float) -> None:
        if self._has_shown or (x, y) != (self._x, self._y):
            scale = self.size / 1000
            self._written.append(f"{(x - self._x) * scale:.3f} {(y - self._y) * scale:.3f} Td")
            self._x, self._y = x, y
        self._has_shown = True

    def _draw(self, strokes: Sequence[_Stroke]) -> None:
        """Draw glyphs of one height in one go; what lies between them is told in thousandths, as the format asks."""
        for up, level in groupby(strokes, key=lambda stroke: stroke.up):
            pieces: list[str] = []
            drawn: float | None = None
            for stroke in level:
                if drawn is None:
                    drawn = stroke.x
                    self._move(drawn, up)
                gap = round(drawn - stroke.x, 3)
                pieces.append(f"> {gap:g} <{stroke.code}" if gap else stroke.code)
                drawn = stroke.x + stroke.reach
            self._written.append(f"[<{''.join(pieces)}>] TJ")


def begin_said(text: str) -> str:
    """Open what says a text, whatever is drawn in it (ActualText)."""
    return f"/Span <</ActualText <FEFF{in_utf16(text)}>>> BDC"


def _strokes(font: EmbeddedFont, glyphs: Sequence[Glyph], x: float) -> Iterator[_Stroke]:
    for glyph in glyphs:
        yield _stroke(font, glyph, glyph.text, x)
        x += glyph.advance


def _carried(font: EmbeddedFont, cluster: Sequence[Glyph], letters: Sequence[str], x: float) -> Iterator[_Stroke]:
    """The glyphs of letters that have grown together, one letter on each; none on dots and vowel marks.

    A letter without a glyph that takes room is carried by an empty one, just before the glyph it belongs to.
    """
    groups = list(_groups(letters))
    rooms = sum(glyph.advance > 0 for glyph in cluster)
    if len(groups) > rooms:
        groups[rooms - 1 :] = [[letter for group in groups[rooms - 1 :] for letter in group]]
    groups[:0] = [[""]] * (rooms - len(groups))
    for glyph in cluster:
        own = ""
        if glyph.advance > 0:
            *before, own = groups.pop(0)
            yield from _empty(font, before, x + glyph.right)
        yield _stroke(font, glyph, own, x)
        x += glyph.advance
    for group in groups:  # a cluster that takes no room
        yield from _empty(font, group, x)


def _stroke(font: EmbeddedFont, glyph: Glyph, text: str, x: float) -> _Stroke:
    code = font.code(glyph.number, text)
    return _Stroke(code, x + glyph.right, glyph.up, font.face.advance(glyph.number), bool(text))


def _empty(font: EmbeddedFont, letters: Sequence[str], x: float) -> Iterator[_Stroke]:
    number = font.face.glyph(EMPTY)
    for place, letter in enumerate(letters):
        yield _Stroke(font.code(number, letter), x - STEP * (len(letters) - place), 0, 0, is_told=True)


def _groups(letters: Sequence[str]) -> Iterator[list[str]]:
    """Letters from left to right, each with the vowel marks and joiners that belong to it and stand on its left."""
    group: list[str] = []
    for letter in letters:
        group.append(letter)
        plain = letter.strip(LRM + RLM)
        if not is_mark(plain) and plain not in JOINERS:
            yield group
            group = []
    if group:
        yield group
