"""Was everything told, in words and in a way that reach the patient, and was there time to take it in?

>>> [requirement.id for requirement in REQUIREMENTS][:3]
['plain-name', 'separate-decision', 'accessible-mode']
"""

from clinic.vocabulary import AccessNeed
from consent.rules.case import AT_BOTH, AT_OFFER, AT_SIGNING, Answer, Case, Detail, Requirement, Stage, all_of
from consent.rules.days import UTC, elapsed, seconds_long
from consent.rules.disclosure import DOING_NOTHING, required_elements
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import ReadingAid

PLAIN_NAME = "DE-03"  # the element that says what is proposed, by its ordinary name
VACCINE = "DV-"  # kind, effect, contraindications, reactions, the stay, health questions

FITTING_AIDS = {
    AccessNeed.CANNOT_READ: {ReadingAid.READ_ALOUD, ReadingAid.INTERPRETED_ALOUD, ReadingAid.SIGN_LANGUAGE},
    AccessNeed.BLIND: {ReadingAid.READ_ALOUD, ReadingAid.INTERPRETED_ALOUD, ReadingAid.LARGE_PRINT},
    AccessNeed.DEAF: {ReadingAid.SIGN_LANGUAGE, ReadingAid.WRITTEN_TALK},
    AccessNeed.LEARNING_DISABILITY: {ReadingAid.EASY_WORDS},
}


def has_plain_name(case: Case) -> Answer:
    """CR-038. The sheet says what is proposed by its ordinary name."""
    return None if case.consent is None else PLAIN_NAME in case.consent.sheet_elements


def is_decided_by_itself(case: Case) -> Answer:
    """CR-010. A sterilisation has a sheet of its own, with all that must be told about it, and about nothing else."""
    if case.consent is None:
        return None
    return set(required_elements(case.facts.procedure.category)) <= set(case.consent.sheet_elements)


def tells_about_the_vaccine(case: Case) -> Answer:
    """CR-041. The sheet tells every item about the vaccine, and the health questions were asked."""
    if case.consent is None or case.conversation is None:
        return None
    items = {item for item in required_elements(case.facts.procedure.category) if item.startswith(VACCINE)}
    return all_of(items <= set(case.consent.sheet_elements), case.conversation.health_questions_asked)


def reaches_the_patient(case: Case) -> Answer:
    """CR-039. For everything that keeps the patient from reading or hearing, a fitting aid was used."""
    needs = case.offer.access_needs if case.offer else None
    if needs is None:
        return None
    if not needs:
        return True
    if case.stage is Stage.OFFER:
        aid = case.offer.reading_aid if case.offer else None
        return None if aid is None else any(aid in FITTING_AIDS[need] for need in needs)
    aids = case.conversation.reading_aids if case.conversation else None
    return None if aids is None else all(not FITTING_AIDS[need].isdisjoint(aids) for need in needs)


def opened_alternatives(case: Case) -> Answer:
    """CR-031. The patient opened enough other choices for long enough, and also the one of doing nothing."""
    if case.conversation is None:
        return None
    if _is_enough(case, _opened(case)):
        return True
    return None if _is_enough(case, _opened(case) | _opened_untimed(case)) else False


def explain_alternatives(case: Case) -> Detail:
    """Name the numbers, and whether doing nothing was opened."""
    opened = _opened(case)
    params = {
        "opened": len(opened - {DOING_NOTHING}),
        "needed": case.policy.number("alternatives_opened_min"),
        "seconds": case.policy.number("alternative_seconds"),
    }
    if DOING_NOTHING in opened:
        template = _("Other choices opened for %(seconds)s seconds: %(opened)s; needed: %(needed)s.")
    else:
        template = _(
            "Other choices opened for %(seconds)s seconds: %(opened)s; needed: %(needed)s, and doing nothing as well."
        )
    return Detail(template=template, params=params)


def was_open_long_enough(case: Case) -> Answer:
    """CR-032. The sheet was open for at least a part of the time an average reader needs."""
    return _was_open_for(case, "reading_floor_percent")


def explain_floor(case: Case) -> Detail:
    """Name the seconds, and when they are over."""
    return _reading_time(case, "reading_floor_percent")


def was_read_at_usual_pace(case: Case) -> Answer:
    """CR-032. The sheet was open for as long as an average reader needs."""
    return _was_open_for(case, "reading_pace_percent")


