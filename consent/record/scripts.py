"""Which writing each character belongs to, and which letters may not be parted from each other.

Only the writings our fonts have are told apart. Marks, digits and punctuation belong to none: they follow their
neighbours.

>>> clusters_of("क्षि e")
['क्षि', ' ', 'e']
"""

import re
import unicodedata
from functools import lru_cache

from consent.record.fonts import JOINERS

# In two fonts, but of another width in Chinese: they follow the letters beside them.
SHARED = frozenset("“”‘’…—·")
SHAPED = frozenset({"arabic", "devanagari"})  # their letters change with their neighbours
_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_DEVANAGARI = re.compile("[\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff]")
_VIRAMA = "\u094d"
_LAM, _ALEFS = "\u0644", frozenset("\u0622\u0623\u0625\u0627")  # always written as one
_PREFIXES = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u08e2")  # drawn around the digits that follow
_RTL_CLASSES = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


@lru_cache(maxsize=8_192)
def is_wide(character: str) -> bool:
    """Whether this is a Chinese-width character, beside which a line may break."""
    return unicodedata.east_asian_width(character) in {"W", "F"}


@lru_cache(maxsize=8_192)
def is_mark(character: str) -> bool:
    """Whether this is an accent or other mark that is drawn on the character before it."""
    return unicodedata.category(character) in {"Mn", "Mc", "Me"}


@lru_cache(maxsize=8_192)
def script_of(character: str) -> str | None:
    """The writing of a character, by the name of its font; None where the neighbours decide."""
    if _ARABIC.match(character):
        return "arabic"
    if _DEVANAGARI.match(character):
        return "devanagari"
    if is_wide(character):
        return "chinese"
    return "latin" if character.isalnum() and not is_mark(character) else None


@lru_cache(maxsize=8_192)
def is_simple(character: str) -> bool:
    """Whether a character stands for itself wherever it is: never joined, moved, turned or given another place."""
    return not (
        is_mark(character)
        or character in JOINERS
        or script_of(character) in SHAPED
        or unicodedata.bidirectional(character) in _RTL_CLASSES
    )


def _joins(before: str, character: str) -> bool:
    if is_mark(character) or character in JOINERS or before[-1] in _PREFIXES:
        return True
    if character in _ALEFS:
        return next((letter for letter in reversed(before) if not is_mark(letter)), "") == _LAM
    return before.rstrip("\u200d")[-1:] == _VIRAMA and script_of(character) == "devanagari"


def clusters_of(text: str) -> list[str]:
    """Letters with their marks, Devanagari consonants with those they are bound to: never parted.

    **Source** Unicode Standard Annex 29, extended grapheme clusters, for the writings our fonts have.
    """
    clusters: list[str] = []
    for character in text:
        if clusters and _joins(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def composed(text: str) -> str:
    """Join each character and its marks into one character where Unicode has one; leave all others alone.

    Normalising a whole text would also exchange some Chinese characters; a name must stay as it is written.
    """
    if not any(map(is_mark, set(text))):
        return text
    return "".join(
        cluster if len(cluster) == 1 else unicodedata.normalize("NFC", cluster) for cluster in clusters_of(text)
    )


def scripts_of(clusters: list[str]) -> list[str]:
    """The writing of every cluster: where it has none of its own, that of the letters before it, else after it.

    Marks of a sentence stay with Latin beside Chinese, but for those that have another width there.
    """
    own = [script_of(cluster[0]) for cluster in clusters]
    first = next((script for script in own if script is not None), "latin")
    found, before = [], first
    for place, cluster in enumerate(clusters):
        script = own[place]
        if script is not None:
            before = script
        elif cluster in SHARED and _stands_in_chinese(clusters, place):
            script = "chinese"
        else:
            script = "latin" if before == "chinese" else before
        found.append(script)
    return found


def simple_scripts(text: str) -> list[str]:
    """`scripts_of` for a text of simple characters only: Latin or Chinese."""
    scripts = ["chinese" if script_of(character) == "chinese" else "latin" for character in text]
    for place, character in enumerate(text):
        if character in SHARED and _stands_in_chinese(text, place):
            scripts[place] = "chinese"
    return scripts


def _stands_in_chinese(clusters: list[str] | str, place: int) -> bool:
    for step in (-1, 1):
        at = place + step
        while 0 <= at < len(clusters) and clusters[at] in SHARED:
            at += step
        if 0 <= at < len(clusters) and is_wide(clusters[at][0]):
            return True
    return False
