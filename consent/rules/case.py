"""What a requirement is, and what it is asked about.

A requirement looks at one case (the facts, the stage, the site's policy) and answers yes, no, or unknown. Unknown is
None and never counts as yes: `all_of` and `same` keep it alive through longer questions.

>>> all_of(True, None)  # unknown
>>> all_of(None, False)
False
>>> same("left", "right"), same("left", None)
(False, None)
"""

import datetime
import zoneinfo
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consent.facts import ConsentFacts, ConversationFacts, GateFacts
from consent.rules.days import aware, civil_day, days_between, zone_named
from consent.rules.policy import Policy, RuleTable, policy_for

Answer = bool | None  # met, not met, unknown


class Stage(StrEnum):
    """The two moments at which the gate is asked."""

    SIGNING = "signing"  # the patient is about to say yes
    START = "start"  # the procedure is about to begin


AT_SIGNING = frozenset({Stage.SIGNING})
AT_START = frozenset({Stage.START})
AT_BOTH = frozenset(Stage)


def all_of(*answers: Answer) -> Answer:
    """No if any part is no, else unknown if any part is unknown, else yes."""
    if False in answers:
        return False
    return None if None in answers else True


def same(one: object, other: object) -> Answer:
    """Whether two things are the same; unknown where either is unknown."""
    return None if one is None or other is None else one == other


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
        aware(facts.at)
        procedure = facts.procedure
        policy = policy_for(law or facts.preset, procedure.category, procedure.particular)
        return cls(facts=facts, stage=stage, policy=policy, zone=zone_named(facts.time_zone))

    @property
    def consent(self) -> ConsentFacts | None:
        """The consent, where there is one."""
        return self.facts.consent

    @property
    def conversation(self) -> ConversationFacts | None:
        """The talk, where one is recorded."""
        return self.facts.conversation

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


def no_detail(_case: Case) -> Detail:
    """For requirements whose sentence says it all."""
    return Detail()


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that must be so. The sentences are shown where it is not, and say what mends it."""

    id: str
    rule_ids: tuple[str, ...]  # of the safeguard rules; empty where it is the house's own invariant
    stages: frozenset[Stage]
    sentence: str  # for the clinician
    patient_sentence: str
    check: Callable[[Case], Answer]
    explain: Callable[[Case], Detail] = no_detail
    # Either it always holds and names its source; or the policy decides, and names the source of each bar.
    source: str = ""
    parameter: str = ""
