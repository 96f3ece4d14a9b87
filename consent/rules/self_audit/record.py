"""Questions about the record itself: read, written in time, sealed, and seen by somebody outside.

>>> [check.id for check in CHECKS]
['entry-unreadable', 'recorded-late', 'unsealed-too-long', 'never-anchored']
"""

from collections.abc import Iterator

from consent.rules.days import elapsed, minutes_long
from consent.rules.self_audit.check import Check
from consent.rules.self_audit.facts import EntryFacts, LogFacts
from consent.rules.wording import gettext_noop as _

MINUTES_TO_RECORD = 5  # the server's clock gives both times; between them lies one act
MINUTES_TO_SEAL = 15


def unreadable(entry: EntryFacts) -> Iterator[EntryFacts]:
    """CR-074. Bytes that are no entry."""
    if not entry.is_readable:
        yield entry


def recorded_late(entry: EntryFacts) -> Iterator[EntryFacts]:
    """CR-073. The time at which it happened is not the time at which it was recorded."""
    if abs(elapsed(entry.occurred_at, entry.recorded_at)) > minutes_long(MINUTES_TO_RECORD):
        yield entry


def unsealed_too_long(log: LogFacts) -> Iterator[EntryFacts]:
    """CR-074. An entry that still waits for its place."""
    for entry in log.waiting:
        if elapsed(entry.recorded_at, log.at) > minutes_long(MINUTES_TO_SEAL):
            yield entry


def never_anchored(log: LogFacts) -> Iterator[EntryFacts]:
    """CR-074. The first entry that nobody outside vouches for."""
    if log.first_not_anchored is not None:
        yield log.first_not_anchored


CHECKS: tuple[Check, ...] = (
    Check(
        id="entry-unreadable",
        question=_("Can every entry be read?"),
        rules=("CR-074",),
        about=EntryFacts,
        find=unreadable,
    ),
    Check(
        id="recorded-late",
        question=_("Was everything recorded when it happened?"),
        rules=("CR-073",),
        about=EntryFacts,
        find=recorded_late,
    ),
    Check(
        id="unsealed-too-long",
        question=_("Has every entry got its place in the log within minutes?"),
        rules=("CR-074",),
        about=LogFacts,
        find=unsealed_too_long,
    ),
    Check(
        id="never-anchored",
        question=_("Has somebody outside vouched for the log within the last day?"),
        rules=("CR-074",),
        about=LogFacts,
        find=never_anchored,
    ),
)
