"""From a string to lines: font by font, broken where Latin and Chinese allow it; never read as markup."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from consent.record.exceptions import MissingGlyphError
from consent.record.fonts import Face, Weight, load_fonts

SPACES = frozenset(" \t\u2002\u2003\u2004\u2005\u2006\u2008\u2009\u200a\u3000")
NEVER_FIRST = frozenset(",.;:!?)]}%，。、；：！？）》」』】〕〗〉”’…—·～％‰℃°々ー｝］・")
NEVER_LAST = frozenset("([{（《「『【〔〖〈“‘｛［$￥¥#")
STRAIGHT_QUOTES = frozenset("\"'")
# In both fonts, but of another width in Chinese: they follow the letters beside them.
SHARED = frozenset("“”‘’…—·")


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: sizes in points, `ink` from 0 (black) to 1 (white)."""

    size: float
    leading: float
    is_bold: bool = False
    ink: float = 0.0

    def weight(self) -> Weight:
        """The pair of fonts this style draws from."""
        return load_fonts().bold if self.is_bold else load_fonts().regular


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character, the font that draws it, its width in thousandths of the type size."""

    text: str
    face: Face
    width: float


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters of one font."""

    face_name: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line and its width in points."""

    runs: tuple[Run, ...]
    width: float


def is_wide(character: str) -> bool:
    """Whether this is a Chinese-width character, beside which a line may break."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


def is_mark(character: str) -> bool:
    """Whether this is an accent or other mark that is drawn on the character before it."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me"}


def composed(text: str) -> str:
    """Join each character and its marks into one character where Unicode has one; leave all others alone.

    Normalising a whole text would also exchange some Chinese characters; a name must stay as it is written.
    """
    clusters: list[str] = []
    for character in text:
        if clusters and is_mark(character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return "".join(cluster if len(cluster) == 1 else unicodedata.normalize("NFC", cluster) for cluster in clusters)


def _stands_in_chinese(text: str, place: int) -> bool:
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(text) and text[at] in SHARED:
            at += step
        if 0 <= at < len(text) and is_wide(text[at]):
            return True
    return False


def glyphs(text: str, weight: Weight) -> list[Glyph]:
    """Choose a font for every character of a text that passed `check_text`."""
    chosen: list[Glyph] = []
    written = composed(text.replace("\t", " "))
    for place, character in enumerate(written):
        chinese_first = character in SHARED and _stands_in_chinese(written, place)
        face = weight.face_for(character, chinese_first=chinese_first)
        if face is None:
            raise MissingGlyphError(character, field="text")
        chosen.append(Glyph(character, face, face.width(character)))
    return chosen


def may_break(before: str, after: str) -> bool:
    """Whether a line may end after one character and the next begin with the other.

    **Source** the common part of Unicode line breaking and of the Chinese rules: no line starts with closing
    punctuation, none ends with opening punctuation, Latin words stay whole.
    """
    if after in NEVER_FIRST or after in SPACES or before in NEVER_LAST:
        return False
    if before in SPACES:
        return True
    if before in STRAIGHT_QUOTES or after in STRAIGHT_QUOTES:
        return False
    if is_wide(before) or is_wide(after):
        return True
    return (before == "-" and after.isalpha()) or (before == "—" and after.isalnum())


def _words(line: list[Glyph]) -> Iterator[list[Glyph]]:
    word: list[Glyph] = []
    for glyph in line:
        if word and may_break(word[-1].text, glyph.text):
            yield word
            word = []
        word.append(glyph)
    if word:
        yield word


def _without_end_spaces(line: list[Glyph]) -> list[Glyph]:
    end = len(line)
    while end and line[end - 1].text in SPACES:
        end -= 1
    return line[:end]


def _width(line: list[Glyph]) -> float:
    return sum(glyph.width for glyph in _without_end_spaces(line))


def _chopped(word: list[Glyph], limit: float) -> Iterator[list[Glyph]]:
    start = 0
    while True:
        end, used = start, 0.0
        while end < len(word):
            glyph = word[end]
            if end > start and glyph.text not in SPACES and used + glyph.width > limit:
                break
            used += glyph.width
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


def _filled_lines(line: list[Glyph], limit: float) -> Iterator[list[Glyph]]:
    current: list[Glyph] = []
    used = 0.0
    for word in _words(line):
        if current and used + _width(word) > limit:
            yield current
            current, used = [], 0.0
        *full, word = _chopped(word, limit)
        yield from full
        current = current + word if not full else word
        used = sum(glyph.width for glyph in current)
    yield current


def _as_line(line: list[Glyph], size: float) -> Line:
    runs: list[Run] = []
    solid = _without_end_spaces(line)
    for glyph in solid:
        if runs and runs[-1].face_name == glyph.face.name:
            runs[-1] = Run(glyph.face.name, runs[-1].text + glyph.text)
        else:
            runs.append(Run(glyph.face.name, glyph.text))
    return Line(tuple(runs), _width(solid) * size / 1000)


def set_line(text: str, style: Style) -> Line:
    """Set a text in one line, however long."""
    return _as_line(glyphs(text, style.weight()), style.size)


def set_lines(text: str, style: Style, width: float) -> list[Line]:
    """Break one paragraph into lines no wider than `width` points; an empty text gives one empty line."""
    limit = width * 1000 / style.size
    return [_as_line(line, style.size) for line in _filled_lines(glyphs(text, style.weight()), limit)]


def fitted(text: str, style: Style, width: float) -> Line:
    """Set a text in one line of at most `width` points; what does not fit is replaced by an ellipsis."""
    whole = set_line(text, style)
    if whole.width <= width:
        return whole
    first = set_lines(text[:400], style, width - style.size)[0]
    return set_line("".join(run.text for run in first.runs) + "…", style)
