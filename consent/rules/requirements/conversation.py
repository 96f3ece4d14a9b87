"""Was the talk a free and a full one? What the clinician recorded of it, before the patient signed.

These hold at both stages, and the first also when it is offered: what was said once stays said.

>>> [requirement.id for requirement in REQUIREMENTS][:3]
['request-source', 'own-request', 'signing-moment']
"""

from consent.rules.case import AT_ALL, AT_BOTH, Answer, Case, Detail, Requirement, Stage
from consent.rules.wording import gettext_noop as _


def was_not_asked_for_by_an_office(case: Case) -> Answer:
    """CR-014. The idea did not come from an official, an employer or the like; what was said once stays said."""
    named = set()
    if case.offer is not None:
        named.add(case.offer.request_source)
    if case.conversation is not None:
        named |= {case.conversation.request_source, *case.conversation.request_sources_named}
    if not case.policy.members("refused_request_sources").isdisjoint(named):
        return False
    return None if (case.offer if case.stage is Stage.OFFER else case.conversation) is None else True


def is_own_request(case: Case) -> Answer:
    """CR-014. The idea came from the patient or the clinician; else the patient has said it again, alone."""
    talk = case.conversation
    if talk is None:
        return None
    if talk.request_source not in case.policy.members("request_sources_to_repeat_alone"):
        return True
    return talk.request_repeated_alone


def was_asked_at_a_free_moment(case: Case) -> Answer:
    """CR-007. The patient was in none of the states in which no free answer is possible."""
    if case.conversation is None or case.conversation.signing_states is None:
        return None
    return case.policy.members("forbidden_signing_states").isdisjoint(case.conversation.signing_states)


def explain_moment(case: Case) -> Detail:
    """Name the states, by their codes."""
    present = set(case.conversation.signing_states or ()) if case.conversation else set()
    forbidden = present & case.policy.members("forbidden_signing_states")
    return Detail(template=_("Recorded: %(states)s."), params={"states": ", ".join(sorted(forbidden))})


def was_told_aloud(case: Case) -> Answer:
    """CR-034. Someone explained it live, face to face or on a line, and not by paper alone."""
    return case.conversation.was_live if case.conversation else None


def was_told_that_a_no_costs_nothing(case: Case) -> Answer:
    """CR-035. It was said aloud, before signing, that a no changes nothing else."""
    return case.conversation.no_loss_spoken if case.conversation else None


def was_told_of_the_anaesthetic(case: Case) -> Answer:
    """CR-040. The anaesthetic and its effects were explained, well before the anaesthetic room."""
    return case.conversation.anaesthetic_told if case.conversation else None


def understood(case: Case) -> Answer:
    """CR-036. Enough points came back in the patient's own words, and none of those asked was left open."""
    talk = case.conversation
    if talk is None:
        return None
    return talk.teach_back_understood >= max(talk.teach_back_asked, case.policy.number("teach_back_min"))


def explain_understanding(case: Case) -> Detail:
    """Name the three numbers."""
    talk = case.conversation
    return Detail(
        template=_("Understood: %(understood)s of %(asked)s asked; needed: %(needed)s."),
        params={
            "understood": talk.teach_back_understood if talk else 0,
            "asked": talk.teach_back_asked if talk else 0,
            "needed": case.policy.number("teach_back_min"),
        },
    )


def _facts_of_source(case: Case) -> tuple[str, ...]:
    return ("offer.request_source",) if case.stage is Stage.OFFER else ("conversation.request_source",)


def _facts_of_own_request(case: Case) -> tuple[str, ...]:
    talk, source = case.conversation, "conversation.request_source"
    if talk is None or talk.request_source not in case.policy.members("request_sources_to_repeat_alone"):
        return (source,)
    return (source, "conversation.request_repeated_alone")


REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="request-source",
        stages=AT_ALL,
        parameter="refused_request_sources",
        check=was_not_asked_for_by_an_office,
        facts=_facts_of_source,
    ),
    Requirement(
        id="own-request",
        stages=AT_BOTH,
        parameter="request_sources_to_repeat_alone",
        check=is_own_request,
        facts=_facts_of_own_request,
    ),
    Requirement(
        id="signing-moment",
        stages=AT_BOTH,
        parameter="forbidden_signing_states",
        check=was_asked_at_a_free_moment,
        explain=explain_moment,
        facts=("conversation.signing_states",),
    ),
    Requirement(
        id="oral-explanation",
        stages=AT_BOTH,
        parameter="oral_explanation",
        check=was_told_aloud,
        facts=("conversation.was_live",),
    ),
    Requirement(
        id="no-loss-spoken",
        stages=AT_BOTH,
        parameter="no_loss_spoken",
        check=was_told_that_a_no_costs_nothing,
        facts=("conversation.no_loss_spoken",),
    ),
    Requirement(
        id="anaesthetic-told",
        stages=AT_BOTH,
        parameter="anaesthetic_told",
        check=was_told_of_the_anaesthetic,
        facts=("conversation.anaesthetic_told",),
    ),
    Requirement(
        id="understanding",
        stages=AT_BOTH,
        parameter="teach_back_min",
        check=understood,
        explain=explain_understanding,
        facts=("conversation.teach_back_asked", "conversation.teach_back_understood"),
    ),
)
