"""A paragraph taken apart into units that are never parted: a letter with its marks, or letters grown into one glyph.

>>> [unit.text for unit in paragraph("e\u0301a", is_bold=False).units]
['é', 'a']
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from consent.record.bidi import (
    ISOLATES,
    RTL_LETTERS,
    ReadingOrder,
    is_rtl_language,
    reading_order,
    runs_right_to_left,
    without_isolates,
)
from consent.record.exceptions import MissingGlyphError
from consent.record.fonts import JOINERS, Face, load_fonts
from consent.record.scripts import SHAPED, clusters_of, composed, is_mark, is_simple, scripts_of, simple_scripts
from consent.record.shaping import Glyph, shaped

BESIDE = 4  # letters before and after a run that may change the form of its ends


@dataclass(frozen=True, slots=True)
class Unit:
    """What draws it, its width in thousandths of the type size, its place in the paragraph."""

    text: str
    face: Face
    width: float
    script: str | None = None  # its writing, where it has to be shaped
    level: int = 0  # odd: it runs from right to left
    start: int = 0

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Units in the order in which they are read; `order` where they may be seen in another one.

    The units of a simple paragraph are characters that stand for themselves; they do not know their places.
    """

    units: list[Unit]
    text: str
    language: str
    order: ReadingOrder | None = None
    is_simple: bool = False

    def glyphs(self, units: list[Unit]) -> tuple[Glyph, ...] | None:
        """The glyphs of neighbouring units of one font, writing and level, left to right; None where each is plain."""
        first, last = units[0], units[-1]
        if first.script is None:
            return None
        return shaped(
            first.face,
            self.text[first.start : last.end],
            script=first.script,
            is_rtl=bool(first.level % 2),
            language=self.language,
            before=self.text[max(0, first.start - BESIDE) : first.start].rpartition(" ")[2],
            after=self.text[last.end : last.end + BESIDE].partition(" ")[0],
        )


def paragraph(text: str, *, is_bold: bool, language: str = "en") -> Paragraph:
    """Take one paragraph apart that passed `check_text`.

    **Takes** the language for the direction and for the forms of letters.
    """
    written = composed(text.replace("\t", " "))
    plain = without_isolates(written)
    is_rtl = runs_right_to_left(plain, is_rtl=is_rtl_language(language))
    if not plain or (not is_rtl and all(map(is_simple, set(plain)))):
        scripts = simple_scripts(plain)
        units = [_simple_unit(letter, script, is_bold) for letter, script in zip(plain, scripts, strict=True)]
        return Paragraph(units, plain, language, is_simple=True)
    if is_rtl or RTL_LETTERS.search(plain):
        order = reading_order(written, is_rtl=is_rtl)
        whole = Paragraph([], written, language, order)
    else:
        whole = Paragraph([], plain, language)
    for run in _runs(whole, is_bold):
        whole.units.extend(_measured(run, whole))
    return whole


@lru_cache(maxsize=16_384)
def _simple_unit(character: str, script: str, is_bold: bool) -> Unit:
    face = _face(character, script, is_bold)
    return Unit(character, face, face.advance(face.glyph(character)))


def _face(cluster: str, script: str, is_bold: bool) -> Face:
    fonts = load_fonts()
    face = (fonts.bold if is_bold else fonts.regular).face_for(cluster, script)
    if face is None:
        raise MissingGlyphError(cluster[0], field="text")
    return face


def _runs(whole: Paragraph, is_bold: bool) -> Iterator[list[Unit]]:
    """Neighbours of one font, writing and level, each letter with its marks; not measured yet."""
    places, start = [], 0
    for cluster in clusters_of(whole.text):
        if cluster not in ISOLATES:
            places.append((cluster, start))
        start += len(cluster)
    scripts = scripts_of([cluster for cluster, _start in places])
    run: list[Unit] = []
    for (cluster, start), script in zip(places, scripts, strict=True):
        level = whole.order.levels[start] if whole.order else 0
        is_plain = script not in SHAPED and not level % 2 and not any(is_mark(c) or c in JOINERS for c in cluster)
        unit = Unit(cluster, _face(cluster, script, is_bold), 0.0, None if is_plain else script, level, start)
        if run and not is_one_run(run[-1], unit):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def is_one_run(before: Unit, after: Unit) -> bool:
    """Whether two units of one paragraph are drawn together."""
    return (before.face, before.script, before.level, before.end) == (
        after.face,
        after.script,
        after.level,
        after.start,
    )


def _measured(run: list[Unit], whole: Paragraph) -> Iterator[Unit]:
    first = run[0]
    glyphs = whole.glyphs(run)
    if glyphs is None:
        for unit in run:
            width = sum(unit.face.advance(unit.face.glyph(character)) for character in unit.text)
            yield Unit(unit.text, unit.face, width, None, unit.level, unit.start)
        return
    widths: dict[int, float] = {}
    for glyph in glyphs:
        widths[glyph.start] = widths.get(glyph.start, 0.0) + glyph.advance
    stops = sorted({unit.start for unit in run} & {first.start + start for start in widths})
    for start, end in zip(stops, [*stops[1:], run[-1].end], strict=True):
        measured = sum(widths.get(place - first.start, 0.0) for place in range(start, end))
        yield Unit(whole.text[start:end], first.face, measured, first.script, first.level, start)
