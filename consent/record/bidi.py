"""Which way each letter runs: Arabic from right to left, a number or a Latin name inside it from left to right.

The Unicode bidirectional algorithm is worked out by FriBidi for a whole paragraph; after the paragraph has been broken
into lines, FriBidi orders each line. A value that is put into a sentence is isolated, so that neither disturbs the
order of the other: without it a telephone number in an Arabic sentence is printed with its groups reversed.

>>> reading_order("abc", is_rtl=False).on_line(0, 3)
[0, 1, 2]
"""

import ctypes
import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from consent.record.exceptions import LibraryMissingError

LIBRARY = "libfribidi.so.0"
ISOLATE, END_ISOLATE = "\u2068", "\u2069"  # first strong isolate, pop directional isolate
ISOLATES = frozenset((ISOLATE, END_ISOLATE))
WITHOUT_ISOLATES = str.maketrans("", "", ISOLATE + END_ISOLATE)
RTL_LANGUAGES = frozenset({"ar", "fa", "ur", "ug", "he", "ps", "sd", "yi", "dv", "ckb"})
RTL_SCRIPTS = frozenset({"arab", "hebr", "thaa", "syrc", "nkoo"})
RTL_LETTERS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
LTR_LETTERS = re.compile("[A-Za-z\u00aa-\u02b8\u0370-\u058f\u0900-\u1fff\u2c00-\u2dff\u3040-\ua4cf\uac00-\ud7ff]")
_BASE_RTL, _BASE_LTR = 0x111, 0x110
_loading = threading.Lock()


def is_rtl_language(language: str) -> bool:
    """Whether a language, by its BCP 47 code, is written from right to left."""
    primary, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4), "")
    return script in RTL_SCRIPTS if script else primary in RTL_LANGUAGES


def isolated(text: str) -> str:
    """A value that is put into a sentence or a column: it keeps its own direction and does not touch its neighbours."""
    return f"{ISOLATE}{text}{END_ISOLATE}" if text else ""


def without_isolates(text: str) -> str:
    """A text as it was before `isolated`."""
    return text.translate(WITHOUT_ISOLATES)


def runs_right_to_left(text: str, *, is_rtl: bool) -> bool:
    """The direction of a paragraph: that of its language, unless not one of its letters runs that way."""
    own, other = (RTL_LETTERS, LTR_LETTERS) if is_rtl else (LTR_LETTERS, RTL_LETTERS)
    return is_rtl if own.search(text) or not other.search(text) else not is_rtl


@lru_cache(maxsize=1)
def _load() -> ctypes.CDLL:
    try:
        return ctypes.CDLL(LIBRARY)
    except OSError as cause:
        raise LibraryMissingError(
            f"{LIBRARY} is not there: writing from right to left cannot be printed. Install the Debian package "
            "libfribidi0, then print again."
        ) from cause


def _library() -> ctypes.CDLL:
    with _loading:
        return _load()


@dataclass(frozen=True, slots=True)
class ReadingOrder:
    """A paragraph: how deeply each character is embedded (odd: from right to left), and the order on any line of it."""

    levels: bytes
    base: int
    _types: ctypes.Array[ctypes.c_uint32]

    @property
    def is_rtl(self) -> bool:
        """The direction of the paragraph."""
        return bool(self.base & 1)

    def on_line(self, start: int, end: int) -> list[int]:
        """The places of the characters between two places of the paragraph, from the left to the right of the line."""
        length = len(self.levels)
        levels = (ctypes.c_int8 * length).from_buffer_copy(self.levels)
        places = (ctypes.c_int * length)(*range(length))
        done = _library().fribidi_reorder_line(
            ctypes.c_uint32(0), self._types, end - start, start, ctypes.c_uint32(self.base), levels, None, places
        )
        if not done:
            raise MemoryError
        return places[start:end]


def reading_order(text: str, *, is_rtl: bool) -> ReadingOrder:
    """Work out the order of a paragraph of at least one character.

    **Raises** LibraryMissingError when FriBidi is not installed.
    **Source** Unicode Standard Annex 9.
    """
    library = _library()
    length = len(text)
    letters = (ctypes.c_uint32 * length)(*map(ord, text))
    types, brackets = (ctypes.c_uint32 * length)(), (ctypes.c_uint32 * length)()
    levels = (ctypes.c_int8 * length)()
    base = ctypes.c_uint32(_BASE_RTL if is_rtl else _BASE_LTR)
    library.fribidi_get_bidi_types(letters, length, types)
    library.fribidi_get_bracket_types(letters, length, types, brackets)
    if not library.fribidi_get_par_embedding_levels_ex(types, brackets, length, ctypes.byref(base), levels):
        raise MemoryError
    return ReadingOrder(bytes(levels), base.value, types)
