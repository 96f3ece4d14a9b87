"""The strict reader of `presets/*.toml`: a value, an effect, a source and its mark for each parameter of each rule.

A file that lacks a rule or a key, has one too many, or holds a value of the wrong type is refused with a PolicyError
that names file, line, key and reason: a site with a broken table starts no procedure.

>>> from consent.rules.definitions import definitions
>>> read_preset("", preset=Preset.ENGLAND, definitions=definitions())
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: england.toml:1: CR-001: missing
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from clinic.vocabulary import Preset
from consent.rules.definition_reader import is_kind_of_care
from consent.rules.rule_kinds import KINDS
from consent.rules.rule_table import (
    ALL,
    CATEGORIES,
    Definition,
    Effect,
    Mark,
    Parameter,
    PolicyError,
    Rule,
    RuleTable,
    Value,
    kinds_of_care,
)
from consent.rules.toml_places import Path, parse, refusal

Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, kw_only=True, slots=True)
class CellText:
    """One cell as it stands in a file, read but not judged."""

    key: str  # "STER", "TEST:pregnancy-test"
    value: Value
    effect: Effect
    path: Path


def read_preset(text: str, *, preset: Preset, definitions: Mapping[str, Definition]) -> RuleTable:
    """Read the text of a preset file; see the module docstring for how strictly. **Raises** PolicyError."""
    reader = TableReader(text, file=f"{preset.value}.toml")
    tables = reader.keys(reader.tables, {"preset", *definitions}, at=())
    heading = reader.keys(tables["preset"], {"name", "title"}, at=("preset",))
    if heading["name"] != preset.value:
        raise reader.refusal(("preset", "name"), f"expected {preset.value!r}, found {heading['name']!r}")
    title = reader.sentence(heading["title"], at=("preset", "title"))
    rules: dict[str, dict[str, Rule]] = {category: {} for category in CATEGORIES}
    for definition in definitions.values():
        values = reader.keys(tables[definition.rule_id], set(definition.parameters), at=(definition.rule_id,))
        for parameter in definition.parameters.values():
            for key, rule in _read_row(reader, parameter, values[parameter.name]).items():
                if parameter.name in rules.setdefault(key, {}):
                    raise reader.refusal((*parameter.key.split("."), key), "another rule sets this already")
                rules[key][parameter.name] = rule
    return RuleTable(preset=preset, title=title, rules=rules)


def _read_row(reader: "TableReader", parameter: Parameter, raw: object) -> dict[str, Rule]:
    """The cells of one parameter: one for each kind of care that the preset names or covers by ALL."""
    at = (parameter.rule_id, parameter.name)
    table = reader.cells_of(raw, at=at, beside={"source", "mark"})
    source = reader.sentence(table.get("source"), at=(*at, "source"))
    mark = reader.code(Mark, table.get("mark"), at=(*at, "mark"))
    cells: dict[str, Rule] = {}
    for key in [*CATEGORIES, *(key for key in table if ":" in key)]:
        named = key if key in table else ALL
        if named not in table:
            continue
        cell = reader.cell(parameter, table[named], key=key, at=(*at, named))
        must_be = KINDS[parameter.kind].shipped_as
        if must_be is not None and cell.value != must_be:
            wanted = str(must_be).lower()
            raise reader.refusal((*at, named, "value"), f"expected {wanted} (no preset switches a rule off)")
        cells[key] = rule_of(parameter, cell, source=source, mark=mark)
    for key in parameter.categories:
        if not any(kind in cells for kind in kinds_of_care(key)):
            raise reader.refusal((*at, key), "missing")
    return cells


def rule_of(parameter: Parameter, cell: CellText, *, source: str, mark: Mark) -> Rule:
    """The cell with all that the parameter says about it."""
    return Rule(
        rule_id=parameter.rule_id,
        name=parameter.name,
        value=cell.value,
        effect=cell.effect,
        source=source,
        mark=mark,
        stricter=parameter.stricter,
        clinician=parameter.clinician.en,
        patient=parameter.patient.en,
    )


class TableReader:
    """One file of values: a preset, or what a site has tightened."""

    def __init__(self, text: str, *, file: str) -> None:
        self.text, self.file = text, file
        self.tables = parse(text, file=file)

    def refusal(self, path: Path, reason: str) -> PolicyError:
        return refusal(self.text, path, reason, file=self.file)

    def cells_of(self, raw: object, *, at: Path, beside: set[str]) -> dict[str, Any]:
        """The lines of one parameter: kinds of care, and nothing else but the keys beside them."""
        table = self.table(raw, at=at)
        for key in sorted(set(table) - beside - {ALL}):
            if not is_kind_of_care(key):
                raise self.refusal((*at, key), "unknown key")
        return table

    def cell(self, parameter: Parameter, raw: object, *, key: str, at: Path) -> CellText:
        """One cell. **Raises** PolicyError where the value is not of the parameter's kind."""
        table = self.keys(raw, {"value", "effect"}, at=at)
        return CellText(
            key=key,
            value=self.value(parameter, table["value"], at=(*at, "value")),
            effect=self.code(Effect, table["effect"], at=(*at, "effect")),
            path=at,
        )

    def value(self, parameter: Parameter, raw: object, *, at: Path) -> Value:
        """A value of the parameter's kind."""
        try:
            return KINDS[parameter.kind].read(raw, parameter.codes)
        except ValueError as error:
            raise self.refusal(at, f"expected {error}, found {raw!r}") from error

    def keys(self, raw: object, wanted: set[str], *, at: Path) -> dict[str, Any]:
        """The table, when it holds exactly these keys."""
        table = self.table(raw, at=at)
        for key in sorted(set(table) - wanted):  # first: a word that is mistyped is both unknown and missing
            raise self.refusal((*at, key), "unknown key")
        for key in sorted(wanted - set(table)):
            raise self.refusal((*at, key), "missing")
        return table

    def table(self, raw: object, *, at: Path) -> dict[str, Any]:
        if not isinstance(raw, dict):
            raise self.refusal(at, f"expected a table, found {raw!r}")
        return raw

    def sentence(self, raw: object, *, at: Path) -> str:
        if not isinstance(raw, str) or not raw.strip():
            raise self.refusal(at, f"expected a sentence, found {raw!r}")
        return raw

    def code(self, vocabulary: type[Code], raw: object, *, at: Path) -> Code:
        codes = {member.value: member for member in vocabulary}
        if not isinstance(raw, str) or raw not in codes:
            raise self.refusal(at, f"expected one of {list(codes)}, found {raw!r}")
        return codes[raw]
