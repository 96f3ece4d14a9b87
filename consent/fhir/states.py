"""What each state of a consent becomes in FHIR. One table; docs/fhir.md is printed from it.

>>> row_of(Standing.REFUSED).r4_status, row_of(Standing.REFUSED).r5_status
('rejected', 'active')
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from consent.fhir.values import day_of
from consent.fhir_facts import ConsentFacts
from consent.vocabulary import ConsentState, Decision


class Standing(StrEnum):
    """A stored state, and what the clock makes of it."""

    PREPARED = "prepared"
    INFORMED = "informed"
    WAITING_OR_OPEN = "waiting or open"
    CONFIRMED = "confirmed today"
    CONFIRMED_BEFORE = "confirmed on an earlier day"
    USED = "used"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    IN_ERROR = "entered in error"


class Says(StrEnum):
    """Which decision is sent along."""

    NOTHING = "none"
    PERMIT = "permit"
    DENY = "deny"
    AS_STORED = "what she had decided"


@dataclass(frozen=True, kw_only=True, slots=True)
class StateRow:
    """One line of the table."""

    standing: Standing
    stored: tuple[ConsentState, ...]
    r4_status: str
    r5_status: str
    says: Says
    has_day: bool = False  # the period is the one day
    then_deny: bool = False  # a second Consent, active and deny, that points to this one
    why: str


G, C = ConsentState.GIVEN, ConsentState.CONFIRMED
STATE_TABLE: tuple[StateRow, ...] = (
    StateRow(
        standing=Standing.PREPARED,
        stored=(ConsentState.DRAFT,),
        r4_status="draft",
        r5_status="draft",
        says=Says.NOTHING,
        why="A sheet was chosen; nobody has talked about it yet.",
    ),
    StateRow(
        standing=Standing.INFORMED,
        stored=(ConsentState.INFORMED,),
        r4_status="proposed",
        r5_status="draft",
        says=Says.NOTHING,
        why="She was told and has not answered.",
    ),
    StateRow(
        standing=Standing.WAITING_OR_OPEN,
        stored=(G,),
        r4_status="proposed",
        r5_status="draft",
        says=Says.PERMIT,
        why="She said yes. Not active: a reader that looks past periods must not go ahead before she says it again.",
    ),
    StateRow(
        standing=Standing.CONFIRMED,
        stored=(C,),
        r4_status="active",
        r5_status="active",
        says=Says.PERMIT,
        has_day=True,
        why="She said yes again on the day of the file, which is the whole period.",
    ),
    StateRow(
        standing=Standing.CONFIRMED_BEFORE,
        stored=(C,),
        r4_status="proposed",
        r5_status="draft",
        says=Says.PERMIT,
        why="The day on which she said it again is over; she would be asked again.",
    ),
    StateRow(
        standing=Standing.USED,
        stored=(ConsentState.USED,),
        r4_status="inactive",
        r5_status="inactive",
        says=Says.PERMIT,
        why="The procedure was started on it; it opens nothing more.",
    ),
    StateRow(
        standing=Standing.REFUSED,
        stored=(ConsentState.REFUSED,),
        r4_status="rejected",
        r5_status="active",
        says=Says.DENY,
        why="She said no. R5 has no `rejected`; a no in force is active and deny.",
    ),
    StateRow(
        standing=Standing.WITHDRAWN,
        stored=(ConsentState.WITHDRAWN,),
        r4_status="inactive",
        r5_status="inactive",
        says=Says.AS_STORED,
        then_deny=True,
        why="She took it back. A reader that looks for what is active must find the no.",
    ),
    StateRow(
        standing=Standing.EXPIRED,
        stored=(G, C),
        r4_status="inactive",
        r5_status="inactive",
        says=Says.PERMIT,
        why="Too old by the rules of the clinic at the moment of the file.",
    ),
    StateRow(
        standing=Standing.SUPERSEDED,
        stored=(ConsentState.SUPERSEDED,),
        r4_status="inactive",
        r5_status="inactive",
        says=Says.AS_STORED,
        why="A newer one about the same procedure has taken its place and says so in its Provenance.",
    ),
    StateRow(
        standing=Standing.IN_ERROR,
        stored=(ConsentState.ENTERED_IN_ERROR,),
        r4_status="entered-in-error",
        r5_status="entered-in-error",
        says=Says.AS_STORED,
        why="Two people said that it was recorded by mistake; it counts for nothing.",
    ),
)
_ROWS = {row.standing: row for row in STATE_TABLE}
_BY_STATE = {
    ConsentState.DRAFT: Standing.PREPARED,
    ConsentState.INFORMED: Standing.INFORMED,
    ConsentState.USED: Standing.USED,
    ConsentState.REFUSED: Standing.REFUSED,
    ConsentState.WITHDRAWN: Standing.WITHDRAWN,
    ConsentState.SUPERSEDED: Standing.SUPERSEDED,
    ConsentState.ENTERED_IN_ERROR: Standing.IN_ERROR,
}


def standing_of(consent: ConsentFacts, *, made_at: datetime.datetime, zone: str) -> Standing:
    """Where a consent stands at the moment of the file."""
    if consent.state in _BY_STATE:
        return _BY_STATE[consent.state]
    if consent.is_expired:
        return Standing.EXPIRED
    if consent.state is ConsentState.GIVEN or consent.confirmed_at is None:
        return Standing.WAITING_OR_OPEN
    is_today = day_of(consent.confirmed_at, zone) == day_of(made_at, zone)
    return Standing.CONFIRMED if is_today else Standing.CONFIRMED_BEFORE


def row_of(standing: Standing) -> StateRow:
    """The line of the table for a standing."""
    return _ROWS[standing]


def decision_sent(row: StateRow, stored: Decision | None) -> Decision | None:
    """Which decision goes into the file."""
    if row.says is Says.AS_STORED:
        return stored
    return None if row.says is Says.NOTHING else Decision(row.says.value)
