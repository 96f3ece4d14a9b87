"""A whole rule table as canonical text, and its digest: what a consent is stored with, and judged by later.

The text is JSON with sorted keys, no blanks, UTF-8: the same table gives the same bytes on every machine. It holds all
that decides and all that is said about it, and the tables of signals and of words beside the rules, so that it can be
read again when the shipped files have changed.

>>> from consent.rules.policy import load_preset
>>> england = load_preset(Preset.ENGLAND)
>>> read_policy_document(policy_document(england)) == england, len(policy_digest(england))
(True, 64)
"""

import datetime
import functools
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from clinic.vocabulary import Preset
from consent.rules.definitions import parameters, preset_text
from consent.rules.rule_kinds import KINDS, raw
from consent.rules.rule_table import Effect, Mark, Parameter, PolicyError, Rule, RuleTable
from consent.rules.toml_places import parse

BESIDE_THE_RULES = ("signals", "words")


def policy_digest(table: RuleTable) -> str:
    """SHA-256 of the canonical text, 64 lowercase hex characters."""
    return hashlib.sha256(policy_document(table)).hexdigest()


def policy_document(table: RuleTable) -> bytes:
    """The whole table as canonical JSON."""
    document = {
        "preset": table.preset.value,
        "title": table.title,
        "bars": {parameter.key: _bar(parameter) for parameter in parameters()},
        "rules": {
            kind: {f"{rule.rule_id}.{rule.name}": _cell(rule) for rule in cells.values()}
            for kind, cells in table.rules.items()
        },
        **_beside_the_rules(),
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_policy_document(document: bytes) -> RuleTable:
    """The table that was written. **Raises** PolicyError where the text is none of ours."""
    try:
        read = json.loads(document)
        return RuleTable(
            preset=Preset(read["preset"]),
            title=read["title"],
            rules={
                kind: {key.partition(".")[2]: _rule(key, cell, read["bars"][key]) for key, cell in cells.items()}
                for kind, cells in read["rules"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise PolicyError(f"a stored rule table: cannot be read: {error!r}") from error


@functools.cache
def _beside_the_rules() -> Mapping[str, Any]:
    """The tables of signals and of words, as they stand in their files."""
    return {name: parse(preset_text(f"{name}.toml"), file=f"{name}.toml") for name in BESIDE_THE_RULES}


def _bar(parameter: Parameter) -> dict[str, Any]:
    return {
        "kind": parameter.kind,
        "codes": list(parameter.codes),
        "stricter": parameter.stricter,
        "clinician": parameter.clinician.en,
        "patient": parameter.patient.en,
    }


def _cell(rule: Rule) -> dict[str, Any]:
    plain = {"value": raw(rule.value), "effect": rule.effect.value, "source": rule.source, "mark": rule.mark.value}
    if rule.expires_on is not None and rule.instead is not None:
        plain |= {"expires_on": rule.expires_on.isoformat(), "instead": _cell(rule.instead)}
    return plain


def _rule(key: str, cell: Mapping[str, Any], bar: Mapping[str, Any]) -> Rule:
    rule_id, _, name = key.partition(".")
    expires_on = cell.get("expires_on")
    return Rule(
        rule_id=rule_id,
        name=name,
        value=KINDS[bar["kind"]].read(cell["value"], tuple(bar["codes"])),
        effect=Effect(cell["effect"]),
        source=cell["source"],
        mark=Mark(cell["mark"]),
        stricter=bar["stricter"],
        clinician=bar["clinician"],
        patient=bar["patient"],
        expires_on=datetime.date.fromisoformat(expires_on) if expires_on else None,
        instead=_rule(key, cell["instead"], bar) if expires_on else None,
    )
