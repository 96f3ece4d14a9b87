"""One rule table as canonical text, and its digest: what a consent is stored with, and judged by later.

The text is JSON with sorted keys, no spaces, UTF-8. The same table gives the same bytes on every machine.
"""

import dataclasses
import datetime
import hashlib
import json
from typing import Any

from clinic.vocabulary import Preset
from consent.rules.rule_table import Effect, Mark, PrematureWait, Rule, RuleTable, Value, Wait


def policy_digest(table: RuleTable) -> str:
    """SHA-256 of the canonical text, 64 lowercase hex characters."""
    return hashlib.sha256(policy_document(table)).hexdigest()


def policy_document(table: RuleTable) -> bytes:
    """The whole table as canonical JSON."""
    document = {
        "preset": table.preset.value,
        "title": table.title,
        "rules": {
            kind: {name: _plain_rule(rule) for name, rule in cells.items()} for kind, cells in table.rules.items()
        },
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_policy_document(document: bytes) -> RuleTable:
    """The table that was written. **Raises** ValueError, KeyError or TypeError for anything else."""
    raw = json.loads(document)
    return RuleTable(
        preset=Preset(raw["preset"]),
        title=raw["title"],
        rules={kind: {name: _rule(cell) for name, cell in cells.items()} for kind, cells in raw["rules"].items()},
    )


def _plain_rule(rule: Rule) -> dict[str, Any]:
    plain = {field.name: getattr(rule, field.name) for field in dataclasses.fields(rule)}
    plain["value"] = _plain_value(rule.value)
    plain["expires_on"] = rule.expires_on.isoformat() if rule.expires_on else None
    plain["instead"] = _plain_rule(rule.instead) if rule.instead else None
    return plain


def _plain_value(value: Value) -> Any:
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Wait | PrematureWait):
        return {type(value).__name__: dataclasses.asdict(value)}
    return value


def _rule(raw: dict[str, Any]) -> Rule:
    expires_on = raw["expires_on"]
    return Rule(
        **{
            **raw,
            "value": _value(raw["value"]),
            "effect": Effect(raw["effect"]),
            "mark": Mark(raw["mark"]),
            "expires_on": datetime.date.fromisoformat(expires_on) if expires_on else None,
            "instead": _rule(raw["instead"]) if raw["instead"] else None,
        }
    )


def _value(raw: Any) -> Value:
    if not isinstance(raw, dict):
        return raw
    ((name, inner),) = raw.items()
    if name == "set":
        return frozenset(inner)
    return {"Wait": Wait, "PrematureWait": PrematureWait}[name](**inner)
