"""The page `docs/signals.md`: every signal, its thresholds, what it does, and the lists of words.

>>> from consent.rules.signals.table import load_signals
>>> signals_page(load_signals()).splitlines()[0]
'# Signs of pressure'
"""

from collections.abc import Iterator, Mapping

from clinic.vocabulary import ProcedureCategory
from consent.rules.markdown import page
from consent.rules.markdown import table as markdown_table
from consent.rules.rule_table import ALL
from consent.rules.signals.reader import Actions
from consent.rules.signals.shapes import VISIT
from consent.rules.signals.table import OnNo, SignalRow, SignalTable, Threshold, Unknown
from consent.rules.signals.word_table import LANGUAGES, Near, Word, WordList, WordTable

INTRODUCTION = (
    "A signal describes a process, or what staff did. It adds nothing up about a patient, compares nobody, and "
    "punishes nobody by itself. A pressed no is as wrong as a pressed yes, so both are looked for; but nothing ever "
    "stops a no. What only the advocate sees is shown to nobody at the clinic."
)
ACTIONS = (
    "`block`: the step is refused and shown as a missing step. `hold`: the advocate looks first. `block-and-hold`: "
    "both. `warn`: shown, and it goes on. `log`: laid before the advocate; nothing stops. `note`: kept for the clinic, "
    "about nobody. Not knowing never holds: where an unknown counts, block-and-hold becomes block, hold becomes log."
)
CLOCKS = (
    "Days are days on the clinic's calendar; hours, minutes and seconds are elapsed. Where a rule of the site sets the "
    "same bar ([the gate](gate.md)), the stricter of the two counts. `default` means that no law fixes the number."
)
MATCHING = (
    "English is matched at word boundaries in any case; Chinese in traditional or simplified writing, whatever spaces "
    "or invisible letters stand between. Of two words that overlap the longer counts, so that a harmless longer word "
    "hides a shorter one. Only the forms shown count; `…` stands for a few letters within one sentence."
)
COMPANY = "Each of these words counts only near {combinations}."


def signals_page(table: SignalTable) -> str:
    """The text of `docs/signals.md`."""
    visit = [row for row in table.rows.values() if row.id in VISIT]
    later = [row for row in table.rows.values() if row.id not in VISIT]
    return page(
        table.title.en,
        INTRODUCTION,
        ACTIONS,
        CLOCKS,
        "## One visit, one patient",
        *(part for row in visit for part in _signal(row)),
        "## One patient over time",
        *(part for row in later for part in _signal(row)),
        f"## {table.words.title.en}",
        *_words(table.words),
    )


def _signal(row: SignalRow) -> Iterator[str]:
    yield f"### {row.id}: {row.title.en} ({row.title.zh_hans})"
    yield f"{row.definition.en}\n\n{row.definition.zh_hans}"
    if row.thresholds:
        lines = ((f"`{name}`", _value(one), one.unit.en) for name, one in row.thresholds.items())
        yield markdown_table(("Threshold", "Value", "Meaning"), lines)
    findings = (
        (f"`{name}`", actions_in_words(one.actions), one.seen_by.value, f"{one.sentence.en}<br>{one.sentence.zh_hans}")
        for name, one in row.findings.items()
    )
    yield markdown_table(("Found", "What happens", "Seen by", "What is said"), findings)
    on_no = "the advocate looks" if row.on_no is OnNo.LOG else "nothing"
    unknown = "counts" if row.unknown is Unknown.COUNTS else "is ignored"
    yield f"On a no: {on_no}. What is not recorded {unknown}. Source ({row.mark.value}): {row.source}."


def _value(threshold: Threshold) -> str:
    value = threshold.value
    return ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)


def actions_in_words(actions: Actions) -> str:
    """What happens by kind of care, as the table writes it.

    >>> from consent.rules.signals.action import Action
    >>> actions_in_words({category: Action.WARN for category in ProcedureCategory})
    'ALL: warn'
    """
    kinds: dict[str, list[str]] = {}
    for category, action in actions.items():
        kinds.setdefault(action.value, []).append(category.value)
    if len(kinds) == 1 and len(actions) == len(ProcedureCategory):
        return f"{ALL}: {next(iter(kinds))}"
    return "; ".join(f"{' '.join(names)}: {action}" for action, names in kinds.items())


def _words(table: WordTable) -> Iterator[str]:
    yield MATCHING
    for one in table.lists.values():
        yield from _word_list(one)
    yield "### Words that others have to stand near"
    reach = ", ".join(f"{table.reach[language]} letters in {language}" for language in LANGUAGES)
    yield f"A word that needs company counts within {reach} of one whole combination."
    yield markdown_table(("Group", *LANGUAGES), ((name, *_cells(group)) for name, group in table.groups.items()))
    yield "### Harmless words that hide shorter ones"
    yield markdown_table(LANGUAGES, [_cells(table.allowed)])
    yield f"Source ({table.mark.value}): {table.source}."


def _word_list(one: WordList) -> Iterator[str]:
    yield f"### {one.id} ({one.signal}): {one.title.en} ({one.title.zh_hans})"
    review = " The advocate looks at where such words are used." if one.for_review else ""
    yield f"{one.definition.en} {actions_in_words(one.actions)}.{review}\n\n{one.definition.zh_hans}"
    combinations = {word.near for words in one.words.values() for word in words}
    shared = next(iter(combinations)) if len(combinations) == 1 else ()
    if shared:
        yield COMPANY.format(combinations=_near(shared))
    yield markdown_table(LANGUAGES, [_cells(one.words, shared)])


def _cells(words: Mapping[str, tuple[Word, ...]], shared: Near = ()) -> tuple[str, ...]:
    return tuple(", ".join(_word(word, shared) for word in words.get(language, ())) for language in LANGUAGES)


def _word(word: Word, shared: Near) -> str:
    return " / ".join(word.forms) + (f" (near {_near(word.near)})" if word.near and word.near != shared else "")


def _near(near: Near) -> str:
    return ", or ".join(" and ".join(f"`{name}`" for name in combination) for combination in near)
