"""The shape of a rule table, and the strict reader of `presets/*.toml`.

A table holds, for each parameter of each rule and for each kind of care, one cell: a value, what happens where it is
not met, and the source. `PARAMETERS` says what a file must hold. A file that lacks a key, has one too many, or holds a
value of the wrong type is refused with a PolicyError that names the file and the key.

>>> read_preset("", preset=Preset.ENGLAND)
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: england.toml.CR-001: missing

To add a rule: one row in `PARAMETERS`, one table in every preset, one requirement that asks for it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from clinic.vocabulary import Preset, ProcedureCategory
from consent.vocabulary import PersonRole, RequestSource, SigningState


class PolicyError(Exception):
    """A rule table that cannot be trusted. The message names the file and the key."""


class Effect(StrEnum):
    """What happens where a rule is not met."""

    BLOCK = "block"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Wait:
    """The time between signing and start: civil days at the site and, where not 0, elapsed hours as well."""

    days: int
    days_with_birth: int  # instead of `days` where it is planned with a birth, or nobody recorded whether it is
    hours: int


Value = int | Wait | frozenset[str]  # a rule that is merely switched on holds True


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One cell of the table: one parameter for one kind of care."""

    rule_id: str
    name: str
    value: Value
    effect: Effect
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleTable:
    """A whole preset: its title, and its cells by kind of care and parameter name."""

    preset: Preset
    title: str
    rules: Mapping[ProcedureCategory, Mapping[str, Rule]]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table: whose rule it is, how its values are read, which kinds of care it must cover."""

    rule_id: str
    name: str
    read: Callable[[object], Value]  # raises ValueError saying what it wants
    categories: frozenset[ProcedureCategory]  # of the rule itself; a preset may cover more, never fewer

    @property
    def key(self) -> str:
        """Where it stands in the file."""
        return f"{self.rule_id}.{self.name}"


def _whole_number(raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
        raise ValueError("a whole number, zero or more")
    return raw


def _switched_on(raw: object) -> bool:
    if raw is not True:
        raise ValueError("true (a rule is never switched off by a preset)")
    return True


def _wait(raw: object) -> Wait:
    names = {"days", "days_with_birth", "hours"}
    if not isinstance(raw, dict) or set(raw) != names:
        raise ValueError("a table of days, days_with_birth and hours")
    return Wait(**{name: _whole_number(raw[name]) for name in names})


def _codes_of(vocabulary: type[StrEnum]) -> Callable[[object], frozenset[str]]:
    known = {member.value for member in vocabulary}

    def read(raw: object) -> frozenset[str]:
        codes = [code for code in raw if isinstance(code, str)] if isinstance(raw, list) else []
        if not codes or codes != raw or len(set(codes)) != len(codes) or not known.issuperset(codes):
            raise ValueError(f"a list of different codes out of {sorted(known)}")
        return frozenset(codes)

    return read


def _kinds(names: str) -> frozenset[ProcedureCategory]:
    return frozenset(ProcedureCategory[name] for name in names.split())


EVERY_KIND = frozenset(ProcedureCategory)

PARAMETERS: tuple[Parameter, ...] = (
    Parameter("CR-001", "min_age_years", _whole_number, _kinds("STER")),
    Parameter("CR-002", "min_wait", _wait, _kinds("STER")),
    Parameter("CR-006", "max_consent_age_days", _whole_number, _kinds("STER")),
    Parameter("CR-007", "forbidden_signing_states", _codes_of(SigningState), _kinds("STER MAJOR")),
    Parameter("CR-014", "refused_request_sources", _codes_of(RequestSource), _kinds("STER LARC_IN ABRT")),
    Parameter("CR-014", "request_sources_to_repeat_alone", _codes_of(RequestSource), _kinds("STER LARC_IN ABRT")),
    Parameter("CR-021", "max_consent_age_days", _whole_number, EVERY_KIND - _kinds("STER")),
    Parameter("CR-022", "reconfirmation_minutes", _whole_number, EVERY_KIND),
    Parameter("CR-022", "reconfirmation_alone", _switched_on, _kinds("STER LARC_IN ABRT MINOR MAJOR ANAES")),
    Parameter("CR-031", "alternatives_opened_min", _whole_number, EVERY_KIND),
    Parameter("CR-036", "teach_back_min", _whole_number, _kinds("STER LARC_IN ABRT MAJOR")),
    Parameter("CR-050", "alone_minutes", _whole_number, _kinds("STER LARC_IN ABRT MAJOR TEST")),
    Parameter("CR-051", "roles_never_present", _codes_of(PersonRole), _kinds("STER LARC_IN LARC_OUT ABRT")),
    Parameter("CR-051", "companions_by_invitation", _switched_on, _kinds("STER LARC_IN LARC_OUT ABRT")),
    Parameter("CR-052", "interpreter", _switched_on, EVERY_KIND),
    Parameter("CR-056", "operator_certificate", _switched_on, _kinds("STER LARC_IN ABRT MINOR MAJOR")),
    Parameter("CR-058", "capacity", _switched_on, EVERY_KIND),
)


def read_preset(text: str, *, preset: Preset) -> RuleTable:
    """Read the text of a preset file; see the module docstring for how strictly. **Raises** PolicyError."""
    file = f"{preset.value}.toml"
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: not TOML: {error}") from error
    _exact(raw, {"preset", *(row.rule_id for row in PARAMETERS)}, at=file)
    heading = _exact(raw["preset"], {"name", "title"}, at=f"{file}: preset")
    if heading["name"] != preset.value:
        raise PolicyError(f"{file}: preset.name: expected {preset.value!r}, found {heading['name']!r}")
    title = _sentence(heading["title"], at=f"{file}: preset.title")
    rules: dict[ProcedureCategory, dict[str, Rule]] = {category: {} for category in ProcedureCategory}
    for row in PARAMETERS:
        names = {other.name for other in PARAMETERS if other.rule_id == row.rule_id}
        table = _exact(raw[row.rule_id], names, at=f"{file}: {row.rule_id}")[row.name]
        for category, rule in _read_row(row, table, at=f"{file}: {row.key}").items():
            if row.name in rules[category]:
                raise PolicyError(f"{file}: {row.key}.{category}: another rule sets this already")
            rules[category][row.name] = rule
    return RuleTable(preset=preset, title=title, rules=rules)


def _read_row(row: Parameter, raw: object, *, at: str) -> dict[ProcedureCategory, Rule]:
    table = _table(raw, at=at)
    for key in sorted(set(table) - {"source", "ALL", *ProcedureCategory}):
        raise PolicyError(f"{at}.{key}: unknown key")
    source = _sentence(table.get("source"), at=f"{at}.source")
    cells = {}
    for category in ProcedureCategory:
        key = category.value if category.value in table else "ALL"
        if key in table:
            cells[category] = _read_cell(row, table[key], source=source, at=f"{at}.{key}")
        elif category in row.categories:
            raise PolicyError(f"{at}.{category}: missing")
    return cells


def _read_cell(row: Parameter, raw: object, *, source: str, at: str) -> Rule:
    cell = _exact(raw, {"value", "effect"}, at=at)
    try:
        value = row.read(cell["value"])
    except ValueError as error:
        raise PolicyError(f"{at}.value: expected {error}, found {cell['value']!r}") from error
    try:
        effect = Effect(cell["effect"])
    except ValueError as error:
        raise PolicyError(f"{at}.effect: expected block or warn, found {cell['effect']!r}") from error
    return Rule(rule_id=row.rule_id, name=row.name, value=value, effect=effect, source=source)


def _exact(raw: object, keys: set[str], *, at: str) -> dict[str, Any]:
    """The table, when it holds exactly these keys."""
    table = _table(raw, at=at)
    for key in sorted(keys ^ set(table)):
        raise PolicyError(f"{at}.{key}: {'missing' if key in keys else 'unknown key'}")
    return table


def _table(raw: object, *, at: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise PolicyError(f"{at}: expected a table, found {raw!r}")
    return raw


def _sentence(raw: object, *, at: str) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise PolicyError(f"{at}: expected a sentence, found {raw!r}")
    return raw
