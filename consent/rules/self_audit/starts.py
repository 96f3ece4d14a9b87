"""Questions about the moment a procedure began under a consent. Waits are counted again here, from the stored times.

Nothing of the gate is used: whoever checks the gate must not ask the gate.

>>> [check.id for check in CHECKS][:3]
['yes-not-recorded', 'started-after-no', 'wait-broken']
"""

import datetime
from collections.abc import Iterator

from consent.rules.days import days_between, elapsed, hours_long, minutes_long
from consent.rules.self_audit.check import Check
from consent.rules.self_audit.facts import ConsentTrail, EntryFacts
from consent.rules.wording import gettext_noop as _
from consent.vocabulary import EntryKind

CLEAR_DAYS = "clear-days"


def yes_not_recorded(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-070. A start under a consent that holds no yes."""
    if trail.started is not None and trail.last(EntryKind.CONSENT_GIVEN, before=trail.started) is None:
        yield trail.started


def started_after_no(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-081, CR-086. A start after the patient had refused, or taken the yes back."""
    start = trail.started
    if start is not None and trail.last(EntryKind.CONSENT_REFUSED, EntryKind.CONSENT_WITHDRAWN, before=start):
        yield start


def wait_broken(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-002 to CR-005. A start before the days and hours were over."""
    start = trail.started
    given = trail.last(EntryKind.CONSENT_GIVEN, before=start)
    if start is not None and given is not None and trail.stops("min_wait") and not _has_waited(trail, given, start):
        yield start


def consent_too_old(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-006, CR-021. A start on a yes that no longer held."""
    start, days = trail.started, _days_since_yes(trail)
    if start is None or days is None or trail.policy is None or not trail.stops("max_consent_age_days"):
        return
    if days > trail.policy.number("max_consent_age_days"):
        yield start


def signed_on_the_day(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-020. A first signature from the day of the procedure."""
    if trail.started is not None and trail.stops("first_signature_before_the_day") and _days_since_yes(trail) == 0:
        yield trail.started


def not_confirmed(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-022. No second yes that day, alone, shortly before."""
    start = trail.started
    if start is not None and trail.stops("reconfirmation_minutes") and not _is_confirmed(trail, start):
        yield start


def no_operator_certificate(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-056. No statement, after the last confirmation, by the one who began the procedure."""
    start = trail.started
    if start is None or not trail.stops("operator_certificate"):
        return
    confirmed = trail.last(EntryKind.CONSENT_CONFIRMED, before=start)
    certified = trail.last(EntryKind.CONSENT_CERTIFIED, before=start)
    is_last_word = certified is not None and (confirmed is None or confirmed.place < certified.place)
    if certified is None or not is_last_word or certified.by != start.by:
        yield start


def no_obtainer_statement(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-057. No statement, after the patient's signature, by the one who held the talk."""
    start = trail.started
    given = trail.last(EntryKind.CONSENT_GIVEN, before=start)
    if start is None or given is None or not trail.stops("signature_order"):
        return
    talk, stated = trail.last_talk(given), trail.last(EntryKind.OBTAINER_STATED, before=start)
    if stated is None or stated.place < given.place or talk is None or stated.by != talk.entry.by:
        yield start


def hold_open_at_start(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-014, CR-051. A start while somebody's worry had not been looked at."""
    start = trail.started
    if start is not None and any(
        hold.raised.place < start.place and (hold.lifted is None or hold.lifted.place > start.place)
        for hold in trail.holds
    ):
        yield start


def refused_for_moment_of_signing(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-007. A start that was once refused because of the moment of signing, under the same signature."""
    return _after_a_refusal(trail, "signing-moment")


def refused_for_ability(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-058. A start that was once refused over being able to decide, and no assessment since."""
    for start in _after_a_refusal(trail, "capacity"):
        refused = [one for one in trail.entries if "capacity" in one.unmet]
        assessed = trail.last(EntryKind.CAPACITY_ASSESSED, before=start)
        if assessed is None or assessed.place < refused[-1].place:
            yield start


def rules_unreadable(trail: ConsentTrail) -> Iterator[EntryFacts]:
    """CR-081. A start under rules that nobody can read again."""
    if trail.started is not None and trail.policy is None:
        yield trail.started


def _after_a_refusal(trail: ConsentTrail, requirement: str) -> Iterator[EntryFacts]:
    """The start, where an attempt after the patient's yes was refused for this."""
    start = trail.started
    given = trail.last(EntryKind.CONSENT_GIVEN, before=start)
    if start is not None and given is not None:
        between = (one for one in trail.entries if given.place < one.place < start.place)
        if any(one.kind is EntryKind.START_REFUSED and requirement in one.unmet for one in between):
            yield start


def _days_since_yes(trail: ConsentTrail) -> int | None:
    given = trail.last(EntryKind.CONSENT_GIVEN, before=trail.started)
    if given is None or trail.started is None:
        return None
    return days_between(given.occurred_at, trail.started.occurred_at, trail.zone)


def _has_waited(trail: ConsentTrail, given: EntryFacts, start: EntryFacts) -> bool:
    """The shorter of the waits with and without a birth: which of them holds is not open."""
    if trail.policy is None:
        return True
    wait, waited = trail.policy.wait("min_wait"), elapsed(given.occurred_at, start.occurred_at)
    days = min(wait.days, wait.days_with_birth)
    days += trail.policy.has("count_mode") and trail.policy.code("count_mode") == CLEAR_DAYS
    are_days_over = days_between(given.occurred_at, start.occurred_at, trail.zone) >= days
    return (are_days_over and waited >= hours_long(wait.hours)) or waited >= _shorter_wait(trail, start)


def _shorter_wait(trail: ConsentTrail, start: EntryFacts) -> datetime.timedelta:
    """The shortest of the waits to which the way was opened before the start."""
    policy, hours = trail.policy, []
    if policy is None:
        return datetime.timedelta.max
    if trail.last(EntryKind.PREMATURE_BIRTH_CERTIFIED, before=start) and policy.has("premature_wait"):
        hours.append(policy.premature_wait("premature_wait").hours)
    if trail.last(EntryKind.ABDOMINAL_EMERGENCY_CERTIFIED, before=start) and policy.has("abdominal_hours"):
        hours.append(policy.number("abdominal_hours"))
    is_agreed = trail.shorter_wait_is_agreed and trail.last(EntryKind.SHORTER_WAIT_ANSWERED, before=start)
    if is_agreed and policy.has("shortening_hours"):
        hours.append(policy.number("shortening_hours"))
    return min(map(hours_long, hours), default=datetime.timedelta.max)


def _is_confirmed(trail: ConsentTrail, start: EntryFacts) -> bool:
    confirmed = trail.last(EntryKind.CONSENT_CONFIRMED, before=start)
    if confirmed is None or trail.policy is None:
        return False
    limit = minutes_long(trail.policy.number("reconfirmation_minutes"))
    is_same_day = days_between(confirmed.occurred_at, start.occurred_at, trail.zone) == 0
    is_shortly_before = is_same_day and elapsed(confirmed.occurred_at, start.occurred_at) <= limit
    return is_shortly_before and (confirmed.was_alone is True or not trail.stops("reconfirmation_alone"))


CHECKS: tuple[Check, ...] = (
    Check(
        id="yes-not-recorded",
        question=_("Does the ledger hold the patient's yes before each start?"),
        rules=("CR-070",),
        about=ConsentTrail,
        find=yes_not_recorded,
    ),
    Check(
        id="started-after-no",
        question=_("Did nothing start after the patient had said no or taken the yes back?"),
        rules=("CR-081", "CR-086"),
        about=ConsentTrail,
        find=started_after_no,
    ),
    Check(
        id="wait-broken",
        question=_("Was the time to think over when the procedure started, counted again from the stored times?"),
        rules=("CR-002", "CR-003", "CR-004", "CR-005"),
        about=ConsentTrail,
        find=wait_broken,
        limit=_(
            "Whether it went with a birth is not open, so the shorter of the two waits counts; the days of an early "
            "birth are not open either."
        ),
    ),
    Check(
        id="consent-too-old",
        question=_("Was the yes no older at the start than it may be?"),
        rules=("CR-006", "CR-021"),
        about=ConsentTrail,
        find=consent_too_old,
    ),
    Check(
        id="signed-on-the-day",
        question=_("Was planned care signed for on an earlier day than that of the procedure?"),
        rules=("CR-020",),
        about=ConsentTrail,
        find=signed_on_the_day,
    ),
    Check(
        id="not-confirmed",
        question=_("Did the patient say yes again on the day, alone, shortly before the start?"),
        rules=("CR-022",),
        about=ConsentTrail,
        find=not_confirmed,
    ),
    Check(
        id="operator-certificate",
        question=_("Did whoever began the procedure sign the operator's statement after that?"),
        rules=("CR-056",),
        about=ConsentTrail,
        find=no_operator_certificate,
    ),
    Check(
        id="obtainer-statement",
        question=_("Did whoever held the talk sign a statement after the patient's signature?"),
        rules=("CR-057",),
        about=ConsentTrail,
        find=no_obtainer_statement,
    ),
    Check(
        id="hold-open-at-start",
        question=_("Had every concern been looked at and lifted before the start?"),
        rules=("CR-014", "CR-051"),
        about=ConsentTrail,
        find=hold_open_at_start,
    ),
    Check(
        id="moment-of-signing",
        question=_("Where a start was refused because of the moment of signing, was it signed anew before the next?"),
        rules=("CR-007",),
        about=ConsentTrail,
        find=refused_for_moment_of_signing,
        limit=_("The states themselves are not open; only that the gate named them is."),
    ),
    Check(
        id="ability-in-doubt",
        question=_("Where a start was refused over being able to decide, was there an assessment before the next?"),
        rules=("CR-058",),
        about=ConsentTrail,
        find=refused_for_ability,
        limit=_("What was found is not open; only that the gate named it is."),
    ),
    Check(
        id="rules-unreadable",
        question=_("Can the rules under which it started still be read?"),
        rules=("CR-081",),
        about=ConsentTrail,
        find=rules_unreadable,
    ),
)
