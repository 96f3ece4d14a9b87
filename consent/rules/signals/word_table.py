"""The lists of words, and the strict reader of `presets/words.toml`.

>>> load_words().lists["L3"].words["zh"][0].forms
('指标',)
>>> read_words("[words]")
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: words.toml:1: L1: missing
"""

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from consent.rules.definitions import preset_text
from consent.rules.rule_table import Mark, Words
from consent.rules.signals.reader import Actions, TableReader
from consent.rules.signals.text import Folded, fold
from consent.rules.toml_places import Path

FILE = "words.toml"
LISTS = ("L1", "L2", "L3", "L4")
LANGUAGES = ("en", "zh")
GAP = "…"
OF_A_LIST = ("title", "definition", "signal", "for_review", "action", "en", "zh")
CHINESE_LETTERS = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
NOT_AFTER_A_LETTER = f"(?<![^\\W_{CHINESE_LETTERS}])"
NOT_BEFORE_A_LETTER = f"(?![^\\W_{CHINESE_LETTERS}])"
Near = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """One word with the forms that count, and the groups it has to stand near."""

    forms: tuple[str, ...]
    pattern: re.Pattern[str]
    near: Near = ()  # at least one of these combinations, whole; empty: it counts wherever it stands

    @property
    def has_gap(self) -> bool:
        """True for two parts with something in between."""
        return GAP in self.forms[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class WordList:
    """One list: what its words are about, and what a match does."""

    id: str
    title: Words
    definition: Words
    signal: str
    for_review: bool  # the advocate looks at where such words are used
    actions: Actions
    words: Mapping[str, tuple[Word, ...]]  # by language


@dataclass(frozen=True, kw_only=True, slots=True)
class WordTable:
    """All lists, the groups, the harmless words, and how the languages are written."""

    title: Words
    source: str
    mark: Mark
    variants: Mapping[str, str]
    reach: Mapping[str, int]
    gap: Mapping[str, int]
    groups: Mapping[str, Mapping[str, tuple[Word, ...]]]  # by name, then language
    lists: Mapping[str, WordList]
    allowed: Mapping[str, tuple[Word, ...]]  # by language

    def folded(self, text: str, language: str) -> Folded:
        """A text as words of this language are compared with it."""
        return fold_for(text, language, self.variants)

    def sentences(self) -> Iterator[Words]:
        """All that the table says, in both languages."""
        yield self.title
        for one in self.lists.values():
            yield from (one.title, one.definition)


def fold_for(text: str, language: str, variants: Mapping[str, str]) -> Folded:
    """Chinese is compared without spaces and in one writing; English as it stands."""
    return fold(text, variants=variants, keeps_spaces=False) if language == "zh" else fold(text)


@functools.cache
def load_words() -> WordTable:
    """The shipped table, read once. **Raises** PolicyError."""
    return read_words(preset_text(FILE))


def read_words(text: str) -> WordTable:
    """Read the text of the file; see the module docstring for how strictly. **Raises** PolicyError."""
    return _Reader(text, file=FILE).table()


class _Reader(TableReader):
    """The file of words."""

    def table(self) -> WordTable:
        tables = self.keys(self.tables, ("words", "near", "allowed", *LISTS), at=())
        heading = self.keys(tables["words"], ("title", "source", "mark", "variants", "reach", "gap"), at=("words",))
        self.variants = self._variants(heading["variants"])
        self.gap = self._by_language(heading["gap"], at=("words", "gap"))
        self.seen: dict[tuple[str, str], str] = {}
        groups = self.keys(tables["near"], tuple(tables["near"]), at=("near",))
        self.groups = {name: self._group(raw, at=("near", name)) for name, raw in groups.items()}
        return WordTable(
            title=self.words(heading["title"], at=("words", "title")),
            source=self.sentence(heading["source"], at=("words", "source")),
            mark=self.mark(heading["mark"], at=("words", "mark")),
            variants=self.variants,
            reach=self._by_language(heading["reach"], at=("words", "reach")),
            gap=self.gap,
            groups=self.groups,
            lists={name: self._list(name, tables[name]) for name in LISTS},
            allowed=self._group(tables["allowed"], at=("allowed",), once=True),
        )

    def _variants(self, raw: object) -> dict[str, str]:
        at = ("words", "variants")
        variants: dict[str, str] = {}
        for letters in self.texts(raw, at=at):
            for letter in letters[1:]:
                if variants.setdefault(letter, letters[0]) != letters[0]:
                    raise self.refusal(at, f"{letter!r} stands for two letters")
        return variants

    def _by_language(self, raw: object, *, at: Path) -> dict[str, int]:
        table = self.keys(raw, LANGUAGES, at=at)
        return {language: self.number(table[language], at=(*at, language)) for language in LANGUAGES}

    def _group(self, raw: object, *, at: Path, once: bool = False) -> dict[str, tuple[Word, ...]]:
        table = self.keys(raw, (), at=at, optional=LANGUAGES)
        return {
            language: self._words_of(table[language], language, at=(*at, language), once=once) for language in table
        }

    def _list(self, name: str, raw: object) -> WordList:
        at = (name,)
        table = self.keys(raw, OF_A_LIST, at=at, optional=("near",))
        near = self._near(table["near"], at=(*at, "near")) if "near" in table else ()
        if not isinstance(table["for_review"], bool):
            raise self.refusal((*at, "for_review"), "expected true or false")
        return WordList(
            id=name,
            title=self.words(table["title"], at=(*at, "title")),
            definition=self.words(table["definition"], at=(*at, "definition")),
            signal=self.sentence(table["signal"], at=(*at, "signal")),
            for_review=table["for_review"],
            actions=self.actions(table["action"], at=(*at, "action")),
            words={
                language: self._words_of(table[language], language, at=(*at, language), once=True, near=near)
                for language in LANGUAGES
            },
        )

    def _near(self, raw: object, *, at: Path) -> Near:
        combinations = raw if isinstance(raw, list) and raw else [raw]
        near = tuple(self.texts(combination, at=at) for combination in combinations)
        for name in (name for combination in near for name in combination):
            if name not in self.groups:
                raise self.refusal(at, f"{name!r} is no group; groups: {sorted(self.groups)}")
        return near

    def _words_of(self, raw: object, language: str, *, at: Path, once: bool, near: Near = ()) -> tuple[Word, ...]:
        if not isinstance(raw, list) or not raw:
            raise self.refusal(at, f"expected a list of words, found {raw!r}")
        words = tuple(self._word(one, language, at=at, near=near) for one in raw)
        for form in (form for word in words for form in word.forms) if once else ():
            if (language, form) in self.seen:
                raise self.refusal(at, f"{form!r} stands in {self.seen[language, form]} already")
            self.seen[language, form] = at[0]
        return words

    def _word(self, raw: object, language: str, *, at: Path, near: Near) -> Word:
        if isinstance(raw, dict):
            table = self.keys(raw, ("word", "near"), at=at)
            raw, near = table["word"], self._near(table["near"], at=at)
        forms = tuple(self._folded_form(form, language) for form in self.sentence(raw, at=at).split("|"))
        if not all(forms):
            raise self.refusal(at, f"{raw!r} has an empty form")
        if len({GAP in form for form in forms}) > 1:
            raise self.refusal(at, f"{raw!r} mixes forms with and without a gap")
        return Word(forms=forms, pattern=re.compile(_any_of(forms, language, self.gap[language])), near=near)

    def _folded_form(self, form: str, language: str) -> str:
        return GAP.join(fold_for(part, language, self.variants).text.strip() for part in form.split(GAP))


def _any_of(forms: Sequence[str], language: str, gap: int) -> str:
    """One expression for all forms, the longest first. What bounds a word is slow to compile: it stands there once."""
    forms = sorted(forms, key=len)[::-1]
    if language == "en" and not any(GAP in form for form in forms):
        return f"{NOT_AFTER_A_LETTER}(?:{'|'.join(_escaped(form) for form in forms)}){NOT_BEFORE_A_LETTER}"
    return "|".join(_pattern(form, language, gap) for form in forms)


def _pattern(form: str, language: str, gap: int) -> str:
    """A form as a regular expression over folded text."""
    between = f"[^.!?;。]{{0,{gap}}}?"
    return between.join(_part(part, language) for part in form.split(GAP))


def _part(part: str, language: str) -> str:
    escaped = _escaped(part)
    if language == "en":
        return f"{NOT_AFTER_A_LETTER}{escaped}{NOT_BEFORE_A_LETTER}"
    return f"(?<![0-9a-z]){escaped}" if part[0].isascii() else escaped


def _escaped(part: str) -> str:
    return "[ \\-_]+".join(re.escape(word) for word in re.split(r"[ \-_]+", part.strip()))
