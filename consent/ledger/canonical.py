"""One way to write a value as bytes: RFC 8785 cut down to what every JSON library writes alike.

ASCII keys in order, text in NFC, whole numbers within +-(2^53 - 1), true and false, lists, objects. No floats
and no null: a thing that is not known is left out. What lies outside is refused, naming the path.

>>> canonical({"b": True, "a": [1, "x"]})
b'{"a":[1,"x"],"b":true}'
"""

import datetime
import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 16
SHORT_NUMBER = 15  # characters of a number that is certainly not beyond

_BLANKS_AND_ESCAPES = bytes(range(0x21)) + b"\\"

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")


class EncodingError(ValueError):
    """A value has no place in the ledger's encoding; `path` says which one."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def canonical(value: object) -> bytes:
    """The bytes of a value.

    **Raises** EncodingError naming the path of whatever is outside the subset.
    **Source** RFC 8785, restricted.
    """
    _check(value, "$", _check_normal_text, 0)
    return _dump(value)


def canonical_as_stored(value: object) -> bytes:
    """The bytes of a value taken from a table, its text exactly as stored, whatever its Unicode normal form.

    Entries use `canonical`. Rows hold what people typed, and a withdrawal may not fail because of how a
    keyboard composes its accents.
    """
    if type(value) is not str:
        _check(value, "$", _pass_over_text, 0)
    try:
        return _dump(value)
    except UnicodeEncodeError:
        _check(value, "$", _check_any_text, 0)  # says where it stands
        raise


def time_text(instant: datetime.datetime) -> str:
    """An instant as the ledger writes it.

    >>> time_text(datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC))
    '2027-01-15T10:00:00.000000Z'
    """
    if instant.utcoffset() is None:
        raise EncodingError("$", "a time without its zone")
    return instant.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def time_from_text(text: str) -> datetime.datetime:
    """The instant that `time_text` wrote.

    **Raises** EncodingError for any other way of writing a time.
    """
    if not _TIME.fullmatch(text):
        raise EncodingError("$", "a time is written 2027-01-15T10:00:00.000000Z")
    try:
        return datetime.datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise EncodingError("$", f"no such time: {text}") from error


def read(body: bytes) -> object:
    """The value that canonical bytes stand for.

    **Raises** EncodingError when the bytes are not exactly what `canonical` writes for that value. This also
    refuses a key given twice, blanks, a byte order mark and every number that is not whole.
    """
    if _is_plain(body):
        try:
            value, end = _scan_plain(body.decode("ascii"))
        except ValueError:
            return _read(body, canonical)  # the closer look says what is wrong
        if end == len(body):
            return value
    return _read(body, canonical)


def _is_plain(body: bytes) -> bool:
    """Whether text in these bytes stands for itself and nothing stands between values: then only the order of keys and
    the way numbers are written are left to look at, and that is done while parsing."""
    has_only_itself = body.isascii() and len(body.translate(None, _BLANKS_AND_ESCAPES)) == len(body)
    return has_only_itself and body.count(b"{") + body.count(b"[") <= DEEPEST and b"null" not in body


def read_as_stored(body: bytes) -> object:
    """The value that bytes of `canonical_as_stored` stand for; refuses everything else as `read` does."""
    return _read(body, canonical_as_stored)


def _read(body: bytes, write: Callable[[object], bytes]) -> object:
    try:
        value = json.loads(body.decode("utf-8"), parse_float=_refuse_number, parse_constant=_refuse_number)
    except (ValueError, RecursionError) as error:
        raise EncodingError("$", f"not canonical JSON: {error}") from error
    if write(value) != body:
        raise EncodingError("$", "writing the parsed value again gives other bytes")
    return value


def _refuse_number(text: str) -> object:
    raise ValueError(f"{text} is not a whole number")


def _small_number(text: str) -> int:
    if len(text) > SHORT_NUMBER or text == "-0":
        raise ValueError(f"{text} may be beyond 2^53 - 1, or be written otherwise")
    return int(text)


def _object_in_order(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs) or not _are_in_order(*value):
        raise ValueError("the keys are not in order, or one is given twice or empty")
    return value


@lru_cache(maxsize=256)  # few sets of keys come again and again
def _are_in_order(*keys: str) -> bool:
    return all(keys) and list(keys) == sorted(keys)


_scan_plain = json.JSONDecoder(
    object_pairs_hook=_object_in_order,
    parse_float=_refuse_number,
    parse_int=_small_number,
    parse_constant=_refuse_number,
).raw_decode
_write = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _dump(value: object) -> bytes:
    return _write(value).encode("utf-8")


def _check(value: object, path: str, check_text: Callable[[str, str], None], depth: int) -> None:
    if depth > DEEPEST:
        raise EncodingError(path, f"nested deeper than {DEEPEST}")
    if isinstance(value, str):
        check_text(value, path)
    elif isinstance(value, dict):
        _check_object(value, path, check_text, depth)
    elif isinstance(value, list | tuple):
        for position, item in enumerate(value):
            _check(item, f"{path}[{position}]", check_text, depth + 1)
    elif not isinstance(value, bool):
        _check_integer(value, path)


def _check_object(value: dict[object, object], path: str, check_text: Callable[[str, str], None], depth: int) -> None:
    for key, item in value.items():
        if not isinstance(key, str) or not key or not key.isascii():
            raise EncodingError(path, f"key {key!r} is not ASCII text")
        if type(item) is str and check_text is _pass_over_text:
            continue
        _check(item, f"{path}.{key}", check_text, depth + 1)


def _check_integer(value: object, path: str) -> None:
    if not isinstance(value, int):
        raise EncodingError(path, f"{type(value).__name__} has no place in the encoding")
    if abs(value) > LARGEST_INTEGER:
        raise EncodingError(path, "a number beyond 2^53 - 1")


def _pass_over_text(value: str, path: str) -> None:
    """Any text will do that can be written as UTF-8, and writing it shows that."""


def _check_any_text(value: str, path: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise EncodingError(path, "half a surrogate pair is not text") from error


def _check_normal_text(value: str, path: str) -> None:
    _check_any_text(value, path)
    if not unicodedata.is_normalized("NFC", value):
        raise EncodingError(path, "text is not in normal form C")
