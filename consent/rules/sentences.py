"""Every sentence of the tables of rules, signals and words in the languages it stands in.

The table carries its own translations, so that whoever changes a rule changes all that is said about it in one place.

>>> translated("Nobody.", "zh-hans")
'没有人。'
>>> translated("This stands nowhere in the table.", "zh-hans") is None
True
"""

import functools
from collections.abc import Iterator, Mapping

from consent.rules.definitions import definitions
from consent.rules.rule_table import Definition, Words
from consent.rules.signals.table import load_signals

CHINESE = "zh-hans"


def translated(english: str, language: str) -> str | None:
    """A sentence of the table in another language; None where the table does not have it in that language."""
    return _chinese().get(english) if language.lower() == CHINESE else None


def sentences_of(rule: Definition) -> Iterator[Words]:
    """All that is said about a rule."""
    yield from (rule.title, rule.exception, rule.approver, rule.clinician, rule.patient)
    for parameter in rule.parameters.values():
        yield from (parameter.unit, parameter.clinician, parameter.patient)


@functools.cache
def _chinese() -> Mapping[str, str]:
    rules = (words for rule in definitions().values() for words in sentences_of(rule))
    return {words.en: words.zh_hans for words in (*load_signals().sentences(), *rules) if words.en}
