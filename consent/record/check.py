"""What may be printed at all. Asked for the whole record before the first line is drawn.

Refused, each with the name of the field: characters nobody can see (controls, direction marks, joiners),
scripts that need shaping or run from right to left, and characters our fonts do not have.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from consent.record.exceptions import InvalidTextError, MissingGlyphError, UnsupportedScriptError
from consent.record.fonts import load_fonts
from consent.record.text import composed, is_mark
from consent.record_facts import ConsentRecord

LONGEST_LINE = 1_000  # characters in a field that is meant to be one line
SEVERAL_LINES = frozenset(
    {"text", "sentence", "note", "state_explained", "conversation", "questions", "without_word", "labels"}
)  # fields, or lists of them, in which a line break is meant
INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
# First words of the Unicode names of scripts whose letters change shape or place, or stand without spaces.
NEEDS_SHAPING = frozenset(
    (
        "ARABIC", "HEBREW", "SYRIAC", "THAANA", "NKO", "SAMARITAN", "MANDAIC", "DEVANAGARI",
        "VEDIC", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL", "TELUGU", "KANNADA",
        "MALAYALAM", "SINHALA", "THAI", "LAO", "TIBETAN", "MYANMAR", "KHMER", "MONGOLIAN",
        "BALINESE", "JAVANESE", "SUNDANESE", "BATAK", "REJANG", "LEPCHA", "LIMBU", "BUGINESE",
        "CHAM", "TAI", "MEETEI", "SAURASHTRA", "SYLOTI", "CHAKMA", "BRAHMI", "KAITHI",
        "SHARADA", "TIRHUTA", "NEWA", "GRANTHA", "MODI", "TAKRI", "TAGALOG", "HANUNOO", "BUHID",
        "TAGBANWA", "PHAGS",
    )
)  # fmt: skip
IN_A_LINE = frozenset("\n\t")


def check_text(text: str, *, field: str, several_lines: bool = False) -> None:
    """Refuse a text that cannot be printed faithfully.

    **Takes** the text, the name of the field for the message, and whether line breaks are meant.
    **Raises** InvalidTextError, UnsupportedScriptError or MissingGlyphError, each naming the field.
    """
    characters = dict.fromkeys(composed(text.replace("\r\n", "\n") if several_lines else text))
    if not several_lines and len(text) > LONGEST_LINE:
        raise InvalidTextError(f"{field}: longer than {LONGEST_LINE} characters.", field=field)
    weight = load_fonts().regular  # both weights have the same characters; a test says so
    for character in characters:
        if several_lines and character in IN_A_LINE:
            continue
        if unicodedata.category(character) in INVISIBLE:
            code = f"U+{ord(character):04X}"
            raise InvalidTextError(f"{field}: holds the invisible character {code}.", field=field)
        script = script_beyond_us(character)
        if script:
            raise UnsupportedScriptError(script, field=field)
        if weight.face_for(character) is None:
            raise MissingGlyphError(character, field=field)
        if is_mark(character):  # reportlab would draw it in the wrong place, or over another mark
            raise UnsupportedScriptError(f"accented (U+{ord(character):04X})", field=field)


def script_beyond_us(character: str) -> str | None:
    """Name the script of a character that this printer cannot set; None for all others."""
    first = unicodedata.name(character, "").replace("-", " ").partition(" ")[0]
    if unicodedata.bidirectional(character) in RIGHT_TO_LEFT or first in NEEDS_SHAPING:
        return first.capitalize() or "right-to-left"
    return None


def check_record(record: ConsentRecord) -> None:
    """Check every text of a record, in the order of its fields."""
    for field in fields(record):
        for name, text in _texts(field.name, getattr(record, field.name)):
            last = name.rpartition(".")[2].partition("[")[0]
            first = name.partition("[")[0].partition(".")[0]
            check_text(text, field=name, several_lines=bool({first, last} & SEVERAL_LINES))


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
