"""What a requirement is, and what it is asked about.

A requirement looks at one case (the facts, the stage, the site's policy) and answers yes, no, or unknown. Unknown is
None and never counts as yes: `all_of`, `any_of`, `not_` and `same` keep it alive through longer questions.

>>> all_of(True, None)  # unknown
>>> all_of(None, False), any_of(None, True), not_(True)
(False, True, False)
>>> same("left", "right"), same("left", None)
(False, None)
"""

import datetime
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consent.facts import AbilityFacts, ConsentFacts, ConversationFacts, GateFacts, OfferFacts, PastFacts, WaitFacts
from consent.rules.days import aware, civil_day, days_between, zone_named
from consent.rules.policy import Policy, RuleTable, policy_for
from consent.rules.wording import gettext_noop as _

Answer = bool | None  # met, not met, unknown


class Stage(StrEnum):
    """The three moments at which the gate is asked."""

    OFFER = "offer"  # a clinician is about to offer it
    SIGNING = "signing"  # the patient is about to say yes
    START = "start"  # the procedure is about to begin


AT_OFFER = frozenset({Stage.OFFER})
AT_SIGNING = frozenset({Stage.SIGNING})
AT_START = frozenset({Stage.START})
AT_BOTH = AT_SIGNING | AT_START
AT_ALL = frozenset(Stage)


def all_of(*answers: Answer) -> Answer:
    """No if any part is no, else unknown if any part is unknown, else yes."""
    if False in answers:
        return False
    return None if None in answers else True


def any_of(*answers: Answer) -> Answer:
    """Yes if any part is yes, else unknown if any part is unknown, else no."""
    return not_(all_of(*map(not_, answers)))


def same(one: object, other: object) -> Answer:
    """Whether two things are the same; unknown where either is unknown."""
    return None if one is None or other is None else one == other


def not_(answer: Answer) -> Answer:
    """The other answer; unknown stays unknown."""
    return None if answer is None else not answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """The facts, seen from one stage at one site."""

    facts: GateFacts
    stage: Stage
    policy: Policy
    zone: zoneinfo.ZoneInfo | None  # None: the site's zone is unknown, and with it every date

    @classmethod
    def of(cls, facts: GateFacts, *, stage: Stage, law: RuleTable | None = None) -> "Case":
        """The case that these facts make under the law, else under the shipped preset of the site."""
        zone, planned = zone_named(facts.time_zone), facts.procedure
        today = civil_day(facts.at, zone) if zone else aware(facts.at).date()
        policy = policy_for(law or facts.preset, planned.category, planned.particular, on=today)
        return cls(facts=facts, stage=stage, policy=policy, zone=zone)

    @property
    def consent(self) -> ConsentFacts | None:
        """The consent, where there is one."""
        return self.facts.consent

    @property
    def conversation(self) -> ConversationFacts | None:
        """The talk, where one is recorded."""
        return self.facts.conversation

    @property
    def offer(self) -> OfferFacts | None:
        """How it was, or is about to be, offered."""
        return self.facts.offer

    @property
    def past(self) -> PastFacts | None:
        """What went before in the same matter."""
        return self.facts.past

    @property
    def ability(self) -> AbilityFacts | None:
        """What is recorded about being able to decide."""
        return self.facts.ability

    @property
    def waits(self) -> WaitFacts | None:
        """What was certified or agreed towards a shorter wait."""
        return self.facts.waits

    @property
    def signed_at(self) -> datetime.datetime | None:
        """When the patient signed; while the patient is signing, now."""
        if self.stage is Stage.SIGNING:
            return self.facts.at
        return self.consent.given_at if self.consent else None

    @property
    def signing_day(self) -> datetime.date | None:
        """The date at the clinic on which the patient signed."""
        if self.signed_at is None or self.zone is None:
            return None
        return civil_day(self.signed_at, self.zone)

    @property
    def days_since_signing(self) -> int | None:
        """Calendar days at the clinic from signing to now; unknown for a signature from the future."""
        if self.signed_at is None or self.zone is None or self.signed_at > self.facts.at:
            return None
        return days_between(self.signed_at, self.facts.at, self.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Detail:
    """What exactly is missing: a sentence with named gaps, what fills them, and when time alone mends it."""

    template: str = ""
    params: Mapping[str, str | int] = field(default_factory=dict)
    earliest_at: datetime.datetime | None = None


NOT_RECORDED = Detail(template=_("Nothing is recorded about this yet."))


def no_detail(_case: Case) -> Detail:
    """For requirements whose sentence says it all."""
    return Detail()


# Paths into the facts ("conversation.minutes_alone"), or a function where they differ from case to case.
Names = tuple[str, ...] | Callable[[Case], tuple[str, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that must be so.

    Where the table has a parameter for it, the table says how high the bar is, what people are told, and on which
    ground; nothing here repeats it. Only the house's own invariants bring their words and their source.
    """

    id: str
    stages: frozenset[Stage]
    check: Callable[[Case], Answer]
    facts: Names  # exactly those facts without which the answer is not yes, for the case at hand
    explain: Callable[[Case], Detail] = no_detail
    parameter: str = ""  # of the table; where it has no cell for a kind of care, the requirement does not bear on it
    beside: tuple[str, ...] = ()  # further parameters of the table that the check reads
    # The house's own:
    rule_ids: tuple[str, ...] = ()
    sentence: str = ""
    patient_sentence: str = ""
    source: str = ""

    def fact_names(self, case: Case) -> tuple[str, ...]:
        """The facts it needs in this case."""
        return self.facts(case) if callable(self.facts) else self.facts
