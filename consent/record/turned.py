"""What has to stand between letters so that other programs find the order in which a line is read.

A line that runs from right to left, or that holds words which do, is drawn from left to right as it is seen. Whoever
copies from the file turns it round again, by a rule far simpler than the one it was set by (bidi.py): beginning at
the side where most of the page begins, a part that runs one way goes on until a letter that runs the other way; full
stops and signs count with the digits. Where that rule would go wrong a mark is written beside a letter, which nobody
sees and no text of ours may hold: `RLM` ends what runs from left to right, `LRM` what runs from right to left.

>>> from consent.record.text import Style, set_line
>>> seen_letters(set_line("في 4.", Style(10, 15), "ar"), is_rtl=True) == [["\u200f."], ["\u200f4"], [" ", "ي", "ف"]]
True
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from consent.record.text import Line, Run

LRM, RLM = "\u200e", "\u200f"
HYPHEN = "-"
RIGHT_TO_LEFT = frozenset({"R", "AL"})
LEFT_TO_RIGHT = frozenset({"L", "EN", "ES", "ET", "CS", "AN"})  # with them, in that rule, whatever stands in numbers


def seen_letters(line: Line, *, is_rtl: bool) -> list[list[str]]:
    """The letters of each run from the left to the right of a line, each with the marks it needs on either side.

    **Takes** whether most of the page is read from right to left.
    """
    found = [list(reversed(run.text)) if run.is_rtl else list(run.text) for run in line.runs]
    beyond = ""  # the letter on the left
    for part in _parts(line.runs):
        letters = found[part.start : part.stop]
        last = letters[-1][-1]
        runs_rtl = line.runs[part.start].is_rtl
        if is_rtl and runs_rtl:
            _end_each_sign(letters, beyond)
        else:
            _close(letters, beyond, is_rtl=is_rtl, runs_rtl=runs_rtl)
        beyond = last
    if ends_in_half_a_word(line):
        found[-1][-1] += RLM if line.runs[-1].is_rtl else LRM
    return found


def ends_in_half_a_word(line: Line) -> bool:
    """Whether others would take the hyphen at its right end for one that only parts a word, and leave it out.

    An address is never marked: whoever copies it opens it.
    """
    last = line.runs[-1]
    if not (last.text.startswith(HYPHEN) if last.is_rtl else last.text.endswith(HYPHEN)):
        return False
    before, _space, word = line.text.rpartition(" ")
    return last.is_rtl or bool(before and word.replace(HYPHEN, "").isalpha())


def _parts(runs: Sequence[Run]) -> Iterator[slice]:
    """Runs beside each other that run the same way and follow each other in the text."""
    start = 0
    for place in range(1, len(runs) + 1):
        if place == len(runs) or not _follow(runs[place - 1], runs[place]):
            yield slice(start, place)
            start = place


def _follow(left: Run, right: Run) -> bool:
    first, second = (right, left) if left.is_rtl else (left, right)
    return left.is_rtl == right.is_rtl and first.start <= second.start


def _end_each_sign(part: list[list[str]], beyond: str) -> None:
    """Within what runs from right to left on such a page: a full stop or a sign is not to draw anything after it."""
    for letters in part:
        for place, letter in enumerate(letters):
            if _runs(letter, LEFT_TO_RIGHT) and not _runs(beyond, RIGHT_TO_LEFT):
                letters[place] = RLM + letter
            beyond = letter


def _close(part: list[list[str]], beyond: str, *, is_rtl: bool, runs_rtl: bool) -> None:
    """Keep a part together that runs against the page, and a part that runs with it away from its neighbours."""
    first, last = part[0][0], part[-1][-1]
    own = RIGHT_TO_LEFT if runs_rtl else LEFT_TO_RIGHT
    if is_rtl:
        needs_left, needs_right = not _runs(beyond, RIGHT_TO_LEFT), not _runs(last, own)
    else:
        needs_left, needs_right = runs_rtl and not _runs(first, own), runs_rtl
    if needs_right:
        part[-1][-1] += LRM
    if needs_left:
        part[0][0] = RLM + part[0][0]


def _runs(letter: str, way: frozenset[str]) -> bool:
    return bool(letter) and unicodedata.bidirectional(letter) in way


def mixes(line: Line) -> bool:
    """Whether a line can only be put back on a page of which most runs its own way."""
    return line.is_turned and any(
        not run.is_rtl or not line.is_rtl or any(_runs(letter, LEFT_TO_RIGHT) for letter in run.text)
        for run in line.runs
    )


def most_run_rtl(lines: Sequence[Line], *, is_rtl: bool) -> bool:
    """Which way a page is to be read by those who copy from it.

    **Takes** its lines and whether its language is written from right to left. Its language decides, unless both its
    mixed lines and its letters are for the most part the others'.
    """
    turned = [line for line in lines if mixes(line)]
    if 2 * sum(line.is_rtl != is_rtl for line in turned) <= len(turned):
        return is_rtl
    right, left = letters_of("".join(line.text for line in lines))
    return left < right if right != left else is_rtl


def letters_of(text: str) -> tuple[int, int]:
    """How many of its letters run from right to left, and how many from left to right; a mark counts as a letter."""
    right = left = 0
    for letter, times in Counter(text).items():
        way = unicodedata.bidirectional(letter)
        right += times * (way in RIGHT_TO_LEFT)
        left += times * (way == "L")
    return right, left


def in_reading_order(line: Line) -> list[int]:
    """The places of its runs among those that are seen, in the order in which they are read."""
    return sorted(range(len(line.runs)), key=lambda place: line.runs[place].start)
