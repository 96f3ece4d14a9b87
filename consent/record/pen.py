"""The operators of one line of text, as they stand in the content of a page.

Places are reached by moving the pen, never by raising the baseline. Letters that run from right to left are drawn from
the left of the line to its right, one glyph for each, and called reversed (ISO 32000-1, 14.8.2.3.3); the runs of a
line follow each other as they are read. So whoever copies from the file, and whoever checks it, finds what was written.
"""

from collections.abc import Iterator, Sequence

from consent.record.embedded import EmbeddedFont, in_utf16
from consent.record.text import Run

REVERSED = "ReversedChars"
SAID_NOTHING = "/Span <</ActualText <FEFF>>> BDC"
# A glyph: its code and how far it moves the pen, then its place on the line and its height, all in thousandths.
_Stroke = tuple[tuple[str, int], float, int]


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
            strokes, x = [], run.x
            for glyph in run.glyphs:
                strokes.append((font.drawing(glyph.number, glyph.text), x + glyph.right, glyph.up))
                x += glyph.advance
            self._draw(strokes)

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
        told: list[_Stroke] = []
        silent: list[_Stroke] = []
        x, rest = run.x, iter(letters)
        for glyph in run.glyphs or ():
            text = next(rest) if glyph.text else ""
            (told if text else silent).append((font.drawing(glyph.number, text), x + glyph.right, glyph.up))
            x += glyph.advance
        for level in reversed(list(_levels(told))):
            self._draw(level)
        self._written.append("EMC")
        if silent:
            self._written.append(SAID_NOTHING)
            self._draw(silent)
            self._written.append("EMC")

    def _move(self, x: float, y: float) -> None:
        if self._has_shown or (x, y) != (self._x, self._y):
            scale = self.size / 1000
            self._written.append(f"{(x - self._x) * scale:.3f} {(y - self._y) * scale:.3f} Td")
            self._x, self._y = x, y
        self._has_shown = True

    def _draw(self, strokes: Sequence[_Stroke]) -> None:
        """Draw glyphs of one height in one go; what lies between them is told in thousandths, as the format asks."""
        pieces: list[str] = []
        height, drawn = 0, 0.0
        for (code, reach), x, up in strokes:
            if up != height or not pieces:
                self._show(pieces)
                pieces, height, drawn = [], up, x
                self._move(x, up)
            if x != drawn and (gap := round(drawn - x, 3)):
                pieces.append(f"> {gap:g} <")
            pieces.append(code)
            drawn = x + reach
        self._show(pieces)

    def _show(self, pieces: Sequence[str]) -> None:
        if pieces:
            self._written.append(f"[<{''.join(pieces)}>] TJ")


def begin_said(text: str) -> str:
    """Open what says a text, whatever is drawn in it (ActualText)."""
    return f"/Span <</ActualText <FEFF{in_utf16(text)}>>> BDC"


def _levels(strokes: Sequence[_Stroke]) -> Iterator[Sequence[_Stroke]]:
    """Neighbours of one height."""
    if all(up == 0 for _drawing, _x, up in strokes):
        yield from filter(None, [strokes])
        return
    start = 0
    for place in range(1, len(strokes) + 1):
        if place == len(strokes) or strokes[place][-1] != strokes[start][-1]:
            yield strokes[start:place]
            start = place
