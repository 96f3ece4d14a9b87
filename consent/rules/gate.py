"""The gate: may this be offered now, may the patient sign now, and may the procedure start now?

This is not the question of who may press a button; permissions live elsewhere and are asked first. The gate asks
whether this consent carries this procedure at this moment. It looks at everything that is recorded, walks the whole
list of requirements, and returns **all** that are not met, in the order of the list, each with a sentence that says
what mends it. Only an empty list opens the gate. What is not known is not met. There is no override, and nobody to ask
for one: `decide` takes facts, a stage and a rule table, and nothing else.

A case. Mrs Li signed for a sterilisation on 2 March at 16:00 and comes back on 1 April at 08:00. Thirty days on the
calendar have passed, but only 712 hours, and her clinic asks for 720. All else is in order. The gate stays shut with
one unmet requirement, `waiting-time`, and says when it will open by itself: 1 April at 16:00. An hour before that she
takes her consent back. From that instant the gate is shut by `consent-state`, however many hours pass.

How to read on, in ten minutes:

1. `decide`, below: one loop.
2. `requirements/`: the list, in short files. Each begins with tiny functions, whose docstrings are the rules, and
   ends with the list that says when each is asked, and which facts it needs.
3. `presets/*.toml`: the numbers, the sentences and the sources.

>>> import datetime, uuid
>>> from clinic.vocabulary import Laterality, Particular, Preset, ProcedureCategory, ProcedureStatus
>>> from consent.facts import ProcedureFacts
>>> patient, operator = uuid.uuid4(), uuid.uuid4()
>>> vaccination = ProcedureFacts(
...     id=uuid.uuid4(), patient_id=patient, operator_id=operator, code="vaccination",
...     category=ProcedureCategory.VACC, needs_laterality=True, laterality=Laterality.LEFT, body_site="arm",
...     status=ProcedureStatus.PREPARATION, accompanies_birth=False, particular=Particular.NONE,
...     is_experimental=False, ethics_approval="",
... )
>>> facts = GateFacts(
...     at=datetime.datetime(2027, 3, 2, 8, 0, tzinfo=datetime.UTC), time_zone="Asia/Shanghai",
...     preset=Preset.CHINA_MAINLAND, birth_date=datetime.date(1990, 5, 4), procedure=vaccination,
...     consent=None, conversation=None, open_holds=0, offer=None, past=None, ability=None, waits=None,
...     starting_operator_id=operator,
... )
>>> verdict = decide(facts, stage=Stage.START)
>>> verdict.is_allowed
False
>>> verdict.unmet[0].requirement_id, verdict.unmet[0].detail
('consent-state', 'There is no live consent for this procedure.')
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from consent.facts import GateFacts
from consent.rules.case import NOT_RECORDED, Case, Requirement, Stage
from consent.rules.policy import Effect, Policy, PolicyError, Rule, RuleTable
from consent.rules.requirements import REQUIREMENTS
from consent.rules.wording import gettext_noop as _

__all__ = ["REQUIREMENTS", "Requirement", "Stage", "Unmet", "Verdict", "applies_to", "decide", "rules_unreadable"]

UNREADABLE_RULES = "rules-readable"  # beside the list of requirements: without the rules the list cannot be asked
HOUSE = "house"  # instead of a mark: no table fixes it, and no site can change it


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmet:
    """One requirement that is not met. Sentences are English and marked; views translate, then fill gaps."""

    requirement_id: str
    rule_ids: tuple[str, ...]
    sentence: str
    patient_sentence: str
    source: str
    is_unknown: bool  # nothing is recorded, as against: recorded, and not enough
    detail_template: str = ""  # with %(name)s gaps; empty where the sentence says it all
    detail_params: Mapping[str, str | int] = field(default_factory=dict)
    earliest_at: datetime.datetime | None = None  # the instant from which waiting alone mends it
    effect: Effect = Effect.BLOCK
    mark: str = HOUSE  # how firmly the source stands: one of `Mark`, or the house itself
    fact_names: tuple[str, ...] = ()  # paths into the facts it was judged by: "conversation.minutes_alone"

    @property
    def detail(self) -> str:
        """The detail in English, for logs and tests."""
        return self.detail_template % self.detail_params


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer of the gate. It is open only when nothing is unmet; warnings do not close it."""

    unmet: tuple[Unmet, ...]
    warnings: tuple[Unmet, ...]

    @property
    def is_allowed(self) -> bool:
        """True where nothing at all is missing."""
        return not self.unmet

    @property
    def holds(self) -> tuple[Unmet, ...]:
        """What the advocate must look into. What is only not recorded is mended by recording it, without a hold."""
        return tuple(one for one in (*self.unmet, *self.warnings) if one.effect.holds and not one.is_unknown)


