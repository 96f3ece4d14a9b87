"""Care without consent: when it may begin although nobody could ask the patient.

There are two ways, and no third. *An emergency*: life is at risk, nobody can ask, no refusal is known, and two
clinicians say so, each from an own account. *An addition in theatre*: while one procedure is under way, something more
must be done at once to save life or to prevent serious harm. Neither is ever open for sterilisation or for putting a
device in, whatever a table says. Like the gate, both answers name **everything** that is not met, and what is not known
is not met.

A case. Ms Osei arrives unconscious and bleeding. One surgeon declares the emergency at 02:10, a colleague agrees at
02:13, and the operation begins. Had Ms Osei refused this operation last year, the answer would have been no: a no holds
also when nobody can ask. Had the emergency been entered a day after the need, it would be kept and marked as late, for
the advocate and for her to see; a site may refuse late entries (the effect of `emergency_entry_hours`). Nobody can
enter an earlier time for the declaration itself: that is the server's.

>>> import datetime, uuid
>>> from clinic.vocabulary import Preset
>>> facts = EmergencyFacts(
...     at=datetime.datetime(2027, 3, 2, 2, 10, tzinfo=datetime.UTC), category=ProcedureCategory.STER,
...     particular=Particular.NONE, status=ProcedureStatus.PREPARATION, is_life_at_risk=True,
...     why_not_asked=CannotConsent.UNCONSCIOUS, happened_at=datetime.datetime(2027, 3, 2, 2, 0, tzinfo=datetime.UTC),
...     has_said_no=False, is_gate_open=False, open_holds=0, declared_by=uuid.uuid4(), agreed_by=None,
...     is_agreeing=False,
... )
>>> [one.requirement_id for one in decide_emergency(facts, Preset.ENGLAND).unmet]
['emergency-kind']
"""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from clinic.vocabulary import Particular, Preset, ProcedureCategory, ProcedureStatus
from consent.rules.case import Answer
from consent.rules.days import aware, elapsed
from consent.rules.gate import Verdict
from consent.rules.policy import Policy, RuleTable, policy_for
from consent.rules.without_consent import FEWEST_CLINICIANS, FIGO, NEVER, Condition, negated, walk
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import CannotConsent

APPROVERS, ENTRY_HOURS, REVIEW_HOURS = "emergency_approvers", "emergency_entry_hours", "emergency_review_hours"
CIVIL_CODE = "Civil Code of China art. 1220; FIGO 2011"
SIX_HOURS = "Product default, as in the Medical Dispute Regulations of China art. 15: six hours"
LATE = "emergency-entry-in-time"


@dataclass(frozen=True, kw_only=True, slots=True)
class EmergencyFacts:
    """What is known when an emergency is declared, or agreed to. None means: nobody recorded it."""

    at: datetime.datetime
    category: ProcedureCategory
    particular: Particular
    status: ProcedureStatus
    is_life_at_risk: bool | None
    why_not_asked: CannotConsent | None
    happened_at: datetime.datetime | None  # when the need arose, as people say
    has_said_no: bool | None  # refused or taken back, ever, this procedure or one of the same kind
    is_gate_open: bool | None  # the patient's own yes is there and nothing is missing
    open_holds: int | None
    declared_by: uuid.UUID | None  # a clinician at work in this clinic
    agreed_by: uuid.UUID | None
    is_agreeing: bool  # the second clinician is asking, not the first


def decide_emergency(facts: EmergencyFacts, law: RuleTable | Preset) -> Verdict:
    """Say whether care may begin without consent because life is at risk, and everything that speaks against it.

    **Takes** facts read fresh under the locks; the table of the site, or a preset.
    **Gives** unmet in the order of the list; an open concern only warns, and the advocate sees it afterwards.
    **Raises** ValueError where a time has no zone.
    **Source** CR-024, CR-073.
    """
    aware(facts.at)
    if facts.happened_at is not None:
        aware(facts.happened_at)
    return walk(EMERGENCY_CONDITIONS, EMERGENCY_WARNINGS, facts, law)


def may_be_emergency(law: RuleTable | Preset, category: ProcedureCategory, particular: Particular) -> bool:
    """Whether this kind of care has an emergency path at all."""
    return category not in NEVER and policy_for(law, category, particular).has(APPROVERS)


def review_due_at(
    declared_at: datetime.datetime, law: RuleTable | Preset, category: ProcedureCategory, particular: Particular
) -> datetime.datetime:
    """The instant by which the advocate has to have looked at an emergency.

    **Raises** PolicyError where the table does not say.
    """
    hours = policy_for(law, category, particular).number(REVIEW_HOURS)
    return aware(declared_at) + datetime.timedelta(hours=hours)


def minutes_later(happened_at: datetime.datetime, entered_at: datetime.datetime) -> int:
    """How many whole minutes after the need arose it was entered; shown wherever the emergency is shown."""
    return elapsed(happened_at, entered_at) // datetime.timedelta(minutes=1)


def is_late_entry(
    happened_at: datetime.datetime,
    entered_at: datetime.datetime,
    law: RuleTable | Preset,
    category: ProcedureCategory,
    particular: Particular,
) -> bool:
    """Whether it was entered later than the rule allows; it stays marked so. **Raises** PolicyError."""
    hours = policy_for(law, category, particular).number(ENTRY_HOURS)
    return elapsed(happened_at, entered_at) > datetime.timedelta(hours=hours)


