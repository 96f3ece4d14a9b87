"""Signals of one patient over time (PS-16 to PS-24).

Each looks at dated acts, most of them acts of staff. A pressed no shows here as well as a pressed yes.

>>> import datetime
>>> from clinic.vocabulary import ProcedureCategory
>>> from consent.rules.signals.facts import AfterAnswer
>>> from consent.rules.signals.table import load_signals
>>> noon = datetime.datetime(2027, 3, 2, 12, 0, tzinfo=datetime.UTC)
>>> answer = AfterAnswer(
...     procedure_at=noon - datetime.timedelta(days=9), answered_at=noon, was_pushed=False, told=3
... )
>>> facts = HistoryFacts(at=noon, time_zone="Europe/London", category=ProcedureCategory.ABRT, answers=(answer,))
>>> [signal.sentence for signal in signals_over_time(facts, load_signals())]
['Told 3 of four things. A note on the quality of talks here; it names nobody.']
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from math import ceil

from consent.rules.case import Answer, all_of
from consent.rules.days import elapsed
from consent.rules.signals.facts import ContactFacts, DecisionFacts, HistoryFacts, OfferMade, PregnancyTestFacts
from consent.rules.signals.judging import Evidence, Found, Signal, judge, stated
from consent.rules.signals.spans import days_apart
from consent.rules.signals.table import SignalTable
from consent.vocabulary import Decision

Check = Callable[[HistoryFacts, SignalTable], Iterator[Found]]
HOUR = datetime.timedelta(hours=1)
SECOND = datetime.timedelta(seconds=1)


def signals_over_time(facts: HistoryFacts, table: SignalTable) -> tuple[Signal, ...]:
    """Every sign of pressure that the history shows, in the order of the table.

    **Takes** facts, and the table with its thresholds. **Gives** the same signals for the same facts; each is dated
    when it became so, that is by its last act. **Writes** nothing.
    **Source** safeguard signals PS-16 to PS-24.
    """
    found = (one for check in CHECKS.values() for one in check(facts, table))
    return judge(found, table, category=facts.category)


def asked_again(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-16. Raised again, not by her, while the rule leaves her in peace."""
    row = table["PS-16"]
    raised = sorted((one for one in facts.offers if _breaks_peace(facts, one)), key=lambda one: one.offered_at)
    if not raised:
        return
    last = raised[-1].offered_at
    yield Found(
        "PS-16",
        "asked_again",
        at=last,
        params={"times": len(raised)},
        evidence={"times": len(raised), "last_at": stated(last)},
        is_unknown=all(one.by_patient is None for one in raised),
    )
    days = row.number("often_days")
    for end in reversed(raised):
        window = [one for one in raised if 0 <= days_apart(one.offered_at, end.offered_at, facts.time_zone) <= days]
        window = [one for one in window if one.offered_at <= end.offered_at]
        if len(window) >= row.number("often"):
            yield Found(
                "PS-16",
                "asked_often",
                at=end.offered_at,
                params={"times": len(window), "days": days},
                evidence={"times": len(window), "last_at": stated(end.offered_at)},
                is_unknown=sum(one.by_patient is False for one in window) < row.number("often"),
            )
            return


def _breaks_peace(facts: HistoryFacts, offer: OfferMade) -> bool:
    """Whether the last answer before it was a no, and the days of peace are not over."""
    if offer.by_patient is True or offer.has_new_fact:
        return False
    before = [one for one in facts.decisions if one.decided_at < offer.offered_at]
    last = max(before, key=lambda one: one.decided_at, default=None)
    if last is None or last.decision is not Decision.DENY:
        return False
    if facts.bars.is_peace_until_asked:
        return True
    return days_apart(last.decided_at, offer.offered_at, facts.time_zone) < (facts.bars.peace_days or 0)


