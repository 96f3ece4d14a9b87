"""A text as it is compared: one writing for every way of writing the same, and the way back to the original.

Case, width, accents, invisible letters, kinds of hyphens and of quotation marks make no difference. For Chinese neither
do spaces, nor traditional or simplified writing.

>>> folded = fold("Wa\\u200bshing\\u2011Powder")
>>> folded.text, folded.original(0, 7)
('washing-powder', (0, 8))
>>> fold("罰 款", variants={"罰": "罚"}, keeps_spaces=False).text
'罚款'
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# Letters that show nothing, beside those that Unicode calls format characters.
INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
APOSTROPHES = frozenset("\u2018\u2019\u02bc\u0060\u00b4")
DROPPED = frozenset({"Cf", "Mn", "Me"})
NO_VARIANTS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Folded:
    """The text as compared and, for each of its letters, the original one it came from."""

    text: str
    origins: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the compared text stands in the original one."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str, *, variants: Mapping[str, str] = NO_VARIANTS, keeps_spaces: bool = True) -> Folded:
    """Make a text comparable. **Takes** letters that count as another one; and whether a space parts words."""
    letters: list[str] = []
    origins: list[int] = []
    for origin, original in enumerate(text):
        for letter in _letters(original):
            kept = variants.get(letter, letter)
            if kept != " " or keeps_spaces:
                letters.append(kept)
                origins.append(origin)
    return Folded("".join(letters), tuple(origins))


def _letters(original: str) -> Iterator[str]:
    """What one letter becomes: nothing, one letter, or several."""
    for letter in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", original).casefold()):
        category = unicodedata.category(letter)
        if category in DROPPED or letter in INVISIBLE or original in INVISIBLE:
            continue
        if letter.isspace():
            yield " "
        elif category == "Pd":
            yield "-"
        else:
            yield "'" if letter in APOSTROPHES else letter
