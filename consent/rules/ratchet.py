"""A site may tighten a rule, and never loosen one.

What a site sets stands in a file of its own, in the same cells as a preset; `source` may be left out. A value or an
effect that is looser than the preset's is refused with the rule and both values. Rules that give the patient a right
(copies, removal, taking back) tighten towards her: sooner is stricter.

One way round exists, because a statute may force it: a waiting time before an abortion (CR-013) may be entered with
the citation and the last day on which it holds. After that day the preset's value holds again by itself.

>>> from consent.rules.policy import effective_table
>>> from clinic.vocabulary import Preset
>>> stricter = '[CR-050.alone_minutes]\\nSTER = { value = 15 }'
>>> effective_table(Preset.ENGLAND, stricter).rules["STER"]["alone_minutes"].value
15
>>> effective_table(Preset.ENGLAND, stricter.replace("15", "5"), file="ours.toml")
Traceback (most recent call last):
    ...
consent.rules.rule_table.PolicyError: ours.toml:2: CR-050.alone_minutes.STER: value 5 is looser than 10 of the preset
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from consent.rules.definitions import definitions, parameters
from consent.rules.rule_kinds import join, shown
from consent.rules.rule_reader import TableReader
from consent.rules.rule_table import (
    ALL,
    CATEGORIES,
    Effect,
    Mark,
    Parameter,
    Rule,
    RuleTable,
    cell_for,
)
from consent.rules.toml_places import Path

SET_BY_SITE = "set by this site"
OVERLAY = ("CR-013", "imposed_wait_hours")  # the one bar that a statute may move the other way
BESIDE = {"source", "citation", "expires"}
ORDER = (Effect.LOG, Effect.WARN, Effect.HOLD, Effect.BLOCK, Effect.BLOCK_AND_HOLD)


def is_stricter_or_same(parameter: Parameter, old: Rule, new: Rule) -> bool:
    """True where the new cell asks for no less than the old one, in its value and in its effect."""
    return join_values(parameter, old, new) == new.value and join_effects(old.effect, new.effect) == new.effect


def join_values(parameter: Parameter, one: Rule, other: Rule) -> Any:
    """The stricter of two values; of waits each part, of sets all members, of rights of the patient the sooner."""
    return join(parameter.kind, parameter.stricter, one.value, other.value, parameter.codes)


def join_effects(one: Effect, other: Effect) -> Effect:
    """The stricter of two effects; of a block and a hold, both."""
    if {one, other} == {Effect.BLOCK, Effect.HOLD}:
        return Effect.BLOCK_AND_HOLD
    return max(one, other, key=ORDER.index)


def apply_overrides(table: RuleTable, text: str, *, file: str) -> RuleTable:
    """The table with what a site has tightened.

    **Raises** PolicyError naming file, line, rule and both values where anything is looser; and, as for a preset, where
    anything is unknown or of the wrong type.
    """
    reader = TableReader(text, file=file)
    rules = {key: dict(cells) for key, cells in table.rules.items()}
    for rule_id, raw in reader.tables.items():
        rule = definitions().get(rule_id)
        if rule is None:
            raise reader.refusal((rule_id,), "no rule has this number")
        for name, values in reader.table(raw, at=(rule_id,)).items():
            if name not in rule.parameters:
                raise reader.refusal((rule_id, name), f"unknown key; {rule_id} has {', '.join(rule.parameters)}")
            for key, cell in _tightened(reader, table, rule.parameters[name], values):
                rules.setdefault(key, {})[name] = cell
    return RuleTable(preset=table.preset, title=table.title, rules=rules)


def _tightened(reader: TableReader, table: RuleTable, parameter: Parameter, raw: object) -> Iterator[tuple[str, Rule]]:
    """The cells that a site sets for one parameter."""
    at = (parameter.rule_id, parameter.name)
    lines = reader.cells_of(raw, at=at, beside=BESIDE)
    overlay = _overlay(reader, parameter, lines, at=at)
    source = reader.sentence(lines.get("source", SET_BY_SITE), at=(*at, "source"))
    for key, named in _kinds_named(table, parameter, lines):
        old = cell_for(table, key, parameter.name)
        if old is None or old.rule_id != parameter.rule_id:
            raise reader.refusal((*at, named), f"the preset has no value for {key} that could be tightened")
        line = {"effect": old.effect.value, **reader.table(lines[named], at=(*at, named))}
        cell = reader.cell(parameter, line, key=key, at=(*at, named))
        new = replace(old, value=cell.value, effect=cell.effect, source=source, mark=Mark.DEFAULT)
        if overlay is not None:
            new = replace(new, source=overlay.citation, mark=Mark.LAW, expires_on=overlay.expires_on, instead=old)
        elif ":" in key and key != named:  # a narrower cell of the preset, reached by a wider line
            new = _stricter_cell(old, new)
        else:
            _check_is_not_looser(reader, parameter, old, new, at=(*at, named))
        yield key, new


def _check_is_not_looser(reader: TableReader, parameter: Parameter, old: Rule, new: Rule, *, at: Path) -> None:
    """**Raises** PolicyError naming both values, or both effects."""
    if join_values(parameter, old, new) != new.value:
        values = [shown(parameter.kind, each.value) for each in (new, old)]
        raise reader.refusal(at, f"value {values[0]} is looser than {values[1]} of the preset")
    if join_effects(old.effect, new.effect) != new.effect:
        raise reader.refusal((*at, "effect"), f"effect {new.effect} is looser than {old.effect} of the preset")


def _kinds_named(table: RuleTable, parameter: Parameter, lines: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each kind of care that a site's lines bear on, with the line that does.

    ALL means every kind for which the preset has a value. A line for a category reaches a narrower cell of the preset
    too: otherwise the pregnancy test would stay behind when all tests are tightened.
    """
    named = {key: key for key in lines if key not in BESIDE | {ALL}}
    if ALL in lines:
        named |= {key: ALL for key in CATEGORIES if key not in named and _own_cell(table, parameter, key)}
    for key in table.rules:
        category = key.partition(":")[0]
        if key not in named and category != key and _own_cell(table, parameter, key):
            wider = next((line for line in (category, ALL) if line in lines), "")
            named |= {key: wider} if wider else {}
    yield from named.items()


