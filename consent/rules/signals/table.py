"""The table of signals, and the strict reader of `presets/signals.toml`.

A file that lacks a signal, a threshold, a finding, a translation, a source or a mark, or that has one too many, is
refused with file, line, key and reason.

>>> load_signals()["PS-11"].number("attempts")
3
>>> read_signals("[signals]\\ntitle = 1")
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: signals.toml:1: PS-01: missing
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinic.vocabulary import ProcedureCategory
from consent.rules.definitions import preset_text
from consent.rules.rule_table import Mark, PolicyError, Words
from consent.rules.signals.action import Action
from consent.rules.signals.reader import Actions, TableReader
from consent.rules.signals.shapes import SHAPES, Shape
from consent.rules.signals.word_table import WordTable, load_words
from consent.rules.toml_places import Path

FILE = "signals.toml"
OF_A_SIGNAL = ("title", "definition", "on_no", "unknown", "source", "mark", "findings")


class SeenBy(StrEnum):
    """Who is shown a signal."""

    CLINICIAN = "clinician"  # as a missing step
    ADVOCATE = "advocate"  # and nobody at the clinic


class OnNo(StrEnum):
    """What a signal does where the decision was a no. Nothing ever stops a no."""

    LOG = "log"
    NOTHING = "nothing"


class Unknown(StrEnum):
    """What an unknown fact does."""

    COUNTS = "counts"
    IGNORED = "ignored"


@dataclass(frozen=True, kw_only=True, slots=True)
class Threshold:
    """One number, or one list of codes."""

    value: int | frozenset[str]
    unit: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One way in which a signal can be so."""

    actions: Actions
    seen_by: SeenBy
    sentence: Words


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalRow:
    """One signal of the table."""

    id: str
    title: Words
    definition: Words
    on_no: OnNo
    unknown: Unknown
    source: str
    mark: Mark
    thresholds: Mapping[str, Threshold]
    findings: Mapping[str, Finding]

    def number(self, name: str) -> int:
        """A threshold that is a number."""
        value = self.thresholds[name].value
        if not isinstance(value, int):
            raise PolicyError(f"{FILE}: {self.id}.{name} is not a number")
        return value

    def codes(self, name: str) -> frozenset[str]:
        """A threshold that is a list of codes."""
        value = self.thresholds[name].value
        if not isinstance(value, frozenset):
            raise PolicyError(f"{FILE}: {self.id}.{name} is not a list of codes")
        return value

    @property
    def categories(self) -> tuple[ProcedureCategory, ...]:
        """The kinds of care that it touches."""
        touched = {category for finding in self.findings.values() for category in finding.actions}
        return tuple(category for category in ProcedureCategory if category in touched)


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalTable:
    """All signals, the sentence for what nobody knows, and the words."""

    title: Words
    unknown: Words
    rows: Mapping[str, SignalRow]
    words: WordTable

    def __getitem__(self, signal_id: str) -> SignalRow:
        return self.rows[signal_id]

    def sentences(self) -> Iterator[Words]:
        """All that the table says, in both languages."""
        yield from (self.title, self.unknown)
        for row in self.rows.values():
            yield from (row.title, row.definition)
            yield from (threshold.unit for threshold in row.thresholds.values())
            yield from (finding.sentence for finding in row.findings.values())
        yield from self.words.sentences()


@functools.cache
def load_signals() -> SignalTable:
    """The shipped table, read once. **Raises** PolicyError."""
    return read_signals(preset_text(FILE))


def read_signals(text: str, *, words: WordTable | None = None) -> SignalTable:
    """Read the text of the file; see the module docstring for how strictly. **Raises** PolicyError."""
    reader = TableReader(text, file=FILE)
    tables = reader.keys(reader.tables, ("signals", *SHAPES), at=())
    heading = reader.keys(tables["signals"], ("title", "unknown"), at=("signals",))
    return SignalTable(
        title=reader.words(heading["title"], at=("signals", "title")),
        unknown=reader.words(heading["unknown"], at=("signals", "unknown")),
        rows={signal_id: _row(reader, signal_id, tables[signal_id], shape) for signal_id, shape in SHAPES.items()},
        words=words or load_words(),
    )


def _row(reader: TableReader, signal_id: str, raw: object, shape: Shape) -> SignalRow:
    at = (signal_id,)
    names = (*shape.numbers, *shape.codes)
    table = reader.keys(raw, (*OF_A_SIGNAL, *(("thresholds",) if names else ())), at=at)
    thresholds = reader.keys(table.get("thresholds", {}), names, at=(*at, "thresholds"))
    findings = reader.keys(table["findings"], shape.findings, at=(*at, "findings"))
    return SignalRow(
        id=signal_id,
        title=reader.words(table["title"], at=(*at, "title")),
        definition=reader.words(table["definition"], at=(*at, "definition")),
        on_no=reader.code(table["on_no"], OnNo, at=(*at, "on_no")),
        unknown=reader.code(table["unknown"], Unknown, at=(*at, "unknown")),
        source=reader.sentence(table["source"], at=(*at, "source")),
        mark=reader.mark(table["mark"], at=(*at, "mark")),
        thresholds={
            name: _threshold(reader, thresholds[name], shape.codes.get(name), at=(*at, "thresholds", name))
            for name in names
        },
        findings={name: _finding(reader, findings[name], at=(*at, "findings", name)) for name in shape.findings},
    )


def _threshold(reader: TableReader, raw: object, vocabulary: type[StrEnum] | None, *, at: Path) -> Threshold:
    table = reader.keys(raw, ("value", "unit"), at=at)
    value: int | frozenset[str] = (
        reader.number(table["value"], at=(*at, "value"))
        if vocabulary is None
        else reader.codes(table["value"], vocabulary, at=(*at, "value"))
    )
    return Threshold(value=value, unit=reader.words(table["unit"], at=(*at, "unit")))


def _finding(reader: TableReader, raw: object, *, at: Path) -> Finding:
    table = reader.keys(raw, ("action", "seen_by", "sentence"), at=at)
    return Finding(
        actions=reader.actions(table["action"], at=(*at, "action")),
        seen_by=reader.code(table["seen_by"], SeenBy, at=(*at, "seen_by")),
        sentence=reader.words(table["sentence"], at=(*at, "sentence")),
    )


def action_for(row: SignalRow, finding: str, category: ProcedureCategory) -> Action | None:
    """What this finding does for this kind of care; None where it does not touch it."""
    return row.findings[finding].actions.get(category)
