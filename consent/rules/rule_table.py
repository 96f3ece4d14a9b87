"""The shape of the one rule table: what a rule is, what a cell is, and which words the table is written in.

A *definition* says what a rule is about, for whom, when it is asked, who approves an exception and what people are told
(`presets/rules/*.toml`). A *preset* gives each parameter of each rule its value, effect and source, for each kind of
care (`presets/*.toml`). `rule_reader` reads both and trusts neither; `policy` answers what holds; `ratchet` lets a site
tighten. This module only says what the words mean.

>>> Effect.HOLD.stops, Effect.HOLD.holds, Effect.WARN.stops
(True, True, False)
>>> kinds_of_care("TEST:pregnancy-test")
('TEST:pregnancy-test', 'TEST')
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinic.vocabulary import Preset, ProcedureCategory

ALL = "ALL"  # every kind of care that has no line of its own

# The rules by group: the file that defines them, and their numbers.
GROUPS: Mapping[str, range] = {
    "a-time": range(1, 27),
    "b-disclosure": range(30, 43),
    "c-people": range(50, 61),
    "d-integrity": range(70, 76),
    "e-refusal": range(80, 88),
    "f-programme": range(90, 104),
}


class PolicyError(Exception):
    """A rule table that cannot be trusted. The message names the file, the line, the key and the reason."""


class Effect(StrEnum):
    """What happens where a rule is not met."""

    BLOCK = "block"
    HOLD = "hold"
    WARN = "warn"
    LOG = "log"
    BLOCK_AND_HOLD = "block-and-hold"

    @property
    def stops(self) -> bool:
        """True where the step is not taken."""
        return self in {Effect.BLOCK, Effect.HOLD, Effect.BLOCK_AND_HOLD}

    @property
    def holds(self) -> bool:
        """True where the advocate must look at it before anything goes on."""
        return self in {Effect.HOLD, Effect.BLOCK_AND_HOLD}


class Mark(StrEnum):
    """How firmly a value stands."""

    LAW = "law"  # a statute or regulation fixes it
    GUIDANCE = "guidance"  # a court, a professional body or an agency says so
    MEMORY = "memory"  # written from memory, to be checked
    DEFAULT = "default"  # no law fixes this value


class Moment(StrEnum):
    """When a rule is asked for."""

    CONFIGURATION = "configuration"
    OFFER = "offer"
    SIGNING = "signing"
    START = "start"
    SHARE = "share"
    ANY_TIME = "any-time"


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence in both languages of the table."""

    en: str
    zh_hans: str


@dataclass(frozen=True, slots=True)
class Wait:
    """The time between signing and start: civil days at the site and, where not 0, elapsed hours as well."""

    days: int
    days_with_birth: int  # instead of `days` where it is planned with a birth, or nobody recorded whether it is
    hours: int


@dataclass(frozen=True, slots=True)
class PrematureWait:
    """The shorter wait after a birth that came early: elapsed hours, and how long before the due day it was signed."""

    hours: int
    days_before_due: int


# A switch is True; something that must not exist is "absent"; a way that is not allowed is None; "until-asked" is text.
Value = int | str | Wait | PrematureWait | frozenset[str] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of a rule: how its values are read, which way is stricter, which kinds of care it must cover."""

    rule_id: str
    name: str
    kind: str  # of rule_kinds.KINDS
    stricter: str
    codes: tuple[str, ...]  # of the kinds that know codes; for `code` from loosest to strictest
    unit: Words
    categories: tuple[str, ...]  # of the rule, narrow ones as "TEST:pregnancy-test"; a preset may cover more
    clinician: Words
    patient: Words

    @property
    def key(self) -> str:
        """Where it stands in a preset."""
        return f"{self.rule_id}.{self.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Definition:
    """One rule, without its values."""

    rule_id: str
    group: str
    title: Words
    categories: tuple[str, ...]
    evaluated: tuple[Moment, ...]
    exception: Words
    approver: Words
    clinician: Words
    patient: Words
    held_by: tuple[str, ...]
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One cell of the table: one parameter for one kind of care."""

    rule_id: str
    name: str
    value: Value
    effect: Effect
    source: str
    mark: Mark
    stricter: str
    clinician: str  # English; `sentences.translated` knows the other language
    patient: str
    expires_on: datetime.date | None = None  # of an overlay by statute: the last day on which it holds
    instead: "Rule | None" = None  # what holds after that day


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleTable:
    """A whole table: its title, and its cells by kind of care ("STER", "TEST:pregnancy-test") and parameter name."""

    preset: Preset
    title: str
    rules: Mapping[str, Mapping[str, Rule]]


def kinds_of_care(key: str) -> tuple[str, ...]:
    """Where to look for a cell: the particular kind first, where there is one, then its category."""
    category, _, particular = key.partition(":")
    return (key, category) if particular else (category,)


def cell_for(table: RuleTable, key: str, name: str) -> Rule | None:
    """The cell that holds for a kind of care; None where the rule is not for this kind."""
    return next((rule for kind in kinds_of_care(key) if (rule := table.rules.get(kind, {}).get(name))), None)


def rule_ids() -> tuple[str, ...]:
    """Every rule by its number."""
    return tuple(f"CR-{number:03}" for numbers in GROUPS.values() for number in numbers)


CATEGORIES: tuple[str, ...] = tuple(category.value for category in ProcedureCategory)