def turned(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-17. An answer became its opposite, and in between staff had made contact unasked."""
    names = {Decision.PERMIT: "turned_to_yes", Decision.DENY: "turned_to_no"}
    for decision, finding in names.items():
        turns = (
            (after, before, contacts)
            for after in _newest_first(facts, decision)
            for before in facts.decisions
            if before.decision is not decision
            and before.decided_at < after.decided_at
            and days_apart(before.decided_at, after.decided_at, facts.time_zone) <= table["PS-17"].number("days")
            and (contacts := _unasked(facts, after=before.decided_at, until=after.decided_at))
        )
        for after, before, contacts in turns:
            days = days_apart(before.decided_at, after.decided_at, facts.time_zone)
            yield Found(
                "PS-17",
                finding,
                at=after.decided_at,
                params={"days": days, "contacts": len(contacts)},
                evidence={"from_at": stated(before.decided_at), "to_at": stated(after.decided_at)},
                is_unknown=all(one.by_patient is None for one in contacts),
            )
            break


def home_visit(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-18. Staff came to the home unasked shortly before she decided."""
    row = table["PS-18"]
    for decision, finding in {Decision.PERMIT: "before_yes", Decision.DENY: "before_no"}.items():
        visits = (
            (after, contact, days)
            for after in _newest_first(facts, decision)
            for contact in _unasked(facts, until=after.decided_at)
            if contact.channel.value in row.codes("channels")
            and (days := days_apart(contact.made_at, after.decided_at, facts.time_zone)) <= row.number("days")
        )
        for after, contact, days in visits:
            yield Found(
                "PS-18",
                finding,
                at=after.decided_at,
                params={"days": days},
                evidence={"visited_at": stated(contact.made_at), "decided_at": stated(after.decided_at)},
                is_unknown=contact.by_patient is None,
            )
            break


def _newest_first(facts: HistoryFacts, decision: Decision) -> list[DecisionFacts]:
    same = [one for one in facts.decisions if one.decision is decision]
    return sorted(same, key=lambda one: one.decided_at, reverse=True)


def _unasked(
    facts: HistoryFacts, *, until: datetime.datetime, after: datetime.datetime | None = None
) -> list[ContactFacts]:
    """Contacts that she is not known to have asked for; those known to be staff's own come first."""
    found = [
        one
        for one in facts.contacts
        if one.by_patient is not True and one.made_at <= until and (after is None or one.made_at > after)
    ]
    return sorted(found, key=lambda one: one.by_patient is None)


def asked_for_outside(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-19. The idea came from outside care, or nobody knows from where and she has not said it again alone."""
    row = table["PS-19"]
    named = {source.value for source in facts.request_sources}
    outside = ", ".join(sorted(named & row.codes("sources")))
    unclear = ", ".join(sorted(named & row.codes("unclear_sources")))
    if outside:
        params = {"sources": outside}
        yield Found("PS-19", "outside", at=facts.at, params=params, evidence=params)
    if unclear and facts.was_repeated_alone is not True:
        params = {"sources": unclear}
        yield Found("PS-19", "unclear", at=facts.at, params=params, evidence=params)


def regular_tests(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-20. Tests of staff without a reason, a quarter of a year apart from one to the next."""
    row = table["PS-20"]
    tests = sorted(_without_reason(facts, row.codes("reasons")), key=lambda one: one.ordered_at)
    chains: list[tuple[int, int]] = []  # for each test: how many in a row end here, and days since the one before
    for later in tests:
        gaps = [days_apart(tests[index].ordered_at, later.ordered_at, facts.time_zone) for index in range(len(chains))]
        fitting = [
            (chains[index][0] + 1, gap)
            for index, gap in enumerate(gaps)
            if row.number("days_from") <= gap <= row.number("days_to")
        ]
        chains.append(max(fitting, default=(1, 0)))
    for finding, name in (("again", "tests_hold"), ("regular", "tests_block")):
        ends = [index for index, (count, _gap) in enumerate(chains) if count >= row.number(name)]
        if ends:
            count, gap = chains[ends[-1]]
            at = tests[ends[-1]].ordered_at
            evidence: Evidence = {"tests": count, "last_at": stated(at)}
            yield Found("PS-20", finding, at=at, params={"tests": count, "days": gap}, evidence=evidence)


def _without_reason(facts: HistoryFacts, reasons: frozenset[str]) -> Iterator[PregnancyTestFacts]:
    for test in facts.tests:
        has_reason = test.reason is not None and test.reason.value in reasons
        if test.by_patient is False and not has_reason:
            yield test


def booked_after_test(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-21. A positive test she had not asked for, and soon after a booking not made by her."""
    limit = table["PS-21"].number("hours") * HOUR
    chains = [
        (booking, known_at, all_of(_is_not(booking.by_patient), _is_not(test.by_patient)))
        for booking in facts.bookings
        for test in facts.tests
        if test.is_positive and booking.by_patient is not True and test.by_patient is not True
        for known_at in (test.result_at or test.ordered_at,)
        if datetime.timedelta() <= elapsed(known_at, booking.booked_at) <= limit
    ]
    chains.sort(key=lambda chain: (chain[2] is True, chain[0].booked_at))
    if chains:
        booking, known_at, answer = chains[-1]
        yield Found(
            "PS-21",
            "chained",
            at=booking.booked_at,
            params={"hours": elapsed(known_at, booking.booked_at) // HOUR},
            evidence={"result_at": stated(known_at), "booked_at": stated(booking.booked_at)},
            is_unknown=answer is None,
        )


def removal_obstructed(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-22. Still in after days, put off again, or denied."""
    row = table["PS-22"]
    needed = min(row.number("days"), facts.bars.removal_days or row.number("days"))
    for removal in facts.removals:
        days = days_apart(removal.asked_at, removal.ended_at or facts.at, facts.time_zone)
        if days > needed and removal.is_contraindicated is not True:
            at = removal.asked_at + datetime.timedelta(days=needed)
            yield Found("PS-22", "overdue", at=at, params={"days": days, "needed": needed}, evidence={"days": days})
        times = len(removal.deferred_at)
        if times >= row.number("deferrals"):
            at = sorted(removal.deferred_at)[row.number("deferrals") - 1]
            yield Found("PS-22", "deferred", at=at, params={"times": times}, evidence={"times": times})
        if removal.denied_at is not None and removal.is_contraindicated is not True:
            yield Found("PS-22", "denied", at=removal.denied_at, is_unknown=removal.is_contraindicated is None)


def friction(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-23. Taking back was slow, or staff made contact about it soon after."""
    row = table["PS-23"]
    hours = max(row.number("hours"), facts.bars.contact_hours or 0)
    for withdrawal in facts.withdrawals:
        took = elapsed(withdrawal.asked_at, withdrawal.effective_at or facts.at)
        if took > row.number("seconds") * SECOND:
            params = {"seconds": ceil(took / SECOND)}
            evidence = {"asked_at": stated(withdrawal.asked_at), "effective_at": stated(withdrawal.effective_at)}
            yield Found("PS-23", "slow", at=withdrawal.asked_at, params=params, evidence=evidence)
        for contact in facts.contacts:
            since = elapsed(withdrawal.asked_at, contact.made_at)
            answer = all_of(_is_not(contact.by_patient), contact.is_about_this)
            if datetime.timedelta() < since <= hours * HOUR and answer is not False:
                yield Found(
                    "PS-23",
                    "contacted",
                    at=contact.made_at,
                    params={"needed": hours},
                    evidence={"contact_at": stated(contact.made_at), "channel": contact.channel.value},
                    is_unknown=answer is None,
                )


def said_afterwards(facts: HistoryFacts, table: SignalTable) -> Iterator[Found]:
    """PS-24. Pushed, whenever she says so; not fully told, within the days in which the question is asked."""
    row = table["PS-24"]
    for answer in facts.answers:
        if answer.was_pushed is True:
            yield Found("PS-24", "pushed", at=answer.answered_at, evidence={"answered_at": stated(answer.answered_at)})
        days = days_apart(answer.procedure_at, answer.answered_at, facts.time_zone)
        is_in_time = row.number("from_days") <= days <= row.number("to_days")
        if is_in_time and answer.told is not None and answer.told < row.number("told"):
            told = {"told": answer.told}
            yield Found("PS-24", "not_fully_told", at=answer.answered_at, params=told, evidence=told)


def _is_not(by_patient: bool | None) -> Answer:
    return None if by_patient is None else not by_patient


CHECKS: Mapping[str, Check] = {
    "PS-16": asked_again,
    "PS-17": turned,
    "PS-18": home_visit,
    "PS-19": asked_for_outside,
    "PS-20": regular_tests,
    "PS-21": booked_after_test,
    "PS-22": removal_obstructed,
    "PS-23": friction,
    "PS-24": said_afterwards,
}
