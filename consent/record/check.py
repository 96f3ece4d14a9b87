"""What may be printed at all. Asked for the whole record before the first line is drawn.

Refused, each with the name of the field and of the character: whatever nobody can see (controls, direction marks,
characters without a meaning of their own), marks without a letter or in heaps, and characters our fonts do not have.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache

from consent.record.exceptions import InvalidTextError, MissingGlyphError, RecordError, UnsupportedScriptError
from consent.record.fonts import JOINERS, load_fonts
from consent.record.scripts import SHAPED, clusters_of, composed, is_mark, is_simple, script_of
from consent.record.text import KEPT
from consent.record_facts import ConsentRecord

LONGEST_LINE = 1_000  # characters in a field that is meant to be one line
MOST_MARKS = 4  # on one letter: more would run into the lines above and below
SEVERAL_LINES = frozenset(
    {
        "text", "sentence", "note", "state_explained", "conversation", "questions", "without_word", "labels",
        "ended_words", "language_note", "answer", "what_matters",
    }
)  # fmt: skip  # fields, or lists of them, in which a line break is meant
KINDS = {
    "Cc": "a control character",
    "Cf": "an invisible character",
    "Cs": "half a character",
    "Co": "a character with a private meaning",
    "Cn": "a character that Unicode does not know",
    "Zl": "an invisible line break",
    "Zp": "an invisible line break",
}
DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Drawn around the digits that follow; of the category of invisible characters all the same.
VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")
# Of a visible category, but nobody can see them: fillers, variation selectors, the empty braille cell.
UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
IN_A_LINE = frozenset("\n\t")
OUR_SCRIPTS = frozenset(
    {"LATIN", "GREEK", "CYRILLIC", "COMBINING", "CJK", "ARABIC", "DEVANAGARI", "HIRAGANA", "KATAKANA"}
)
LETTERS = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl"})


def check_text(text: str, *, field: str, several_lines: bool = False) -> None:
    """Refuse a text that cannot be printed faithfully.

    **Takes** the text, the name of the field for the message, and whether line breaks are meant.
    **Raises** InvalidTextError, UnsupportedScriptError or MissingGlyphError, each naming the field.
    """
    if not _passes(text, several_lines):
        _check(text, field=field, several_lines=several_lines)


@lru_cache(maxsize=KEPT)
def _passes(text: str, several_lines: bool) -> bool:
    try:
        _check(text, field="text", several_lines=several_lines)
    except RecordError:
        return False
    return True


def _check(text: str, *, field: str, several_lines: bool) -> None:
    written = text.replace("\r\n", "\n") if several_lines else text
    if not several_lines and len(text) > LONGEST_LINE:
        raise InvalidTextError(f"{field}: longer than {LONGEST_LINE} characters.", field=field)
    letters = [letter for letter in dict.fromkeys(written) if not (several_lines and letter in IN_A_LINE)]
    for letter in letters:
        _check_visible(letter, field=field)
    if all(map(is_simple, letters)):
        _check_clusters(letters, field=field)
        return
    for line in written.split("\n"):
        _check_clusters(clusters_of(composed(line)), field=field)


def _check_visible(character: str, *, field: str) -> None:
    if character in JOINERS or character in VISIBLE_FORMATS:
        return
    kind = "an invisible character" if UNSEEN.match(character) else KINDS.get(unicodedata.category(character))
    if character in DIRECTIONS:
        kind = "an invisible mark that turns the direction of the writing"
    if kind is not None:
        name = unicodedata.name(character, "")
        shown = f"U+{ord(character):04X}" + (f" ({name})" if name else "")
        raise InvalidTextError(f"{field}: holds {shown}, {kind}. Take it out.", field=field)


def _check_clusters(clusters: list[str], *, field: str) -> None:
    weight = load_fonts().regular  # both weights have the same characters; a test says so
    for place, cluster in enumerate(dict.fromkeys(clusters)):
        _check_marks(cluster, is_first=not place, field=field)
        if cluster != "\t" and weight.face_for(cluster, script_of(cluster[0]) or "latin") is None:
            raise _missing(cluster, field=field)


def _check_marks(cluster: str, *, is_first: bool, field: str) -> None:
    first = cluster[0]
    if is_first and is_mark(first):
        raise InvalidTextError(f"{field}: begins with the mark U+{ord(first):04X}, which no letter bears.", field=field)
    if sum(unicodedata.category(character) in {"Mn", "Me"} for character in cluster) > MOST_MARKS + cluster.count(
        "\u094d"
    ):
        raise InvalidTextError(f"{field}: holds a letter with more than {MOST_MARKS} marks.", field=field)
    if JOINERS & set(cluster) and script_of(first) not in SHAPED:
        code = next(f"U+{ord(character):04X}" for character in cluster if character in JOINERS)
        raise InvalidTextError(f"{field}: holds the invisible joiner {code} where nothing is joined.", field=field)


def _missing(cluster: str, *, field: str) -> MissingGlyphError:
    weight = load_fonts().regular
    character = next((letter for letter in cluster if weight.face_for(letter) is None), cluster[-1])
    script = unicodedata.name(character, "").replace("-", " ").partition(" ")[0]
    if unicodedata.category(character) in LETTERS and script and script not in OUR_SCRIPTS:
        return UnsupportedScriptError(character, script.capitalize(), field=field)
    return MissingGlyphError(character, field=field)


def check_record(record: ConsentRecord) -> None:
    """Check every text of a record, in the order of its fields."""
    for name, text, several_lines in texts_of(record):
        check_text(text, field=name, several_lines=several_lines)


def texts_of(record: ConsentRecord) -> Iterator[tuple[str, str, bool]]:
    """Every text of a record in the order of its fields: the name of its place, itself, and whether lines may end."""
    for field in fields(record):
        for name, text in _texts(field.name, getattr(record, field.name)):
            last = name.rpartition(".")[2].partition("[")[0]
            first = name.partition("[")[0].partition(".")[0]
            yield name, text, bool({first, last} & SEVERAL_LINES)


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(f"{name}.{key}", inner)
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from _texts(f"{name}[{place}]", inner)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts(f"{name}.{field.name}", getattr(value, field.name))
