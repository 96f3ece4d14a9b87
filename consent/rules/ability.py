"""Being able to decide: what an assessment finds, what follows about a young person, who may speak beside her.

Everybody is presumed able. Nothing here can be told a diagnosis, a way of life or a choice that others would not make:
the questions simply have no place for them. An assessment is about this one decision at this one time.

A case. Ms Ray has a learning disability and wants an implant. She understands, remembers and weighs it, and tells her
choice with pictures. That two of her four aunts call the choice foolish is not asked. She has what it takes.

>>> ray = CapacityLimbs(
...     has_impairment=True, can_understand=True, can_retain=True, can_weigh=True, can_communicate=True,
...     is_because_of_impairment=False,
... )
>>> capacity_finding(ray).value
'has-capacity'
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from clinic.vocabulary import ProcedureCategory
from consent.rules.days import age_on
from consent.rules.policy import Policy
from consent.vocabulary import CapacityFinding, Decision

CONTRACEPTION = frozenset({ProcedureCategory.STER, ProcedureCategory.LARC_IN, ProcedureCategory.LARC_OUT})
# Whatever a table says: no guardian's word ever counts for these.
NEVER_ON_A_GUARDIANS_WORD = frozenset({ProcedureCategory.STER, ProcedureCategory.LARC_IN})
NEVER = "never"


@dataclass(frozen=True, kw_only=True, slots=True)
class CapacityLimbs:
    """The two limbs: what the person can do, with all the help there is, and whether an impairment is why she cannot.

    `is_because_of_impairment` is asked only where something is missing and there is an impairment.
    """

    has_impairment: bool
    can_understand: bool
    can_retain: bool
    can_weigh: bool
    can_communicate: bool
    is_because_of_impairment: bool

    @property
    def lacks_an_ability(self) -> bool:
        """True where at least one of the four is missing."""
        return not (self.can_understand and self.can_retain and self.can_weigh and self.can_communicate)

    @property
    def asks_for_the_cause(self) -> bool:
        """True where it must be said whether the impairment is the reason."""
        return self.has_impairment and self.lacks_an_ability


def capacity_finding(limbs: CapacityLimbs) -> CapacityFinding:
    """CR-058. She lacks capacity only with an impairment, an ability missing, and the one because of the other."""
    lacks = limbs.has_impairment and limbs.lacks_an_ability and limbs.is_because_of_impairment
    return CapacityFinding.LACKS if lacks else CapacityFinding.HAS


@dataclass(frozen=True, kw_only=True, slots=True)
class YoungPersonAnswers:
    """What a clinician found about a young person; the last two are asked for contraception only."""

    understands_advice: bool
    was_encouraged_to_tell_parents: bool
    is_in_best_interests: bool
    likely_to_go_on_without: bool | None = None
    health_would_suffer: bool | None = None


def is_able_young_person(answers: YoungPersonAnswers, category: ProcedureCategory) -> bool:
    """CR-059. Whether she can decide this herself: she understands it, and it is good for her.

    Where contraception is to begin, all five answers must be yes. Having it taken out, and all other care, asks
    only that she understands and that it is good for her: the way out is never the harder one.
    """
    able = answers.understands_advice and answers.is_in_best_interests
    if category in NEVER_ON_A_GUARDIANS_WORD:
        able = able and answers.was_encouraged_to_tell_parents
        return able and answers.likely_to_go_on_without is True and answers.health_would_suffer is True
    return able


def is_adult(born: datetime.date, *, on: datetime.date, policy: Policy) -> bool:
    """CR-059. Whether the law of the site counts her as grown up on this day."""
    return age_on(on, born=born) >= policy.number("adult_from_years")


def may_guardian_speak(category: ProcedureCategory, policy: Policy) -> bool:
    """CR-059. Whether a guardian's word has any place here at all."""
    if category in NEVER_ON_A_GUARDIANS_WORD or not policy.has("guardian_word"):
        return False
    return policy.code("guardian_word") != NEVER


def are_in_conflict(decisions: Iterable[Decision]) -> bool:
    """Whether those who spoke last do not say the same."""
    return len(set(decisions)) > 1
