"""From a string to lines: shaped, ordered, font by font, broken where each writing allows it; never read as markup.

Lines are filled in the order in which a text is read; only then is each line put into the order in which it is seen.

>>> [line.text for line in set_lines("one two", Style(10, 15), 20)]
['one', 'two']
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from consent.record.bidi import isolated, without_isolates
from consent.record.fonts import Face, Weight, load_fonts
from consent.record.scripts import is_wide
from consent.record.shaping import Glyph
from consent.record.units import Paragraph, Unit, is_one_run, paragraph

SPACES = frozenset(" \t\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u3000")
NEVER_FIRST = frozenset(",.;:!?)]}%，。、；：！？）》」』】〕〗〉”’…—·～％‰℃°々ー｝］・»،؛؟۔।॥")
NEVER_LAST = frozenset("([{（《「『【〔〖〈“‘｛［$￥¥#«¿¡")
STRAIGHT_QUOTES = frozenset("\"'")
KEPT = 2_048  # paragraphs set lately: labels and sheets stand on every paper
LONGEST_FITTED = 400  # characters looked at of a text of which only the first line is shown


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: sizes in points, `ink` from 0 (black) to 1 (white)."""

    size: float
    leading: float
    is_bold: bool = False
    ink: float = 0.0

    def weight(self) -> Weight:
        """The fonts this style draws from."""
        return load_fonts().bold if self.is_bold else load_fonts().regular


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring letters of one font; `x` is where it begins on the line, in thousandths of the type size.

    Without `glyphs` each character is drawn by its own glyph, one behind the other. `start` is the place of its first
    letter in the paragraph.
    """

    face: Face
    text: str
    x: float
    glyphs: tuple[Glyph, ...] | None = None
    start: int = 0
    is_rtl: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line: its runs from left to right, what it says as it is read, its width in points.

    On a plain line every character is drawn by its own glyph, in the order in which it is read. `is_rtl` is the
    direction of its paragraph.
    """

    runs: tuple[Run, ...]
    text: str
    width: float
    is_plain: bool = True
    is_rtl: bool = False

    @property
    def is_turned(self) -> bool:
        """Whether any of it runs from right to left."""
        return not self.is_plain and any(run.is_rtl for run in self.runs)


def may_break(before: str, after: str) -> bool:
    """Whether a line may end after one character and the next begin with the other.

    **Source** the common part of Unicode line breaking and of the Chinese rules: no line starts with closing
    punctuation, none ends with opening punctuation; words of other writings stay whole.
    """
    if after in NEVER_FIRST or after in SPACES or before in NEVER_LAST:
        return False
    if before in SPACES:
        return True
    if before in STRAIGHT_QUOTES or after in STRAIGHT_QUOTES:
        return False
    if is_wide(before) or is_wide(after):
        return True
    return (before in "-/" and after.isalpha()) or (before == "—" and after.isalnum())


def _words(units: list[Unit]) -> Iterator[list[Unit]]:
    start = 0
    for place in range(1, len(units)):
        if may_break(units[place - 1].text[-1], units[place].text[0]):
            yield units[start:place]
            start = place
    if start < len(units):
        yield units[start:]


def _without_end_spaces(units: list[Unit]) -> list[Unit]:
    end = len(units)
    while end and units[end - 1].text in SPACES:
        end -= 1
    return units[:end]


def _width(units: list[Unit]) -> float:
    return sum(unit.width for unit in units)


def _chopped(word: list[Unit], limit: float) -> Iterator[list[Unit]]:
    start = 0
    while True:
        end, used = start, 0.0
        while end < len(word):
            unit = word[end]
            if end > start and unit.text not in SPACES and used + unit.width > limit:
                break
            used += unit.width
            end += 1
        if end == len(word):
            yield word[start:]
            return
        shorter = end
        while shorter > start + 1 and word[shorter].text in NEVER_FIRST:
            shorter -= 1
        end = shorter if shorter > start + 1 else end
        yield word[start:end]
        start = end


def _filled_lines(units: list[Unit], limit: float) -> Iterator[list[Unit]]:
    current: list[Unit] = []
    used = 0.0
    for word in _words(units):
        width = _width(word)
        solid = width if word[-1].text not in SPACES else _width(_without_end_spaces(word))
        if current and used + solid > limit:
            yield current
            current, used = [], 0.0
        if solid > limit:
            *full, word = _chopped(word, limit)
            yield from full
            width = _width(word)
        current += word
        used += width
    yield current


def _as_line(whole: Paragraph, units: list[Unit], size: float) -> Line:
    groups: list[list[Unit]] = []
    for unit in _without_end_spaces(units):
        if groups and (groups[-1][-1].face is unit.face if whole.is_simple else is_one_run(groups[-1][-1], unit)):
            groups[-1].append(unit)
        else:
            groups.append([unit])
    runs: list[Run] = []
    x = 0.0
    seen = _seen_order(whole, groups)
    for group in seen:
        glyphs = whole.glyphs(group)
        first = group[0]
        runs.append(Run(first.face, _text(group), x, glyphs, first.start, bool(first.level % 2)))
        x += _width(group) if glyphs is None else sum(glyph.advance for glyph in glyphs)
    is_plain = seen == groups and all(run.glyphs is None for run in runs)
    is_rtl = whole.order is not None and whole.order.is_rtl
    return Line(tuple(runs), "".join(map(_text, groups)), x * size / 1000, is_plain, is_rtl)


def _text(units: list[Unit]) -> str:
    return "".join([unit.text for unit in units])


def _seen_order(whole: Paragraph, groups: list[list[Unit]]) -> list[list[Unit]]:
    """Groups that are read in this order, from the left of the line to its right."""
    if whole.order is None or len(groups) < 2:
        return groups
    start, end = groups[0][0].start, groups[-1][-1].end
    seen = {letter: place for place, letter in enumerate(whole.order.on_line(start, end))}
    return sorted(groups, key=lambda group: seen[group[0].start])


@lru_cache(maxsize=KEPT)
def set_line(text: str, style: Style, language: str = "en") -> Line:
    """Set a text in one line, however long."""
    whole = paragraph(text, is_bold=style.is_bold, language=language)
    return _as_line(whole, whole.units, style.size)


def set_lines(text: str, style: Style, width: float, language: str = "en") -> list[Line]:
    """Break one paragraph into lines no wider than `width` points; an empty text gives one empty line."""
    return list(_lines(text, style, width, language))


@lru_cache(maxsize=KEPT)
def _lines(text: str, style: Style, width: float, language: str) -> tuple[Line, ...]:
    whole = paragraph(text, is_bold=style.is_bold, language=language)
    limit = width * 1000 / style.size
    return tuple(_as_line(whole, units, style.size) for units in _filled_lines(whole.units, limit))


def fitted(text: str, style: Style, width: float, language: str = "en") -> Line:
    """Set a value in one line of at most `width` points; what does not fit is replaced by an ellipsis."""
    value = without_isolates(text)
    whole = set_line(isolated(value), style, language)
    if whole.width <= width:
        return whole
    first = set_lines(isolated(value[:LONGEST_FITTED]), style, width - style.size, language)[0]
    return set_line(isolated(first.text + "…"), style, language)
