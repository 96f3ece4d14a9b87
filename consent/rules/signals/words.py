"""Does a text speak of rewards, threats, quotas or conditions? By lists, in English and Chinese.

English is matched at word boundaries, with the forms that the table lists. Chinese has no boundaries: there the longer
of two words that overlap counts, so that the harmless 检验指标 (a laboratory figure) hides 指标 (a quota), while
指标 alone is found. Some words need company: "fine" counts near money, a condition near care and what is asked for in
return.

>>> [(match.list_id, match.word) for match in matches("You will be fined, or get a gift.")]
[('L2', 'fined'), ('L1', 'gift')]
>>> matches("I feel fine."), matches("各项检验指标正常")
((), ())
>>> match = matches("本月指 標未完成")[0]
>>> match.word, (match.start, match.end)
('指标', (2, 5))
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from clinic.vocabulary import ProcedureCategory
from consent.rules.signals.action import Action
from consent.rules.signals.word_table import LANGUAGES, Word, WordTable, load_words

Stretch = tuple[int, int]


@dataclass(frozen=True, order=True, slots=True)
class WordMatch:
    """A word of a list, and where it stands in the text: from `start` up to, not including, `end`."""

    list_id: str
    word: str  # the first form that the table lists
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Hit:
    """A word found in folded text; a harmless one has no list."""

    list_id: str | None
    word: Word
    start: int
    end: int

    @property
    def stretch(self) -> Stretch:
        return self.start, self.end

    def overlaps(self, other: "_Hit") -> bool:
        return self.start < other.end and other.start < self.end


def matches(
    text: str, *, languages: Iterable[str] | None = None, table: WordTable | None = None
) -> tuple[WordMatch, ...]:
    """Every word of the lists in a text, in the order in which they stand.

    **Takes** languages as tags ("en", "zh-Hans"); None looks for the words of all. **Gives** offsets into the text as
    it was given, whatever invisible letters or spaces it holds. **Writes** nothing.
    """
    table = table or load_words()
    wanted = LANGUAGES if languages is None else {tag.lower().replace("_", "-").split("-")[0] for tag in languages}
    found = {match for language in LANGUAGES if language in wanted for match in _matches_in(text, language, table)}
    return tuple(sorted(found, key=lambda match: (match.start, match.end, match.list_id, match.word)))


def action_of(match: WordMatch, category: ProcedureCategory, *, table: WordTable | None = None) -> Action | None:
    """What a match does in a text about this kind of care; None where its list does not touch it.

    >>> action_of(WordMatch("L1", "gift", 0, 4), ProcedureCategory.ABRT).value
    'hold'
    """
    return (table or load_words()).lists[match.list_id].actions.get(category)


def _matches_in(text: str, language: str, table: WordTable) -> Iterator[WordMatch]:
    folded = table.folded(text, language)
    hits = _longest(list(_hits(folded.text, language, table)))
    harmless = [hit for hit in hits if hit.list_id is None]
    groups: dict[str, list[Stretch]] = {}
    for hit in hits:
        if hit.list_id is None:
            continue
        for name in {name for combination in hit.word.near for name in combination} - set(groups):
            groups[name] = _group_stretches(folded.text, table.groups[name].get(language, ()), harmless)
        if _has_company(hit, groups, table.reach[language]):
            start, end = folded.original(*hit.stretch)
            yield WordMatch(hit.list_id, hit.word.forms[0], start, end)


def _hits(text: str, language: str, table: WordTable) -> Iterator[_Hit]:
    """Every place of every word, harmless ones too."""
    lists: dict[str | None, tuple[Word, ...]] = {one.id: one.words[language] for one in table.lists.values()}
    for list_id, words in {**lists, None: table.allowed.get(language, ())}.items():
        for word in words:
            yield from (_Hit(list_id, word, *found.span()) for found in word.pattern.finditer(text))


def _longest(hits: list[_Hit]) -> list[_Hit]:
    """Of hits that overlap the longest, and of two as long the harmless one. A word with a gap hides nothing."""
    with_gap = [hit for hit in hits if hit.word.has_gap]
    kept: list[_Hit] = []
    for hit in sorted(hits, key=lambda one: (one.start - one.end, one.list_id is not None, one.start)):
        if not hit.word.has_gap and not any(hit.overlaps(other) for other in kept):
            kept.append(hit)
    return kept + with_gap


def _group_stretches(text: str, words: tuple[Word, ...], harmless: list[_Hit]) -> list[Stretch]:
    stretches = [found.span() for word in words for found in word.pattern.finditer(text)]
    return [
        (start, end) for start, end in stretches if not any(one.start < end and start < one.end for one in harmless)
    ]


def _has_company(hit: _Hit, groups: Mapping[str, list[Stretch]], reach: int) -> bool:
    """Whether all groups of one combination stand near the hit."""

    def is_near(name: str) -> bool:
        return any(max(start - hit.end, hit.start - end) <= reach for start, end in groups[name])

    return not hit.word.near or any(all(is_near(name) for name in combination) for combination in hit.word.near)