def _own_cell(table: RuleTable, parameter: Parameter, key: str) -> bool:
    cell = table.rules.get(key, {}).get(parameter.name)
    return cell is not None and cell.rule_id == parameter.rule_id


@dataclass(frozen=True, slots=True)
class _Overlay:
    """What a statute forces on a site, and until when."""

    citation: str
    expires_on: datetime.date


def _overlay(
    reader: TableReader, parameter: Parameter, lines: Mapping[str, Any], *, at: tuple[str, str]
) -> _Overlay | None:
    given = {key for key in ("citation", "expires") if key in lines}
    if not given:
        return None
    if (parameter.rule_id, parameter.name) != OVERLAY:
        raise reader.refusal((*at, min(given)), "only a waiting time before an abortion (CR-013) may follow a statute")
    expires = lines.get("expires")
    if not isinstance(expires, datetime.date) or isinstance(expires, datetime.datetime):
        raise reader.refusal((*at, "expires"), f"expected the last day on which the statute holds, found {expires!r}")
    return _Overlay(reader.sentence(lines.get("citation"), at=(*at, "citation")), expires)


def stricter_of(one: RuleTable, other: RuleTable) -> RuleTable:
    """The table that asks, cell by cell, for what the stricter of the two asks."""
    keys = {*one.rules, *other.rules}
    rules: dict[str, dict[str, Rule]] = {key: {} for key in keys}
    for key in keys:
        for parameter in {row.name: row for row in parameters()}.values():
            if any(parameter.name in table.rules.get(key, {}) for table in (one, other)):
                cells = [cell for table in (one, other) if (cell := cell_for(table, key, parameter.name))]
                rules[key][parameter.name] = _stricter_cell(*cells) if len(cells) > 1 else cells[0]
    return RuleTable(preset=other.preset, title=other.title, rules=rules)


def _stricter_cell(one: Rule, other: Rule) -> Rule:
    """One cell at least as strict as both; it keeps the words and the source of the one that decides.

    What a statute asks for now (`expires_on`) is what holds now, whatever held before.
    """
    if one == other or other.expires_on is not None:
        return other
    parameter = definitions()[other.rule_id].parameters[other.name]
    value, effect = join_values(parameter, one, other), join_effects(one.effect, other.effect)
    decides = one if (value, effect) == (one.value, one.effect) else other
    if (value, effect) == (other.value, other.effect):
        decides = other
    sources = dict.fromkeys([one.source, other.source])
    is_mixed = (value, effect) not in {(one.value, one.effect), (other.value, other.effect)}
    return replace(decides, value=value, effect=effect, source="; ".join(sources) if is_mixed else decides.source)
