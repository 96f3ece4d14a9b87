"""Signals of the talk (PS-04 to PS-11): who was in the room, who answered, in which language, in which state.

>>> sorted(CHECKS)[0], len(CHECKS)
('PS-04', 8)
"""

import datetime
from collections.abc import Callable, Iterator, Mapping

from consent.rules.case import Answer, all_of
from consent.rules.languages import follows_speech, reads
from consent.rules.signals.facts import CompanionFacts, VisitFacts
from consent.rules.signals.judging import Found, stated
from consent.rules.signals.spans import Span, total
from consent.rules.signals.table import SignalTable
from consent.vocabulary import COMPANION_ROLES

Check = Callable[[VisitFacts, SignalTable], Iterator[Found]]


def never_alone(facts: VisitFacts, _table: SignalTable) -> Iterator[Found]:
    """PS-04. Time alone, less any time a companion was there after all, falls short of the rule."""
    if facts.decided_at is None or facts.bars.minutes_alone is None:
        return
    needed = facts.bars.minutes_alone
    spent = time_alone(facts, until=facts.decided_at)
    if spent is None:
        yield Found("PS-04", "too_short", at=facts.decided_at, is_unknown=True)
    elif spent < datetime.timedelta(minutes=needed):
        minutes = spent // datetime.timedelta(minutes=1)
        yield Found(
            "PS-04",
            "too_short",
            at=facts.decided_at,
            params={"minutes": minutes, "needed": needed},
            evidence={"seconds_alone": int(spent.total_seconds()), "decided_at": stated(facts.decided_at)},
        )


def time_alone(facts: VisitFacts, *, until: datetime.datetime) -> datetime.timedelta | None:
    """How long the patient was alone with the clinician up to an instant; None where nobody knows."""
    if facts.alone is None:
        return None if facts.minutes_alone is None else datetime.timedelta(minutes=facts.minutes_alone)
    return total(facts.alone, until=until, without=_companion_spans(facts))


def _companion_spans(facts: VisitFacts) -> Iterator[Span]:
    """When companions are known to have been in the room."""
    begun = min((span.begins_at for span in facts.alone or ()), default=facts.at)
    for person in facts.companions:
        if person.role in COMPANION_ROLES and (person.came_at or person.left_at):
            yield Span(begins_at=person.came_at or begun, ends_at=person.left_at)