def _has_emergency_path(facts: EmergencyFacts, policy: Policy) -> Answer:
    """A life is saved by an operation, never by a sterilisation or a device."""
    return facts.category not in NEVER and policy.has(APPROVERS)


def _is_not_in_future(facts: EmergencyFacts, _policy: Policy) -> Answer:
    """Nobody foresees an emergency."""
    return None if facts.happened_at is None else facts.happened_at <= facts.at


def _is_entered_in_time(facts: EmergencyFacts, policy: Policy) -> Answer:
    """The server's clock counts, from the need to the entry; a kind of care without this path has no such bar."""
    if not policy.has(ENTRY_HOURS):
        return True
    if facts.happened_at is None:
        return None
    return elapsed(facts.happened_at, facts.at) <= datetime.timedelta(hours=policy.number(ENTRY_HOURS))


def _two_agree(facts: EmergencyFacts, policy: Policy) -> Answer:
    """Two people, each from an own account; where a site asks for more than two, nothing starts by this way."""
    if not facts.is_agreeing:
        return True
    agreed = {facts.declared_by, facts.agreed_by} - {None}
    asked = policy.number(APPROVERS) if policy.has(APPROVERS) else FEWEST_CLINICIANS
    return len(agreed) >= max(FEWEST_CLINICIANS, asked)


def _hours(policy: Policy) -> Mapping[str, str | int]:
    return {"hours": policy.number(ENTRY_HOURS)}


EMERGENCY_CONDITIONS: tuple[Condition[EmergencyFacts], ...] = (
    Condition(
        id="emergency-kind",
        rule_ids=("CR-024",),
        sentence=_(
            "This kind of care is never given without the patient's own word. Sterilisation is never an emergency, "
            "and neither is putting a device in. Wait until the patient can be asked."
        ),
        source=FIGO,
        check=_has_emergency_path,
        parameter=APPROVERS,
        facts=("category", "particular"),
    ),
    Condition(
        id="emergency-planned",
        rule_ids=("CR-024",),
        sentence=_("This procedure has begun or was called off. Plan what has to be done, then declare it."),
        source="Design: one start for one procedure",
        check=lambda facts, _policy: facts.status is ProcedureStatus.PREPARATION,
        facts=("status",),
    ),
    Condition(
        id="emergency-life",
        rule_ids=("CR-024",),
        sentence=_("Life is not at risk. Wait until the patient can be asked."),
        source=CIVIL_CODE,
        check=lambda facts, _policy: facts.is_life_at_risk,
        parameter=APPROVERS,
        facts=("is_life_at_risk",),
    ),
    Condition(
        id="emergency-nobody-can-ask",
        rule_ids=("CR-024",),
        sentence=_("Say why nobody can ask the patient. Where somebody can, ask."),
        source=CIVIL_CODE,
        check=lambda facts, _policy: None if facts.why_not_asked is None else True,
        parameter=APPROVERS,
        facts=("why_not_asked",),
    ),
    Condition(
        id="emergency-no-refusal",
        rule_ids=("CR-024",),
        sentence=_(
            "The patient has said no to this, or taken a yes back. A no holds, also when nobody can ask. "
            "Give all other care that helps."
        ),
        source=CIVIL_CODE,
        check=lambda facts, _policy: negated(facts.has_said_no),
        parameter=APPROVERS,
        facts=("has_said_no",),
    ),
    Condition(
        id="emergency-no-yes",
        rule_ids=("CR-024",),
        sentence=_("The patient has said yes, and nothing is missing. Start the procedure in the ordinary way."),
        source="Design: the patient's own word comes first",
        check=lambda facts, _policy: negated(facts.is_gate_open),
        facts=("is_gate_open",),
    ),
    Condition(
        id="emergency-not-in-future",
        rule_ids=("CR-024", "CR-073"),
        sentence=_("The need cannot have arisen later than now. Correct the day and the time."),
        source="Design: the server's clock counts",
        check=_is_not_in_future,
        facts=("happened_at",),
    ),
    Condition(
        id=LATE,
        rule_ids=("CR-024", "CR-073"),
        sentence=_(
            "This is entered late. Late entries stay marked as late, for the advocate and for the patient. Tell the "
            "advocate today why it is late."
        ),
        source=SIX_HOURS,
        check=_is_entered_in_time,
        parameter=ENTRY_HOURS,
        follows_effect=True,
        facts=("at", "happened_at"),
        detail=_("It has to be entered, and agreed to, at most %(hours)s hours after the need arose."),
        params=_hours,
    ),
    Condition(
        id="emergency-first-clinician",
        rule_ids=("CR-024",),
        sentence=_("A clinician who works at this clinic has to declare it."),
        source=CIVIL_CODE,
        check=lambda facts, _policy: facts.declared_by is not None,
        parameter=APPROVERS,
        facts=("declared_by",),
    ),
    Condition(
        id="emergency-second-clinician",
        rule_ids=("CR-024",),
        sentence=_("A second clinician of this clinic has to agree, signed in with their own account."),
        source=CIVIL_CODE,
        check=_two_agree,
        parameter=APPROVERS,
        facts=("declared_by", "agreed_by"),
    ),
)

EMERGENCY_WARNINGS: tuple[Condition[EmergencyFacts], ...] = (
    Condition(
        id="emergency-concern",
        rule_ids=("CR-024",),
        sentence=_("A concern is open about this patient's consent. Think again whether it can wait."),
        source="Design: what is not known is not met",
        check=lambda facts, _policy: None if facts.open_holds is None else facts.open_holds == 0,
        facts=("open_holds",),
    ),
)
