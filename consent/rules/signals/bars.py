"""The bars of the site's own rules that bear on signals.

Some signals ask what a rule asks (time alone, other choices, confirming on the day). Their height stands in the rule
table only, so that one change moves both. Where the signals' own table names a number too, the stricter of the two
counts.

>>> from clinic.vocabulary import Preset, ProcedureCategory
>>> from consent.rules.policy import policy_for
>>> bars_of(policy_for(Preset.ENGLAND, ProcedureCategory.STER)).minutes_alone
10
>>> NO_BARS.minutes_alone is None
True
"""

from dataclasses import dataclass

from consent.rules.policy import Policy, Wait


@dataclass(frozen=True, kw_only=True, slots=True)
class Bars:
    """Heights in force for one kind of care; None where no rule sets one."""

    minutes_alone: int | None = None  # CR-050
    alternatives: int | None = None  # CR-031
    alternative_seconds: int | None = None  # CR-031
    reading_floor_percent: int | None = None  # CR-032
    reading_pace_percent: int | None = None  # CR-032
    confirmation_minutes: int | None = None  # CR-022
    wait_days: int | None = None  # CR-002; where an exception holds, the caller puts its own wait here
    wait_hours: int | None = None
    forbidden_states: frozenset[str] = frozenset()  # CR-007
    peace_days: int | None = None  # CR-084
    is_peace_until_asked: bool = False
    contact_hours: int | None = None  # CR-087
    removal_days: int | None = None  # CR-019


NO_BARS = Bars()


def bars_of(policy: Policy) -> Bars:
    """The bars as a policy sets them."""
    rules = policy.rules
    wait = rules["min_wait"].value if "min_wait" in rules else None
    states = rules["forbidden_signing_states"].value if "forbidden_signing_states" in rules else None
    peace = rules["re_offer_days"].value if "re_offer_days" in rules else None
    return Bars(
        minutes_alone=_number(policy, "alone_minutes"),
        alternatives=_number(policy, "alternatives_opened_min"),
        alternative_seconds=_number(policy, "alternative_seconds"),
        reading_floor_percent=_number(policy, "reading_floor_percent"),
        reading_pace_percent=_number(policy, "reading_pace_percent"),
        confirmation_minutes=_number(policy, "reconfirmation_minutes"),
        wait_days=wait.days if isinstance(wait, Wait) else None,
        wait_hours=wait.hours if isinstance(wait, Wait) else None,
        forbidden_states=states if isinstance(states, frozenset) else frozenset(),
        peace_days=_number(policy, "re_offer_days"),
        is_peace_until_asked=isinstance(peace, str),
        contact_hours=_number(policy, "contact_lock_hours"),
        removal_days=_number(policy, "removal_days"),
    )


def _number(policy: Policy, name: str) -> int | None:
    rule = policy.rules.get(name)
    is_number = rule is not None and isinstance(rule.value, int) and not isinstance(rule.value, bool)
    return rule.value if rule is not None and is_number and isinstance(rule.value, int) else None
