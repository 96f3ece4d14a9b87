"""Numbers and bytes written as text, in one way only: two ways to write one value are two readings of one file.

>>> from consent.ledger.refusals import NoteError
>>> from_base64("AAE=", NoteError, "The hash"), to_base64(bytes(2))
(b'\\x00\\x01', 'AAA=')
>>> from_base64("AAF=", NoteError, "The hash")
Traceback (most recent call last):
    ...
consent.ledger.refusals.NoteError: The hash is not written in base64.
"""

import base64
import binascii
import re

from consent.ledger.refusals import UnreadableError

LARGEST_NUMBER = 2**63 - 1

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


def to_base64(data: bytes) -> str:
    """Bytes as standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str, refusal: type[UnreadableError], what: str) -> bytes:
    """The bytes of a base64 text.

    **Raises** the given refusal for blanks, missing padding, and stray bits in the last character.
    """
    try:
        data = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError as error:
        raise refusal(f"{what} is not written in base64.") from error
    if to_base64(data) != text:
        raise refusal(f"{what} is not written in base64.")
    return data


def hash_from_base64(text: str, refusal: type[UnreadableError], what: str) -> bytes:
    """A hash of 32 bytes; raises as `from_base64` does."""
    data = from_base64(text, refusal, what)
    if len(data) != 32:
        raise refusal(f"{what} has {len(data)} bytes; a hash has 32.")
    return data


def number_from_text(text: str, refusal: type[UnreadableError], what: str) -> int:
    """A whole number written without sign, blanks or leading zeroes.

    **Raises** the given refusal, also for a number no ledger reaches.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST_NUMBER:
        raise refusal(f"{what} is not a plain number.")
    return int(text)


def text_from_utf8(data: bytes, refusal: type[UnreadableError], what: str) -> str:
    """Text from bytes; raises the given refusal when they are not UTF-8."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refusal(f"{what} is not UTF-8 text.") from error
