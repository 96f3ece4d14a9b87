"""Typed text as it is read: without signs that nobody sees and that change how the rest reads.

They come from copying out of other programs, or from somebody who wants a name to read as another. A NUL stays, so that
the field itself refuses it. Words of every script stay as they are.

>>> plain_text("Ann\\u202e Lee\\x0b"), plain_text("\\u200b \\u2060"), plain_text("one\\r\\ntwo")
('Ann Lee', '', 'one\\ntwo')
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

from django.utils.datastructures import MultiValueDict

KEPT_CONTROLS = frozenset("\0\t\n")
TURNS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)  # make text read in another order
LOOK_EMPTY = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and patterns without any ink
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})


def plain_text(text: str) -> str:
    """The text without control signs and turns of direction; nothing at all when no sign of it can be seen.

    A line ends with one sign, as the browser counts it, so that what fits its box also fits ours.
    """
    if text.isascii() and text.isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(sign for sign in lines if _is_kept(sign))
    return kept if "\0" in kept or any(_is_seen(sign) for sign in kept) else ""


def plain_data(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was sent to a form, every text of it plain."""
    if isinstance(data, MultiValueDict):
        return MultiValueDict({name: [_plain(value) for value in values] for name, values in data.lists()})
    return {name: _plain(value) for name, value in data.items()}


def _plain(value: Any) -> Any:
    return plain_text(value) if isinstance(value, str) else value


def _is_kept(sign: str) -> bool:
    return sign in KEPT_CONTROLS or not (
        sign in TURNS or unicodedata.category(sign) in {"Cc", "Cs"} or _is_no_character(sign)
    )


def _is_no_character(sign: str) -> bool:
    """The 66 code points that will never be one. Those that are only not assigned yet may be newer than this Python."""
    code = ord(sign)
    return 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE


def _is_seen(sign: str) -> bool:
    return sign not in LOOK_EMPTY and unicodedata.category(sign) not in UNSEEN
