"""The words of an information sheet: how long they take to read, and which words exactly they are.

A patient signs words, not a title. So the digest is taken over the whole parsed sheet, in one fixed form: keys sorted,
no spaces between, UTF-8, and letters that can be written in two ways (NFC) always written in one. The order of the
file, its line ends and its comments make no difference; every word, number and order of paragraphs does.

>>> canonical_content({"b": "caf\\u0065\\u0301", "a": [1, True]}).decode()
'{"a":[1,true],"b":"caf\\xe9"}'
>>> sheet_digest({"a": "x", "b": "y"}) == sheet_digest({"b": "y", "a": "x"})
True
"""

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

ENGLISH_WORDS_PER_MINUTE = 238
CHINESE_CHARACTERS_PER_MINUTE = 255


def canonical_content(sheet: Mapping[str, Any]) -> bytes:
    """The sheet as bytes that are the same wherever its words are the same.

    **Raises** ValueError for anything but texts, whole numbers, yes or no, lists and tables.
    """
    return json.dumps(
        _plain(sheet), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def sheet_digest(sheet: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical content, 64 lowercase hex characters. **Source** FIPS 180-4; Unicode NFC."""
    return hashlib.sha256(canonical_content(sheet)).hexdigest()


SHOWN = {"element": ("heading", "text"), "alternative": ("name", "good", "bad")}


def words_of(sheet: Mapping[str, Any]) -> list[str]:
    """Every text of a sheet that a reader meets: what counts for reading times."""
    return [str(row.get(field, "")) for part, fields in SHOWN.items() for row in _rows(sheet, part) for field in fields]


def _rows(sheet: Mapping[str, Any], part: str) -> list[Mapping[str, Any]]:
    rows = sheet.get(part, [])
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def reading_seconds(texts: list[str], *, language: str) -> int:
    """Seconds an average reader needs, rounded up. **Source** Brysbaert 2019; CR-032."""
    if language.startswith("zh"):
        read = sum(unicodedata.category(character)[0] in "LN" for text in texts for character in text)
        return math.ceil(read * 60 / CHINESE_CHARACTERS_PER_MINUTE)
    return math.ceil(sum(len(text.split()) for text in texts) * 60 / ENGLISH_WORDS_PER_MINUTE)


def least_reading_minutes(texts: list[str], *, language: str) -> int:
    """Whole minutes an average reader needs, rounded up. **Source** Brysbaert 2019; CR-032."""
    return math.ceil(reading_seconds(texts, language=language) / 60)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        plain = {unicodedata.normalize("NFC", str(key)): _plain(item) for key, item in value.items()}
        if len(plain) != len(value):
            raise ValueError("two keys of a sheet are the same once written in one way")
        return plain
    raise ValueError(f"a sheet holds no {type(value).__name__}: {value!r}")
