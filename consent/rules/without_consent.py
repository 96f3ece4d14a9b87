"""What the two ways of care without consent share: a condition, and the walk through all of them.

Like the gate, the walk names everything that is not met, and what is not known is not met. `emergencies` and
`additions` hold the conditions themselves.

>>> negated(True), negated(None)  # unknown stays unknown
(False, None)
>>> sorted(kind.value for kind in NEVER)
['LARC_IN', 'STER']
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.rules.case import Answer
from consent.rules.gate import HOUSE, Unmet, Verdict, rules_unreadable
from consent.rules.policy import Effect, Policy, PolicyError, RuleTable, policy_for
from consent.rules.wording import gettext_noop as _

# A hard rule in every preset, so it does not stand in a table: these are never an emergency and never added.
NEVER = frozenset({ProcedureCategory.STER, ProcedureCategory.LARC_IN})
FEWEST_CLINICIANS = 2
PATIENT_SENTENCE = _("Without your word this may be done only to save life, when nobody can ask you.")
FIGO = "FIGO 2011; V.C. v. Slovakia; I.V. v. Bolivia: never an emergency, never added"


class Kind(Protocol):
    """Facts that say which kind of care they are about."""

    @property
    def category(self) -> ProcedureCategory:
        """The category that chooses the rules."""

    @property
    def particular(self) -> Particular:
        """What narrows it."""


F = TypeVar("F", bound=Kind)


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition(Generic[F]):
    """One thing that must be so; the sentence is shown where it is not."""

    id: str
    rule_ids: tuple[str, ...]
    sentence: str
    source: str
    check: Callable[[F, Policy], Answer]
    parameter: str = ""  # of the table; where it has a cell, the cell names the source
    follows_effect: bool = False  # the table says whether it stops; every other condition always does
    facts: tuple[str, ...] = ()
    detail: str = ""
    params: Callable[[Policy], Mapping[str, str | int]] = lambda _policy: {}


def walk(
    conditions: Sequence[Condition[F]], warnings: Sequence[Condition[F]], facts: F, law: RuleTable | Preset
) -> Verdict:
    """Ask every condition under the table of the site; where it cannot be trusted, that alone is unmet."""
    try:
        policy = policy_for(law, facts.category, facts.particular)
        found = [(one, answer) for one in conditions if (answer := one.check(facts, policy)) is not True]
        mild = [(one, answer) for one in warnings if (answer := one.check(facts, policy)) is not True]
        mild += [(one, answer) for one, answer in found if _only_warns(one, policy)]
        stops = [(one, answer) for one, answer in found if not _only_warns(one, policy)]
        return Verdict(unmet=_missing(stops, policy), warnings=_missing(mild, policy))
    except PolicyError as problem:
        return rules_unreadable(problem)


def _only_warns(condition: Condition[F], policy: Policy) -> bool:
    rule = policy.rules.get(condition.parameter)
    return condition.follows_effect and rule is not None and not rule.effect.stops


def _missing(found: Sequence[tuple[Condition[F], Answer]], policy: Policy) -> tuple[Unmet, ...]:
    return tuple(
        Unmet(
            requirement_id=condition.id,
            rule_ids=condition.rule_ids,
            sentence=condition.sentence,
            patient_sentence=PATIENT_SENTENCE,
            source=rule.source if (rule := policy.rules.get(condition.parameter)) else condition.source,
            is_unknown=answer is None,
            detail_template=condition.detail,
            detail_params=condition.params(policy) if condition.detail else {},
            effect=rule.effect if rule and condition.follows_effect else Effect.BLOCK,
            mark=rule.mark.value if rule else HOUSE,
            fact_names=condition.facts,
        )
        for condition, answer in found
    )


def negated(answer: Answer) -> Answer:
    """The other answer; unknown stays unknown."""
    return None if answer is None else not answer
