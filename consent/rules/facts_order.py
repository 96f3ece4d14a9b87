"""Orders in which things cannot have happened, so that nobody asks the gate about a case that cannot be.

Only what is known can contradict: an unknown time is left to the gate, for which it counts as not met. What may happen
and is merely forbidden (signed too soon, signed by the operator before the patient) is left to the gate as well.

>>> noon = datetime.datetime(2027, 2, 14, 12, 0, tzinfo=datetime.UTC)
>>> told, signed = "$.conversation.held_at", "$.consent.given_at"
>>> (problem,) = impossible_orders({"--at": noon, told: noon, signed: noon - datetime.timedelta(hours=1)})
>>> print(problem.sentence)
$.consent.given_at: expected no signature before the talk ($.conversation.held_at, 2027-02-14T12:00:00Z); found \
2027-02-14T11:00:00Z
"""

import datetime
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consent.rules.days import civil_day, zone_named
from consent.rules.facts_values import written_instant

Leaves = Mapping[str, object]  # what a file says, by place; "--at" is the moment it is asked about


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a facts file."""

    path: str  # "$.conversation.people_present[1].role"
    expected: str
    found: str

    @property
    def sentence(self) -> str:
        """The problem in one line."""
        return f"{self.path}: expected {self.expected}; found {self.found}"


# What came first, what came later, and what is impossible about the other way round.
ORDERS = (
    ("$.offer.offered_at", "$.conversation.held_at", "no talk before the offer"),
    ("$.conversation.held_at", "$.consent.given_at", "no signature before the talk"),
    ("$.conversation.sheet_opened_at", "$.consent.given_at", "no signature before the sheet was opened"),
    ("$.conversation.held_at", "$.consent.interpreter_stated_at", "no statement of the interpreter before the talk"),
    ("$.consent.given_at", "$.consent.confirmed_at", "no confirmation before the signature"),
    ("$.consent.confirmed_at", "$.consent.certified_at", "no certificate of the operator before the confirmation"),
    ("$.waits.shorter_wait.asked_at", "$.waits.shorter_wait.answered_at", "no answer before the question"),
    ("$.past.last_withdrawal_at", "$.past.last_no_at", "no newer withdrawal, which would be the newest no"),
)
FINDINGS = "$.ability.findings[{}].assessed_at"
BORN, BORN_CERTIFIED = "$.waits.premature_birth.born_on", "$.waits.premature_birth.certified_at"
DAYS_PAST = ("$.birth_date", BORN)


def impossible_orders(leaves: Leaves) -> tuple[Problem, ...]:
    """Everything in a file that contradicts the clock."""
    return (*_after_the_moment(leaves), *_before_what_came_first(leaves), *_wrong_days(leaves))


def _after_the_moment(leaves: Leaves) -> Iterator[Problem]:
    """Times later than the moment the file is asked about."""
    at = leaves["--at"]
    for path, value in leaves.items():
        if isinstance(value, datetime.datetime) and isinstance(at, datetime.datetime) and value > at:
            yield Problem(path, f"no time after --at ({written_instant(at)})", written_instant(value))


def _before_what_came_first(leaves: Leaves) -> Iterator[Problem]:
    findings = (FINDINGS.format(index) for index in itertools.count())
    oldest_first = itertools.pairwise(itertools.takewhile(leaves.__contains__, findings))
    pairs = (*ORDERS, *((*pair, "findings oldest first") for pair in oldest_first))
    for earlier, later, impossible in pairs:
        first, second = leaves.get(earlier), leaves.get(later)
        if not isinstance(first, datetime.datetime) or not isinstance(second, datetime.datetime):
            continue
        if second < first:
            expected = f"{impossible} ({earlier}, {written_instant(first)})"
            yield Problem(later, expected, written_instant(second))


def _wrong_days(leaves: Leaves) -> Iterator[Problem]:
    """Days that had not come yet at the site."""
    for path in DAYS_PAST:
        day, today = leaves.get(path), _day_at_the_site(leaves, "--at")
        if isinstance(day, datetime.date) and today is not None and day > today:
            yield Problem(path, f"no day after --at (at the site it is {today})", str(day))
    born, certified = leaves.get(BORN), _day_at_the_site(leaves, BORN_CERTIFIED)
    if isinstance(born, datetime.date) and certified is not None and certified < born:
        yield Problem(BORN_CERTIFIED, f"no certificate before the birth ({BORN}, {born})", str(certified))


def _day_at_the_site(leaves: Leaves, path: str) -> datetime.date | None:
    """The date of a time at the site; None where the zone or the time is not known."""
    zone, at = zone_named(str(leaves.get("$.time_zone", ""))), leaves.get(path)
    return civil_day(at, zone) if zone is not None and isinstance(at, datetime.datetime) else None