def companion_stayed(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-05. Asked to leave, and still there when the minutes were over; or recorded as unwilling."""
    grace = datetime.timedelta(minutes=table["PS-05"].number("minutes"))
    for person in facts.companions:
        over_at = person.asked_to_leave_at + grace if person.asked_to_leave_at else None
        left_by = min(person.left_at or facts.at, facts.at)
        stayed = over_at is not None and left_by > over_at
        if stayed or person.would_not_leave is True:
            yield Found(
                "PS-05",
                "stayed",
                at=over_at if stayed and over_at else person.asked_to_leave_at or facts.at,
                evidence={"role": person.role.value, "left_at": stated(person.left_at)},
            )


def outsider_present(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-06. An official, an employer, the police, a sender or a payer was there at a step of the decision."""
    roles = table["PS-06"].codes("roles")
    steps = sorted({*facts.event_times, *((facts.decided_at,) if facts.decided_at else ())})
    outsiders = [person for person in facts.companions if _is_outsider(person, roles)]
    present = [
        (step, person) for step in steps or [facts.at] for person in outsiders if was_there(person, step) is True
    ]
    if present:
        names = ", ".join(sorted({person.role.value for _step, person in present}))
        yield Found("PS-06", "outsider", at=present[0][0], params={"roles": names}, evidence={"roles": names})


def _is_outsider(person: CompanionFacts, roles: frozenset[str]) -> bool:
    return person.role.value in roles or person.sent_the_patient is True or person.pays is True


def was_there(person: CompanionFacts, instant: datetime.datetime) -> Answer:
    """Whether somebody was in the room at an instant; where no time is known, what staff recorded."""
    if person.came_at is None and person.left_at is None:
        return person.was_there_at_decision
    has_come = person.came_at is None or person.came_at <= instant
    return has_come and (person.left_at is None or instant < person.left_at)


def companion_answered(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-07. A companion answered or prompted, and the patient has not answered alone since."""
    answered = [one for one in facts.teach_backs if one.was_answered_by_companion and not one.was_repeated_alone]
    if len(answered) >= table["PS-07"].number("items"):
        yield Found(
            "PS-07",
            "answered",
            at=facts.decided_at or facts.at,
            params={"items": len(answered)},
            evidence={"questions": ", ".join(one.key for one in answered)},
        )


def interpreter_tied(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-08. The interpreter is not independent of the companion or of whoever sent the patient."""
    if facts.interpreter is None:
        return
    at = facts.interpreter.came_at or facts.at
    if facts.interpreter.ties is None:
        yield Found("PS-08", "tied", at=at, is_unknown=True)
        return
    ties = ", ".join(sorted(tie.value for tie in facts.interpreter.ties if tie.value in table["PS-08"].codes("ties")))
    if ties:
        yield Found("PS-08", "tied", at=at, params={"ties": ties}, evidence={"ties": ties})


def language_gap(facts: VisitFacts, _table: SignalTable) -> Iterator[Found]:
    """PS-09. Talk or text in another language, and no qualified interpreter before the decision."""
    if facts.decided_at is None:
        return
    answer = _was_bridged(facts, facts.decided_at)
    if answer is not True:
        yield Found(
            "PS-09",
            "gap",
            at=facts.decided_at,
            evidence={"spoken": facts.spoken_language or "unknown", "text": facts.text_language or "unknown"},
            is_unknown=answer is None,
        )


def _was_bridged(facts: VisitFacts, decided_at: datetime.datetime) -> Answer:
    known = facts.patient_languages
    if not (known and facts.spoken_language and facts.text_language):
        return None
    if follows_speech(facts.spoken_language, known) and reads(facts.text_language, known):
        return True
    if facts.interpreter is None:
        return False
    came_at = facts.interpreter.came_at
    return all_of(facts.interpreter.is_qualified, None if came_at is None else came_at < decided_at)


def forbidden_state(facts: VisitFacts, _table: SignalTable) -> Iterator[Found]:
    """PS-10. Signed while in a state of the rule, by what was asked or by the clinical timeline."""
    if facts.decided_at is None or not facts.bars.forbidden_states:
        return
    decided_at = facts.decided_at
    asked = set(facts.signing_states or ())
    noted = {one.state for one in facts.state_spans or () if one.span.holds(decided_at)}
    states = ", ".join(sorted(facts.bars.forbidden_states & {state.value for state in asked | noted}))
    if states:
        yield Found("PS-10", "forbidden_state", at=decided_at, params={"states": states}, evidence={"states": states})
    elif facts.signing_states is None:
        yield Found("PS-10", "forbidden_state", at=decided_at, is_unknown=True)


def trial_and_error(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-11. Many attempts at one question, or all questions passed within seconds."""
    row = table["PS-11"]
    at = facts.decided_at or facts.at
    most = max((one.attempts or 0 for one in facts.teach_backs), default=0)
    if most >= row.number("attempts"):
        yield Found("PS-11", "many_attempts", at=at, params={"attempts": most}, evidence={"attempts": most})
    needed = row.number("seconds")
    items = len(facts.teach_backs)
    if items and all(one.seconds is not None and one.seconds < needed for one in facts.teach_backs):
        params = {"items": items, "needed": needed}
        yield Found("PS-11", "all_too_fast", at=at, params=params, evidence={"questions": items})


CHECKS: Mapping[str, Check] = {
    "PS-04": never_alone,
    "PS-05": companion_stayed,
    "PS-06": outsider_present,
    "PS-07": companion_answered,
    "PS-08": interpreter_tied,
    "PS-09": language_gap,
    "PS-10": forbidden_state,
    "PS-11": trial_and_error,
}
