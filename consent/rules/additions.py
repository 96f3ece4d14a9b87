"""Something more, at once, while a procedure is under way: when it may be added although nobody could ask the patient.

Only to save life or to prevent serious harm, on the word of two clinicians of whom one operates, never against a no.
Sterilisation and putting a device in are never added: a patient who wakes up sterile was never asked.

>>> import datetime, uuid
>>> from clinic.vocabulary import Preset
>>> facts = AdditionFacts(
...     at=datetime.datetime(2027, 3, 2, 2, 10, tzinfo=datetime.UTC), category=ProcedureCategory.LARC_IN,
...     particular=Particular.NONE, status=None, under_way=ProcedureStatus.IN_PROGRESS, has_said_stop=False,
...     grounds=Grounds.LIFE, has_said_no=False, operator=uuid.uuid4(), declared_by=uuid.uuid4(), agreed_by=None,
...     is_agreeing=False,
... )
>>> [one.requirement_id for one in decide_addition(facts, Preset.ENGLAND).unmet]
['addition-kind']
"""

import datetime
import uuid
from dataclasses import dataclass

from clinic.vocabulary import Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.rules.case import Answer
from consent.rules.days import aware
from consent.rules.gate import Verdict
from consent.rules.policy import Policy, RuleTable, policy_for
from consent.rules.without_consent import FEWEST_CLINICIANS, FIGO, NEVER, Condition, negated, walk
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import Grounds

ADDITION = "addition_in_theatre"
GUIDANCE = "NHS consent guidance; I.V. v. Bolivia"


@dataclass(frozen=True, kw_only=True, slots=True)
class AdditionFacts:
    """What is known when something more is to be done during a procedure. None means: nobody recorded it."""

    at: datetime.datetime
    category: ProcedureCategory  # of what is added
    particular: Particular
    status: ProcedureStatus | None  # of what is added; None before it is planned
    under_way: ProcedureStatus  # the procedure it is added to
    has_said_stop: bool | None  # the yes to the procedure under way was taken back
    grounds: Grounds | None
    has_said_no: bool | None  # refused or taken back, ever, what is to be added
    operator: uuid.UUID | None
    declared_by: uuid.UUID | None
    agreed_by: uuid.UUID | None
    is_agreeing: bool


def decide_addition(facts: AdditionFacts, law: RuleTable | Preset) -> Verdict:
    """Say whether something may be added to a procedure under way, and everything that speaks against it.

    **Source** CR-025, CR-010.
    """
    aware(facts.at)
    return walk(ADDITION_CONDITIONS, (), facts, law)


def may_be_added(law: RuleTable | Preset, category: ProcedureCategory, particular: Particular) -> bool:
    """Whether this kind of care may be added in theatre at all."""
    return category not in NEVER and policy_for(law, category, particular).has(ADDITION)


def _may_be_added(facts: AdditionFacts, policy: Policy) -> Answer:
    """What ends or changes fertility by itself is never added."""
    return facts.category not in NEVER and policy.has(ADDITION)


def _is_to_save_life(facts: AdditionFacts, _policy: Policy) -> Answer:
    """What ends a pregnancy or the power to have children is added for nothing less than life."""
    if facts.category is not ProcedureCategory.ABRT and facts.particular is not Particular.HYSTERECTOMY:
        return True
    return None if facts.grounds is None else facts.grounds is Grounds.LIFE


def _two_add(facts: AdditionFacts, _policy: Policy) -> Answer:
    return not facts.is_agreeing or len({facts.declared_by, facts.agreed_by} - {None}) >= FEWEST_CLINICIANS


def _operator_is_one(facts: AdditionFacts, _policy: Policy) -> Answer:
    """Whoever operates says it, before or after the other."""
    if not facts.is_agreeing:
        return True
    return None if facts.operator is None else facts.operator in {facts.declared_by, facts.agreed_by}


ADDITION_CONDITIONS: tuple[Condition[AdditionFacts], ...] = (
    Condition(
        id="addition-kind",
        rule_ids=("CR-025", "CR-010"),
        sentence=_(
            "This kind of care is never added to another procedure. Sterilisation and putting a device in are the "
            "patient's own decisions, made before."
        ),
        source=FIGO,
        check=_may_be_added,
        parameter=ADDITION,
        facts=("category", "particular"),
    ),
    Condition(
        id="addition-under-way",
        rule_ids=("CR-025",),
        sentence=_("No procedure is under way to which this could be added."),
        source="Design: an addition has a procedure it is added to",
        check=lambda facts, _policy: facts.under_way is ProcedureStatus.IN_PROGRESS,
        facts=("under_way",),
    ),
    Condition(
        id="addition-planned",
        rule_ids=("CR-025",),
        sentence=_("What was to be added has begun or was called off."),
        source="Design: one start for one procedure",
        check=lambda facts, _policy: facts.status in {None, ProcedureStatus.PREPARATION},
        facts=("status",),
    ),
    Condition(
        id="addition-not-told-to-stop",
        rule_ids=("CR-025", "CR-085"),
        sentence=_(
            "The patient has taken the yes back while the procedure is under way. Stop as soon as it is safe; nothing "
            "may be added."
        ),
        source="Design: a no wins",
        check=lambda facts, _policy: negated(facts.has_said_stop),
        facts=("has_said_stop",),
    ),
    Condition(
        id="addition-grounds",
        rule_ids=("CR-025",),
        sentence=_("It may be added only to save life or to prevent serious harm. Everything else waits and is asked."),
        source=GUIDANCE,
        check=lambda facts, _policy: None if facts.grounds is None else True,
        parameter=ADDITION,
        facts=("grounds",),
    ),
    Condition(
        id="addition-to-save-life",
        rule_ids=("CR-025",),
        sentence=_("An abortion, or taking out the womb, may be added only to save life."),
        source=FIGO,
        check=_is_to_save_life,
        facts=("category", "particular", "grounds"),
    ),
    Condition(
        id="addition-no-refusal",
        rule_ids=("CR-025",),
        sentence=_("The patient has said no to this, or taken a yes back. A no holds in theatre too."),
        source=GUIDANCE,
        check=lambda facts, _policy: negated(facts.has_said_no),
        parameter=ADDITION,
        facts=("has_said_no",),
    ),
    Condition(
        id="addition-first-clinician",
        rule_ids=("CR-025",),
        sentence=_("A clinician who works at this clinic has to declare it."),
        source=GUIDANCE,
        check=lambda facts, _policy: facts.declared_by is not None,
        parameter=ADDITION,
        facts=("declared_by",),
    ),
    Condition(
        id="addition-second-clinician",
        rule_ids=("CR-025",),
        sentence=_("A second clinician of this clinic has to agree, signed in with their own account."),
        source=GUIDANCE,
        check=_two_add,
        parameter=ADDITION,
        facts=("declared_by", "agreed_by"),
    ),
    Condition(
        id="addition-operator",
        rule_ids=("CR-025",),
        sentence=_("One of the two has to be the clinician who is operating."),
        source=GUIDANCE,
        check=_operator_is_one,
        parameter=ADDITION,
        facts=("operator", "declared_by", "agreed_by"),
    ),
)
