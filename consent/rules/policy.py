"""How high each bar stands at a site: the one place where the gate looks up a number.

The numbers stand in `presets/*.toml`, one file for each jurisdiction, each file complete, so that a lawyer can read one
file and see all that holds there. A site may tighten them (`ratchet`). A site with a broken table starts no procedure.
Taking consent back asks no rule and reads no table.

>>> parameter(Preset.US_FEDERAL, ProcedureCategory.STER, "min_age_years").value
21
>>> parameter(Preset.ENGLAND, ProcedureCategory.STER, "min_wait").value
Wait(days=1, days_with_birth=14, hours=0)
>>> parameter(Preset.ENGLAND, ProcedureCategory.VACC, "min_wait") is None  # rule not for vaccination
True
>>> policy_for(Preset.ENGLAND, ProcedureCategory.TEST, "pregnancy-test").days_or_until_asked("re_offer_days")
'until-asked'
"""

import datetime
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.definitions import definitions, parameters, preset_text
from consent.rules.ratchet import apply_overrides
from consent.rules.rule_reader import read_preset
from consent.rules.rule_table import Effect, PolicyError, PrematureWait, Rule, RuleTable, Wait, kinds_of_care

__all__ = [
    "Effect",
    "Policy",
    "PolicyError",
    "Rule",
    "RuleTable",
    "Wait",
    "effective_table",
    "load_preset",
    "parameter",
    "policy_for",
]

Kind = TypeVar("Kind")


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """All cells of one table for one kind of care, by parameter name."""

    preset: Preset
    category: ProcedureCategory
    rules: Mapping[str, Rule]

    def has(self, name: str) -> bool:
        """True where a rule has a bar of this name for this kind of care, and it is not "not allowed"."""
        rule = self.rules.get(name)
        return rule is not None and rule.value is not None

    def number(self, name: str) -> int:
        """A count, a number of minutes, hours, days or years."""
        return self._value(name, int)

    def members(self, name: str) -> frozenset[str]:
        """A set of codes."""
        return self._value(name, frozenset)

    def code(self, name: str) -> str:
        """One code."""
        return self._value(name, str)

    def wait(self, name: str) -> Wait:
        """A waiting time."""
        return self._value(name, Wait)

    def premature_wait(self, name: str) -> PrematureWait:
        """The shorter wait after a birth that came early."""
        return self._value(name, PrematureWait)

    def days_or_until_asked(self, name: str) -> int | str:
        """A number of days, or "until-asked": no number of days is enough."""
        rule = self.rules.get(name)
        return rule.value if rule is not None and isinstance(rule.value, str) else self.number(name)

    def _value(self, name: str, kind: type[Kind]) -> Kind:
        rule = self.rules.get(name)
        if rule is None or not isinstance(rule.value, kind):
            raise PolicyError(f"{self.preset}.toml: {name}: no {kind.__name__} for {self.category}")
        return rule.value


def parameter(preset: Preset, category: ProcedureCategory, name: str) -> Rule | None:
    """The cell for this preset, kind of care and parameter; None where the rule is not for this kind.

    **Raises** PolicyError where no rule has a parameter of this name, or the preset's file cannot be trusted.
    """
    if name not in {row.name for row in parameters()}:
        raise PolicyError(f"no rule has a parameter named {name!r}")
    return policy_for(preset, category).rules.get(name)


def policy_for(
    law: Preset | RuleTable, category: ProcedureCategory, particular: str = "", *, on: datetime.date | None = None
) -> Policy:
    """Every cell for one kind of care.

    **Takes** a preset or a site's own table; `particular` narrows the category (`ProcedureType.particular`); `on` is
    the day at the site, so that an overlay by statute ends with its last day.
    """
    table = law if isinstance(law, RuleTable) else load_preset(law)
    cells: dict[str, Rule] = {}
    for key in reversed(kinds_of_care(f"{category}:{particular}" if particular else category)):
        cells.update(table.rules.get(key, {}))
    if on is not None:
        cells = {name: _on(rule, on) for name, rule in cells.items()}
    return Policy(preset=table.preset, category=category, rules=cells)


def _on(rule: Rule, day: datetime.date) -> Rule:
    return rule.instead if rule.expires_on is not None and rule.instead is not None and day > rule.expires_on else rule


@functools.cache
def load_preset(preset: Preset) -> RuleTable:
    """The shipped table of a preset, read once. **Raises** PolicyError."""
    return read_preset(preset_text(f"{preset.value}.toml"), preset=preset, definitions=definitions())


def effective_table(preset: Preset, overrides_text: str | None, *, file: str = "the site's rules") -> RuleTable:
    """What holds at a site: its preset and what the site itself has tightened. **Raises** PolicyError."""
    table = load_preset(preset)
    return table if overrides_text is None else apply_overrides(table, overrides_text, file=file)
