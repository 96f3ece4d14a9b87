"""What the two readers of this room have in common: every refusal names file, line, key and reason.

>>> TableReader("[signals]\\ntitle = 1", file="signals.toml").words(1, at=("signals", "title"))
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: signals.toml:2: signals.title: expected a table, found 1
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from clinic.vocabulary import ProcedureCategory
from consent.rules.rule_table import ALL, Mark, PolicyError, Words
from consent.rules.signals.action import Action
from consent.rules.toml_places import Path, parse, refusal

Code = TypeVar("Code", bound=StrEnum)
Actions = Mapping[ProcedureCategory, Action]


class TableReader:
    """One TOML file, read strictly."""

    def __init__(self, text: str, *, file: str) -> None:
        self.text, self.file = text, file
        self.tables = parse(text, file=file)

    def refusal(self, at: Path, reason: str) -> PolicyError:
        """The error for what stands at a path."""
        return refusal(self.text, at, reason, file=self.file)

    def keys(self, raw: object, wanted: Collection[str], *, at: Path, optional: Collection[str] = ()) -> dict[str, Any]:
        """The table, when it holds these keys, and no others than the optional ones."""
        if not isinstance(raw, dict):
            raise self.refusal(at, f"expected a table, found {raw!r}")
        for key in sorted(set(raw) - set(wanted) - set(optional)):
            raise self.refusal((*at, key), "unknown key")
        for key in sorted(set(wanted) - set(raw)):
            raise self.refusal((*at, key), "missing")
        return raw

    def words(self, raw: object, *, at: Path) -> Words:
        """One sentence in both languages, with the same gaps in both."""
        table = self.keys(raw, {"en", "zh-Hans"}, at=at)
        for language in table:
            self.sentence(table[language], at=(*at, language))
        if gaps(table["en"]) != gaps(table["zh-Hans"]):
            raise self.refusal((*at, "zh-Hans"), "its %(gaps)s are not those of the English sentence")
        return Words(table["en"], table["zh-Hans"])

    def sentence(self, raw: object, *, at: Path) -> str:
        """A text that says something."""
        if not isinstance(raw, str) or not raw.strip():
            raise self.refusal(at, f"expected a sentence, found {raw!r}")
        return raw

    def number(self, raw: object, *, at: Path) -> int:
        """A whole number, one or more."""
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
            raise self.refusal(at, f"expected a whole number, one or more, found {raw!r}")
        return raw

    def code(self, raw: object, vocabulary: type[Code], *, at: Path) -> Code:
        """A member of a closed list."""
        known = [member.value for member in vocabulary]
        if not isinstance(raw, str) or raw not in known:
            raise self.refusal(at, f"expected one of {known}, found {raw!r}")
        return vocabulary(raw)

    def codes(self, raw: object, vocabulary: type[StrEnum], *, at: Path) -> frozenset[str]:
        """Different members of a closed list."""
        named = self.texts(raw, at=at)
        return frozenset(self.code(name, vocabulary, at=at).value for name in named)

    def texts(self, raw: object, *, at: Path) -> tuple[str, ...]:
        """A list of different texts."""
        named = [text for text in raw if isinstance(text, str) and text.strip()] if isinstance(raw, list) else []
        if not named or named != raw:
            raise self.refusal(at, f"expected a list of texts, found {raw!r}")
        for name in named:
            if named.count(name) > 1:
                raise self.refusal(at, f"{name!r} stands in it twice")
        return tuple(named)

    def actions(self, raw: object, *, at: Path) -> Actions:
        """What happens by kind of care; ALL is every kind without a line of its own."""
        table = self.keys(raw, (), at=at, optional=(ALL, *ProcedureCategory))
        if not table:
            raise self.refusal(at, "names no kind of care")
        read = {key: self.code(value, Action, at=(*at, key)) for key, value in table.items()}
        return {
            category: read[key]
            for category in ProcedureCategory
            if (key := category.value if category.value in read else ALL) in read
        }

    def mark(self, raw: object, *, at: Path) -> Mark:
        """How firmly it stands."""
        return self.code(raw, Mark, at=at)


def gaps(sentence: str) -> set[str]:
    """The names of what fills a sentence.

    >>> sorted(gaps("%(seconds)s of %(needed)s"))
    ['needed', 'seconds']
    """
    return set(re.findall(r"%\((\w+)\)s", sentence))