def explain_pace(case: Case) -> Detail:
    """Name the seconds, and when they are over."""
    return _reading_time(case, "reading_pace_percent")


def chose_a_copy(case: Case) -> Answer:
    """CR-037. The patient said how she wants her copy, or that it is safer to leave it."""
    return True if case.consent and case.consent.copy_choice else None


def _opened(case: Case) -> set[str]:
    """The choices that stayed open long enough, each counted once."""
    needed = case.policy.number("alternative_seconds")
    choices = case.conversation.alternatives_opened if case.conversation else ()
    return {one.key for one in choices if one.seconds_open is not None and one.seconds_open >= needed}


def _opened_untimed(case: Case) -> set[str]:
    """The choices of which nobody knows how long they stayed open."""
    choices = case.conversation.alternatives_opened if case.conversation else ()
    return {one.key for one in choices if one.seconds_open is None}


def _is_enough(case: Case, opened: set[str]) -> bool:
    others = opened - {DOING_NOTHING}
    return DOING_NOTHING in opened and len(others) >= case.policy.number("alternatives_opened_min")


def _seconds_needed(case: Case, name: str) -> int | None:
    average = case.consent.sheet_reading_seconds if case.consent else None
    return None if average is None else -(-average * case.policy.number(name) // 100)  # rounded up


def _was_open_for(case: Case, name: str) -> Answer:
    needed, opened_at = _seconds_needed(case, name), case.conversation.sheet_opened_at if case.conversation else None
    if needed is None or opened_at is None or case.signed_at is None:
        return None
    return elapsed(opened_at, case.signed_at) >= seconds_long(needed)


def _reading_time(case: Case, name: str) -> Detail:
    needed, opened_at = _seconds_needed(case, name), case.conversation.sheet_opened_at if case.conversation else None
    if needed is None or opened_at is None:
        return Detail()
    return Detail(
        template=_("Seconds the sheet must be open before signing: at least %(seconds)s."),
        params={"seconds": needed},
        earliest_at=opened_at.astimezone(UTC) + seconds_long(needed),
    )


def _facts_of_access(case: Case) -> tuple[str, ...]:
    if case.offer is None or not case.offer.access_needs:
        return ("offer.access_needs",)
    aid = "offer.reading_aid" if case.stage is Stage.OFFER else "conversation.reading_aids"
    return ("offer.access_needs", aid)


READING = ("consent.sheet_reading_seconds", "conversation.sheet_opened_at")

REQUIREMENTS: tuple[Requirement, ...] = (
    Requirement(
        id="plain-name",
        stages=AT_BOTH,
        parameter="plain_name",
        check=has_plain_name,
        facts=("consent.sheet_elements",),
    ),
    Requirement(
        id="separate-decision",
        stages=AT_SIGNING,
        parameter="separate_decision",
        check=is_decided_by_itself,
        facts=("consent.sheet_elements",),
    ),
    Requirement(
        id="accessible-mode",
        stages=AT_OFFER | AT_SIGNING,
        parameter="accessible_mode",
        check=reaches_the_patient,
        facts=_facts_of_access,
    ),
    Requirement(
        id="alternatives-opened",
        stages=AT_BOTH,
        parameter="alternatives_opened_min",
        beside=("alternative_seconds",),
        check=opened_alternatives,
        explain=explain_alternatives,
        facts=("conversation.alternatives_opened",),
    ),
    Requirement(
        id="vaccine-items",
        stages=AT_SIGNING,
        parameter="vaccine_items",
        check=tells_about_the_vaccine,
        facts=("consent.sheet_elements", "conversation.health_questions_asked"),
    ),
    Requirement(
        id="reading-floor-percent",
        stages=AT_SIGNING,
        parameter="reading_floor_percent",
        check=was_open_long_enough,
        explain=explain_floor,
        facts=READING,
    ),
    Requirement(
        id="reading-pace-percent",
        stages=AT_SIGNING,
        parameter="reading_pace_percent",
        check=was_read_at_usual_pace,
        explain=explain_pace,
        facts=READING,
    ),
    Requirement(
        id="copy-choice",
        stages=AT_BOTH,
        parameter="copy_choice",
        check=chose_a_copy,
        facts=("consent.copy_choice",),
    ),
)
