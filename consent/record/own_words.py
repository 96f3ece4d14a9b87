"""Words of a patient that are never refused: what no font has is printed as the name of its code point.

>>> named("\\N{BELL}")
'[U+0007]'
"""

from consent.record.check import check_text
from consent.record.exceptions import RecordError
from consent.record.scripts import clusters_of


def printable(text: str) -> str:
    """The text as it can be printed: each letter that cannot be shown is named, e.g. [U+1F600].

    Used for what a patient says when she says no or takes her yes back, because nothing may stand in the way of that.
    The stored document keeps the very characters she gave.
    """
    written = text.replace("\r\n", "\n")
    if _is_printable(written):
        return written
    return "".join(letter if _is_printable(letter) else _shown(letter) for letter in clusters_of(written))


def _shown(letter: str) -> str:
    return "".join(sign if _is_printable(sign) else named(sign) for sign in letter)


def named(sign: str) -> str:
    """A character by its number."""
    return f"[U+{ord(sign):04X}]"


def _is_printable(text: str) -> bool:
    try:
        check_text(text, field="own_words", several_lines=True)
    except RecordError:
        return False
    return True
