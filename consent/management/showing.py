"""`manage.py rules show ID`: all that the one rule table says about a rule, for people and for machines."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import CommandError

from clinic.vocabulary import Preset
from consent.management.listing import FOUND, both, summary
from consent.rules.definitions import definitions
from consent.rules.policy import load_preset
from consent.rules.rule_kinds import raw, shown
from consent.rules.rule_table import Definition, Mark, Parameter, Rule

HELP = "show one rule: its values in every preset, what people are told, sources, and what holds it"


def add_arguments(parser: ArgumentParser) -> None:
    """The options of `rules show`."""
    parser.add_argument("rule", metavar="ID", help="number of a rule, such as CR-050")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def answer(options: dict[str, Any]) -> tuple[str, int]:
    """One rule, whole. **Raises** CommandError where no rule has this number."""
    rule = definitions().get(options["rule"].upper())
    if rule is None:
        raise CommandError(f"No rule has the number {options['rule']!r}. `manage.py rules list` shows them all.")
    if options["json"]:
        return json.dumps(_whole(rule), indent=2, ensure_ascii=False), FOUND
    return "\n".join(_lines(rule)), FOUND


def _whole(rule: Definition) -> dict[str, Any]:
    return {
        **summary(rule),
        "clinician": both(rule.clinician),
        "patient": both(rule.patient),
        "exception": both(rule.exception),
        "approver": both(rule.approver),
        "held_by": list(rule.held_by),
        "parameters": {name: _bar(parameter) for name, parameter in rule.parameters.items()},
    }


def _bar(parameter: Parameter) -> dict[str, Any]:
    return {
        "kind": parameter.kind,
        "unit": both(parameter.unit) if parameter.unit.en else None,
        "stricter": parameter.stricter,
        "clinician": both(parameter.clinician),
        "patient": both(parameter.patient),
        "presets": {
            preset.value: {
                kind: {
                    "value": raw(cell.value),
                    "effect": cell.effect.value,
                    "source": cell.source,
                    "mark": cell.mark.value,
                }
                for kind, cell in _cells(parameter, preset)
            }
            for preset in Preset
        },
    }


def _cells(parameter: Parameter, preset: Preset) -> Iterator[tuple[str, Rule]]:
    for kind, rules in load_preset(preset).rules.items():
        cell = rules.get(parameter.name)
        if cell is not None and cell.rule_id == parameter.rule_id:
            yield kind, cell


def _lines(rule: Definition) -> Iterator[str]:
    """The rule as a page of text."""
    yield f"{rule.rule_id}  {rule.title.en} / {rule.title.zh_hans}"
    yield f"  For: {' '.join(rule.categories)}"
    yield f"  Asked at: {', '.join(rule.evaluated)}"
    for label, words in (
        ("Clinicians read", rule.clinician),
        ("Patients read", rule.patient),
        ("Exception", rule.exception),
        ("Who approves it", rule.approver),
    ):
        yield f"  {label}: {words.en}"
        yield f"    {words.zh_hans}"
    yield f"  Held by: {', '.join(rule.held_by)}"
    for parameter in rule.parameters.values():
        yield ""
        yield from _bar_lines(parameter)


def _bar_lines(parameter: Parameter) -> Iterator[str]:
    unit = f", in {parameter.unit.en}" if parameter.unit.en else ""
    yield f"  {parameter.name} ({parameter.kind}{unit}; stricter: {parameter.stricter})"
    for preset in Preset:
        kinds: dict[tuple[str, str, str], list[str]] = {}
        for kind, cell in _cells(parameter, preset):
            firmness = "No law fixes this value." if cell.mark is Mark.DEFAULT else cell.mark.value
            said = (f"{shown(parameter.kind, cell.value)} ({cell.effect})", cell.source, firmness)
            kinds.setdefault(said, []).append(kind)
        for (value, source, firmness), named in kinds.items():
            yield f"    {preset}: {' '.join(named)}: {value}"
            yield f"      {source} [{firmness}]"
