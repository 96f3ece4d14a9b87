"""The code in the square on a paper form: which form it is, and on a blank one which words. Nothing about a person.

>>> written(PaperCode(form_id="0123456789abcdef0123456789abcdef"))
'FGA1 0123456789abcdef0123456789abcdef'
>>> in_groups(PaperCode(form_id="0123456789abcdef0123456789abcdef"))
'0123 4567 89ab cdef 0123 4567 89ab cdef'
"""

import re
from dataclasses import dataclass

from consent.record.exceptions import RecordError

BEGINS = "FGA1"  # an answer; slips begin with FG1, promises with FGP1
SHEET_DIGITS = 16  # of the digest of a sheet
LONGEST = 200  # signs that anybody may type
_FORM = re.compile(r"[0-9a-f]{32}")
_SHEET = re.compile(r"[0-9a-f]{16}")
_TYPED = re.compile(r"(?:fga1)?([0-9a-f]{32})([0-9a-f]{16})?")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u00b7.,:;/_]+")


class PaperCodeError(RecordError):
    """A text that is no code of a paper form."""


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What the square says.

    **Takes** `form_id`: 32 hex digits, of the printed form or made fresh; `sheet`: on a blank form the first 16 hex
    digits of the digest of its sheet, else nothing.
    **Raises** PaperCodeError for anything else.
    """

    form_id: str
    sheet: str = ""

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.form_id) or (self.sheet and not _SHEET.fullmatch(self.sheet)):
            raise PaperCodeError("This is not the code of a paper form.")

    @property
    def is_blank_form(self) -> bool:
        """Whether the form was printed for nobody in particular."""
        return bool(self.sheet)


def blank_code(*, fresh: str, sheet_digest: str) -> PaperCode:
    """The code of a blank form.

    **Takes** 32 fresh random hex digits; the digest of the sheet version that is printed on it.
    """
    return PaperCode(form_id=fresh, sheet=sheet_digest[:SHEET_DIGITS])


def written(code: PaperCode) -> str:
    """What stands in the square."""
    return " ".join(part for part in (BEGINS, code.form_id, code.sheet) if part)


def in_groups(code: PaperCode) -> str:
    """What is printed below the square, for people: the digits in groups of four."""
    digits = code.form_id + code.sheet
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def read_code(text: str) -> PaperCode:
    """The code in a text that a camera read or that somebody typed; gaps, dashes and capitals do not matter.

    >>> read_code("FGA1 0123-4567-89AB-CDEF 0123 4567 89AB CDEF").form_id
    '0123456789abcdef0123456789abcdef'

    **Raises** PaperCodeError.
    """
    found = _TYPED.fullmatch(_BETWEEN.sub("", text.casefold())) if len(text) <= LONGEST else None
    if found is None:
        raise PaperCodeError("This is not the code of a paper form.")
    return PaperCode(form_id=found[1], sheet=found[2] or "")
