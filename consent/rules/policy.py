"""How high each bar stands at a site: the one place where the gate looks up a number.

The numbers stand in `presets/*.toml`, one file for each jurisdiction, each file complete, so that a lawyer can read one
file and see all that holds there. `rule_table` reads them and refuses a file it cannot trust: a site with a broken
table starts no procedure. Taking consent back asks no rule and reads no table.

>>> parameter(Preset.US_FEDERAL, ProcedureCategory.STER, "min_age_years").value
21
>>> parameter(Preset.ENGLAND, ProcedureCategory.STER, "min_wait").value
Wait(days=1, days_with_birth=14, hours=0)
>>> parameter(Preset.ENGLAND, ProcedureCategory.VACC, "min_wait") is None  # rule not for vaccination
True
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TypeVar

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.rule_table import PARAMETERS, Effect, PolicyError, Rule, RuleTable, Wait, read_preset

__all__ = ["Effect", "Policy", "PolicyError", "Rule", "Wait", "load_preset", "parameter", "policy_for"]

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """All cells of one preset for one kind of care, by parameter name."""

    preset: Preset
    category: ProcedureCategory
    rules: Mapping[str, Rule]

    def number(self, name: str) -> int:
        """A count, a number of minutes, days or years."""
        return self._value(name, int)

    def members(self, name: str) -> frozenset[str]:
        """A set of codes."""
        return self._value(name, frozenset)

    def wait(self, name: str) -> Wait:
        """A waiting time."""
        return self._value(name, Wait)

    def _value(self, name: str, kind: type[Kind]) -> Kind:
        rule = self.rules.get(name)
        if rule is None or not isinstance(rule.value, kind):
            raise PolicyError(f"{self.preset}.toml: {name}: no {kind.__name__} for {self.category}")
        return rule.value


def parameter(preset: Preset, category: ProcedureCategory, name: str) -> Rule | None:
    """The cell for this preset, kind of care and parameter; None where the rule is not for this kind.

    **Raises** PolicyError where no rule has a parameter of this name, or the preset's file cannot be trusted.
    """
    if name not in {row.name for row in PARAMETERS}:
        raise PolicyError(f"no rule has a parameter named {name!r}")
    return policy_for(preset, category).rules.get(name)


def policy_for(preset: Preset, category: ProcedureCategory) -> Policy:
    """Every cell of a preset for one kind of care."""
    return Policy(preset=preset, category=category, rules=load_preset(preset).rules[category])


@functools.cache
def load_preset(preset: Preset) -> RuleTable:
    """The shipped table of a preset, read once. **Raises** PolicyError."""
    file = resources.files("consent.rules") / "presets" / f"{preset.value}.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyError(f"{preset.value}.toml: cannot be read: {error}") from error
    return read_preset(text, preset=preset)
