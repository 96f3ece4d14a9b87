"""Signals of one visit of one patient (PS-01 to PS-15); those of the talk itself stand in `talk`.

A signal is computed from what is known so far: those that speak of the signature wait for one, those that speak of the
start wait for a start. Nothing here ever stops a no.

>>> import datetime
>>> from clinic.vocabulary import ProcedureCategory
>>> from consent.rules.signals.table import load_signals
>>> noon = datetime.datetime(2027, 3, 2, 12, 0, tzinfo=datetime.UTC)
>>> facts = VisitFacts(at=noon, time_zone="Asia/Shanghai", category=ProcedureCategory.LARC_IN, dependents=("price",))
>>> [(signal.id, signal.action.value) for signal in signals_of_visit(facts, load_signals())]
[('PS-15', 'block-and-hold')]
"""

import datetime
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil

from clinic.vocabulary import ProcedureCategory
from consent.rules.case import Answer, all_of, same
from consent.rules.days import elapsed
from consent.rules.disclosure import DOING_NOTHING
from consent.rules.signals import talk, words
from consent.rules.signals.facts import VisitFacts
from consent.rules.signals.judging import Found, Signal, judge, stated
from consent.rules.signals.spans import days_apart
from consent.rules.signals.table import SignalRow, SignalTable
from consent.vocabulary import Decision

HOUR = datetime.timedelta(hours=1)
CONDITIONS = "L4"


def signals_of_visit(facts: VisitFacts, table: SignalTable) -> tuple[Signal, ...]:
    """Every sign of pressure that the facts of this visit show, in the order of the table.

    **Takes** facts, and the table with its thresholds. **Gives** the same signals for the same facts.
    **Writes** nothing. **Source** safeguard signals PS-01 to PS-15.
    """
    found = (one for check in CHECKS.values() for one in check(facts, table))
    return judge(found, table, category=facts.category, is_no=facts.decision is Decision.DENY)


def reading_seconds(*, words: int | None, characters: int | None, row: SignalRow, percent: int = 100) -> int | None:
    """Seconds an average reader needs, rounded up; None where the length of the text is not known.

    **Takes** words of a text in words, Chinese characters of a Chinese one, or both; the row of PS-01.

    >>> from consent.rules.signals.table import load_signals
    >>> reading_seconds(words=900, characters=None, row=load_signals()["PS-01"])
    227
    """
    if words is None and characters is None:
        return None
    minutes = Fraction(words or 0, row.number("words_per_minute"))
    minutes += Fraction(characters or 0, row.number("characters_per_minute"))
    return ceil(minutes * 60 * percent / 100)


