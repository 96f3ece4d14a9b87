"""Can this person decide this, now? Capacity, young people, and those from whom nobody may take this consent.

A person is presumed able. A later "can decide" does not erase an earlier "cannot": both stand, and somebody else looks.
A guardian speaks beside a young person, never instead of her, and nobody speaks for an adult: there is no field for it.

>>> [requirement.id for requirement in REQUIREMENTS]
['capacity', 'guardian-word', 'excluded-subjects']
"""

from consent.rules.case import AT_ALL, AT_BOTH, Answer, Case, Detail, Requirement, Stage, any_of
from consent.rules.days import age_on
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import Capacity, CapacityFinding, Decision

NEVER, WITH_ASSENT = "never", "with-assent"  # codes of guardian_word; the third also lets an able young person decide


def has_capacity(case: Case) -> Answer:
    """CR-058. Presumed; after a doubt, found able since; and after "cannot", found able by another clinician."""
    talk, ability = case.conversation, case.ability
    if talk is None or talk.capacity is None or ability is None:
        return None
    if not ability.findings:
        return not _is_doubted(case)
    if not _is_newest_able(case) or _is_contradicted(case):
        return False
    return _was_found_since_the_doubt(case) if _is_doubted(case) else True


def explain_capacity(case: Case) -> Detail:
    """Show both findings where the same clinician found both."""
    if case.ability is None or not case.ability.findings:
        return Detail(template=_("There was a doubt, and nobody has assessed it since."))
    if not _is_newest_able(case):
        return Detail(template=_("The newest finding is that the patient cannot make this decision."))
    if _is_contradicted(case):
        return Detail(
            template=_(
                'The same clinician first found "cannot decide" and later "can decide". Both stay on record; let '
                "another clinician assess."
            )
        )
    return Detail(template=_("The newest finding is older than the newest doubt."))


def is_of_age_or_heard(case: Case) -> Answer:
    """CR-059. Old enough to be presumed able; else able by a clinician's note, or a guardian agrees beside her.

    Her own yes is asked for in any case (`consent-state`), and her no is enough.
    """
    born, signing_day = case.facts.birth_date, case.signing_day
    if born is None or signing_day is None:
        return None
    if age_on(signing_day, born=born) >= case.policy.number("presumed_able_from_years"):
        return True
    if case.ability is None:
        return None
    code, is_able = case.policy.code("guardian_word"), case.ability.is_able_young_person
    if code == NEVER:
        return is_able
    if code == WITH_ASSENT:
        return _guardians_agree(case)
    return any_of(is_able, _guardians_agree(case))


def explain_guardians(case: Case) -> Detail:
    """Say where those who look after her disagree."""
    said = {guardian.decision for guardian in case.ability.guardians} if case.ability else set()
    if {Decision.PERMIT, Decision.DENY} <= said:
        return Detail(template=_("Those who look after the patient disagree: one agrees, and one does not."))
    return Detail()


def is_not_excluded(case: Case) -> Answer:
    """CR-008. Neither declared unable by a court for this decision nor held in an institution."""
    if case.offer is None or case.offer.excluded_as is None:
        return None
    return not case.offer.excluded_as


def explain_exclusion(case: Case) -> Detail:
    """Name what was recorded, by its code."""
    named = case.offer.excluded_as if case.offer else None
    return Detail(template=_("Recorded: %(states)s."), params={"states": ", ".join(sorted(named or ()))})


def _is_doubted(case: Case) -> bool:
    """True where doubt was recorded in any talk about this procedure."""
    talk = case.conversation
    return talk is not None and Capacity.IN_DOUBT in {talk.capacity, *talk.doubts_named}


def _was_found_since_the_doubt(case: Case) -> Answer:
    """A finding settles a doubt only where it was made after it."""
    talk, ability = case.conversation, case.ability
    if talk is None or ability is None:
        return None
    doubted_at = talk.held_at if talk.capacity == Capacity.IN_DOUBT else talk.doubted_at
    return None if doubted_at is None else max(one.assessed_at for one in ability.findings) >= doubted_at


def _is_newest_able(case: Case) -> bool:
    """Where two findings are of the same instant, "cannot" counts."""
    findings = case.ability.findings if case.ability else ()
    newest_at = max(one.assessed_at for one in findings)
    return all(one.finding == CapacityFinding.HAS for one in findings if one.assessed_at == newest_at)


def _is_contradicted(case: Case) -> bool:
    """True where whoever made the newest finding had once found the other."""
    findings = case.ability.findings if case.ability else ()
    newest = max(findings, key=lambda one: one.assessed_at)
    return any(one.finding == CapacityFinding.LACKS and one.assessed_by == newest.assessed_by for one in findings)


def _guardians_agree(case: Case) -> Answer:
    """All who spoke agree; unknown where nobody spoke."""
    said = [guardian.decision == Decision.PERMIT for guardian in case.ability.guardians] if case.ability else []
    return all(said) if said else None


def _facts_of_capacity(case: Case) -> tuple[str, ...]:
    names = ("conversation.capacity", "ability.findings")
    talk = case.conversation
    is_old_doubt = _is_doubted(case) and talk is not None and talk.capacity != Capacity.IN_DOUBT
    return (*names, "conversation.doubted_at") if is_old_doubt else names


def _facts_of_guardians(case: Case) -> tuple[str, ...]:
    ages = ("birth_date", "time_zone", *(("consent.given_at",) if case.stage is Stage.START else ()))
    born, signing_day = case.facts.birth_date, case.signing_day
    if born is None or signing_day is None:
        return ages
    if age_on(signing_day, born=born) >= case.policy.number("presumed_able_from_years"):
        return ages
    return (*ages, *_words_needed(case))


def _words_needed(case: Case) -> tuple[str, ...]:
    """Whose word a young person's consent rests on; where it rests on two, neither alone is missed."""
    code, note, guardians = case.policy.code("guardian_word"), "ability.is_able_young_person", "ability.guardians"
    if code in {NEVER, WITH_ASSENT}:
        return (note,) if code == NEVER else (guardians,)
    is_able, is_agreed = case.ability is not None and case.ability.is_able_young_person, _guardians_agree(case)
    if is_able and is_agreed:
        return ("ability",)
    return (note,) if is_able else (guardians,) if is_agreed else (note, guardians)


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="capacity",
        stages=AT_BOTH,
        parameter="capacity",
        check=has_capacity,
        explain=explain_capacity,
        facts=_facts_of_capacity,
    ),
    Requirement(
        id="guardian-word",
        stages=AT_BOTH,
        parameter="guardian_word",
        beside=("presumed_able_from_years",),
        check=is_of_age_or_heard,
        explain=explain_guardians,
        facts=_facts_of_guardians,
    ),
    Requirement(
        id="excluded-subjects",
        stages=AT_ALL,
        parameter="excluded_subjects",
        check=is_not_excluded,
        explain=explain_exclusion,
        facts=("offer.excluded_as",),
    ),
)