def decide(facts: GateFacts, *, stage: Stage, law: RuleTable | None = None) -> Verdict:
    """Say whether this step may be taken now and, if not, everything that is missing.

    **Takes** facts read fresh under the locks; at the signing stage also how the patient is about to sign, at the offer
    stage the offer about to be made. `law`: the table that holds, else the shipped preset of the site.
    **Gives** unmet and warnings in table order; the same facts always give the same verdict. Where the rule table
    cannot be trusted, that alone is unmet: pages about taking back keep working, and nothing starts.
    **Raises** ValueError where a time has no zone.
    **Writes** nothing.
    """
    try:
        return _walk(Case.of(facts, stage=stage, law=law))
    except PolicyError as problem:
        return rules_unreadable(problem)


def _walk(case: Case) -> Verdict:
    """Ask every requirement of this stage."""
    unmet: list[Unmet] = []
    warnings: list[Unmet] = []
    for requirement in ASKED_AT[case.stage]:
        rule = _rule_behind(requirement, case.policy)
        if rule is None and requirement.parameter:
            continue
        answer = requirement.check(case)
        if answer is True:
            continue
        missing = _missing(requirement, rule, case, is_unknown=answer is None)
        if missing.effect.stops:
            unmet.append(missing)
        elif missing.effect is Effect.WARN:
            warnings.append(missing)
    return Verdict(unmet=tuple(unmet), warnings=tuple(warnings))


ASKED_AT = {stage: tuple(one for one in REQUIREMENTS if stage in one.stages) for stage in Stage}


def rules_unreadable(problem: PolicyError) -> Verdict:
    """The answer where the rules of a site cannot be trusted: nothing goes ahead."""
    unmet = Unmet(
        requirement_id=UNREADABLE_RULES,
        rule_ids=(),
        sentence=_("The rules of this clinic cannot be read, so nothing can go ahead. Tell whoever runs the server."),
        patient_sentence=_("Because of a fault at the clinic nothing can go ahead now. You can still say no."),
        source="Design: what is not known is not met",
        is_unknown=False,
        detail_template=_("What is wrong: %(problem)s"),
        detail_params={"problem": str(problem)},
    )
    return Verdict(unmet=(unmet,), warnings=())


def applies_to(requirement: Requirement, policy: Policy) -> bool:
    """True where the requirement always holds, or the site's preset has a cell for this kind of care."""
    return not requirement.parameter or requirement.parameter in policy.rules


def _rule_behind(requirement: Requirement, policy: Policy) -> Rule | None:
    return policy.rules.get(requirement.parameter)


def _missing(requirement: Requirement, rule: Rule | None, case: Case, *, is_unknown: bool) -> Unmet:
    """What the table, or the house, says about it."""
    detail = NOT_RECORDED if is_unknown else requirement.explain(case)
    return Unmet(
        requirement_id=requirement.id,
        rule_ids=(rule.rule_id,) if rule else requirement.rule_ids,
        sentence=rule.clinician if rule else requirement.sentence,
        patient_sentence=rule.patient if rule else requirement.patient_sentence,
        source=rule.source if rule else requirement.source,
        is_unknown=is_unknown,
        detail_template=detail.template,
        detail_params=detail.params,
        earliest_at=detail.earliest_at,
        effect=rule.effect if rule else Effect.BLOCK,
        mark=rule.mark.value if rule else HOUSE,
        fact_names=requirement.fact_names(case),
    )