def too_fast(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-01. From opening the sheet to signing in less time than it takes to read."""
    if facts.decided_at is None:
        return
    row = table["PS-01"]
    bars = (
        ("below_floor", max(row.number("block_percent"), facts.bars.reading_floor_percent or 0)),
        ("below_pace", max(row.number("warn_percent"), facts.bars.reading_pace_percent or 0)),
    )
    for finding, percent in bars:
        needed = _needed_seconds(facts, row, percent)
        if needed is None or facts.opened_at is None:
            yield Found("PS-01", finding, at=facts.decided_at, is_unknown=True)
            return
        spent = elapsed(facts.opened_at, facts.decided_at)
        if spent < datetime.timedelta(seconds=needed):
            seconds = int(spent.total_seconds())
            evidence = {"opened_at": stated(facts.opened_at), "decided_at": stated(facts.decided_at)}
            params = {"seconds": seconds, "needed": needed}
            yield Found("PS-01", finding, at=facts.decided_at, params=params, evidence=evidence)
            return


def _needed_seconds(facts: VisitFacts, row: SignalRow, percent: int) -> int | None:
    if facts.audio_seconds is not None:
        return ceil(facts.audio_seconds * percent / 100)
    return reading_seconds(words=facts.words, characters=facts.characters, row=row, percent=percent)


def rushed(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-02. Care that can wait begins too soon after the first offer; a sterilisation can always wait."""
    can_wait = True if facts.category is ProcedureCategory.STER else facts.is_elective
    if facts.start_at is None or can_wait is False:
        return
    offered_at = facts.first_offered_at or facts.arrived_at
    if offered_at is None or can_wait is None:
        yield Found("PS-02", "rushed", at=facts.start_at, is_unknown=True)
        return
    if _is_too_soon(facts, offered_at, facts.start_at, hours=table["PS-02"].number("hours")):
        hours = elapsed(offered_at, facts.start_at) // HOUR
        evidence = {"first_offered_at": stated(offered_at), "start_at": stated(facts.start_at)}
        yield Found("PS-02", "rushed", at=facts.start_at, params={"hours": hours}, evidence=evidence)


def _is_too_soon(facts: VisitFacts, offered_at: datetime.datetime, start_at: datetime.datetime, *, hours: int) -> bool:
    if facts.category is not ProcedureCategory.STER:
        return elapsed(offered_at, start_at) < hours * HOUR
    most_hours = max(hours, facts.bars.wait_hours or 0)
    days = days_apart(offered_at, start_at, facts.time_zone)
    return elapsed(offered_at, start_at) < most_hours * HOUR or days < (facts.bars.wait_days or 0)


def few_alternatives(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-03. Too few other choices were open long enough, or doing nothing was not."""
    if facts.decided_at is None or facts.bars.alternatives is None:
        return
    if facts.alternatives is None:
        yield Found("PS-03", "too_few", at=facts.decided_at, is_unknown=True)
        return
    seconds = max(table["PS-03"].number("seconds"), facts.bars.alternative_seconds or 0)
    seen = {one.key for one in facts.alternatives if one.seconds is not None and one.seconds >= seconds}
    evidence = {"seen": ", ".join(sorted(seen))}
    params = {"opened": len(seen - {DOING_NOTHING}), "needed": facts.bars.alternatives}
    if params["opened"] < params["needed"]:
        yield Found("PS-03", "too_few", at=facts.decided_at, params=params, evidence=evidence)
    if DOING_NOTHING not in seen:
        yield Found("PS-03", "nothing_not_opened", at=facts.decided_at, evidence=evidence)


def not_confirmed(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-12. Not confirmed before the start, too long before it, or with somebody else there."""
    if facts.start_at is None:
        return
    at, row = facts.start_at, table["PS-12"]
    evidence = {"confirmed_at": stated(facts.confirmed_at), "start_at": stated(at)}
    if facts.confirmed_at is None or facts.confirmed_at > at:
        yield Found("PS-12", "missing", at=at, evidence=evidence)
        return
    needed = min(row.number("minutes"), facts.bars.confirmation_minutes or row.number("minutes"))
    since = elapsed(facts.confirmed_at, at)
    if since > datetime.timedelta(minutes=needed):
        params = {"minutes": ceil(since / datetime.timedelta(minutes=1)), "needed": needed}
        yield Found("PS-12", "too_old", at=at, params=params, evidence=evidence)
    alone = _was_confirmed_alone(facts, facts.confirmed_at)
    if alone is not True:
        yield Found("PS-12", "in_company", at=facts.confirmed_at, evidence=evidence, is_unknown=alone is None)


def _was_confirmed_alone(facts: VisitFacts, confirmed_at: datetime.datetime) -> Answer:
    """What was recorded; and no companion whose times are known was there."""
    timed = (person for person in facts.companions if person.came_at or person.left_at)
    nobody_seen = not any(talk.was_there(person, confirmed_at) for person in timed)
    return all_of(facts.was_alone_at_confirmation, nobody_seen)


def text_changed(facts: VisitFacts, _table: SignalTable) -> Iterator[Found]:
    """PS-13. The texts shown, signed and at the start differ, or something was written on the text."""
    if facts.decided_at is None:
        return
    answer = same(facts.digest_shown, facts.digest_signed)
    if facts.start_at is not None:
        answer = all_of(answer, same(facts.digest_signed, facts.digest_at_start))
    if answer is not True:
        digests = {
            "shown": facts.digest_shown or "unknown",
            "signed": facts.digest_signed or "unknown",
            "at_start": facts.digest_at_start or "unknown",
        }
        yield Found("PS-13", "differs", at=facts.decided_at, evidence=digests, is_unknown=answer is None)
    later = sorted(at for at in facts.written_on_at if facts.opened_at is None or at > facts.opened_at)
    if later:
        yield Found("PS-13", "written_on", at=later[0], evidence={"written_on_at": stated(later[0])})


def decided_together(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-14. More than one procedure under a signature that must stand alone."""
    row = table["PS-14"]
    kinds = facts.decided_together or ()
    if len(kinds) > row.number("decisions") and row.codes("kinds") & {kind.value for kind in kinds}:
        evidence = {"kinds": ", ".join(kind.value for kind in kinds)}
        at = facts.decided_at or facts.at
        yield Found("PS-14", "together", at=at, params={"decisions": len(kinds)}, evidence=evidence)


def made_conditional(facts: VisitFacts, table: SignalTable) -> Iterator[Found]:
    """PS-15. Something else depends on this consent, or somebody wrote that it does."""
    if facts.dependents:
        kinds = ", ".join(sorted(set(facts.dependents)))
        yield Found("PS-15", "dependent", at=facts.at, params={"kinds": kinds}, evidence={"kinds": kinds})
    for text in facts.texts:
        hits = [match.word for match in words.matches(text.text, table=table.words) if match.list_id == CONDITIONS]
        if hits:
            said = ", ".join(sorted(set(hits)))
            evidence = {"kind": text.kind, "words": said}
            yield Found("PS-15", "worded", at=text.written_at, params={"words": said}, evidence=evidence)


CHECKS: Mapping[str, talk.Check] = {
    "PS-01": too_fast,
    "PS-02": rushed,
    "PS-03": few_alternatives,
    **talk.CHECKS,
    "PS-12": not_confirmed,
    "PS-13": text_changed,
    "PS-14": decided_together,
    "PS-15": made_conditional,
}
