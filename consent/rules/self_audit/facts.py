"""What the self-audit may look at: entries of the ledger, and columns that are open to everybody. No name, no word.

Who did something stands here as an opaque id, only to tell whether two acts were one person's; it is never given out.

>>> import datetime
>>> noon = datetime.datetime(2027, 1, 15, 12, tzinfo=datetime.UTC)
>>> given = EntryFacts(kind=EntryKind.CONSENT_GIVEN, index=7, place=(1, 3), occurred_at=noon, recorded_at=noon)
>>> ConsentTrail(entries=(given,), at=noon).last(EntryKind.CONSENT_GIVEN).index
7
"""

import datetime
import uuid
import zoneinfo
from dataclasses import dataclass

from clinic.vocabulary import ProcedureCategory
from consent.rules.policy import Policy
from consent.vocabulary import CopyChoice, EntryKind, InterpreterQualification

UTC = zoneinfo.ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryFacts:
    """One entry of the ledger, without its bytes."""

    kind: EntryKind
    index: int | None  # its place in the log; None while it waits to be sealed
    place: tuple[int, int]  # incarnation of the log, number in the stream of its subject: the order, without a clock
    occurred_at: datetime.datetime
    recorded_at: datetime.datetime
    by: uuid.UUID | None = None
    unmet: frozenset[str] = frozenset()  # of a refused start: the requirements that were not met
    was_alone: bool | None = None  # of a confirmation
    text_digest: str = ""  # of the words that were on the screen
    has_receipt: bool = False  # a slip about this entry was handed over, or the patient did not want one
    is_readable: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TalkFacts:
    """What is open about one talk."""

    entry: EntryFacts
    interpreter: InterpreterQualification | None = None  # None = nobody interpreted
    interpreter_is_companion: bool | None = None
    sheet_opened_at: datetime.datetime | None = None
    was_live: bool | None = None
    no_loss_spoken: bool | None = None
    witness_offered: bool | None = None
    minutes_alone: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldFacts:
    """A concern, and where it was lifted."""

    raised: EntryFacts
    lifted: EntryFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentTrail:
    """One consent: its entries in order, and what is open about it."""

    entries: tuple[EntryFacts, ...]
    at: datetime.datetime  # when the audit looks
    category: ProcedureCategory = ProcedureCategory.MINOR
    zone: zoneinfo.ZoneInfo = UTC
    policy: Policy | None = None  # by which it is judged; None where nobody can read the rules
    talks: tuple[TalkFacts, ...] = ()
    holds: tuple[HoldFacts, ...] = ()
    reading_minutes: int = 0
    sheet_digest: str = ""  # of the version this consent is about
    signed_digest: str = ""
    newer_sheet_at: datetime.datetime | None = None  # since when a version with material changes is in force
    copy_choice: CopyChoice | None = None
    signature_is_reused: bool = False
    is_on_paper: bool = False  # the yes came on paper
    shorter_wait_is_agreed: bool = False  # to the patient's own wish, after a talk in private

    def last(self, *kinds: EntryKind, before: EntryFacts | None = None) -> EntryFacts | None:
        """The newest entry of these kinds; with `before`, the newest that stands before that entry."""
        found = [one for one in self.entries if one.kind in kinds and (before is None or one.place < before.place)]
        return found[-1] if found else None

    def last_talk(self, before: EntryFacts) -> TalkFacts | None:
        """The newest talk before an entry."""
        found = [talk for talk in self.talks if talk.entry.place < before.place]
        return found[-1] if found else None

    def stops(self, name: str) -> bool:
        """Whether the rules have a bar of this name here, and a step that does not meet it is not taken."""
        return self.policy is not None and self.policy.has(name) and self.policy.rules[name].effect.stops

    @property
    def given(self) -> EntryFacts | None:
        """The patient's yes."""
        return self.last(EntryKind.CONSENT_GIVEN)

    @property
    def started(self) -> EntryFacts | None:
        """Where the procedure began under this consent."""
        return self.last(EntryKind.PROCEDURE_STARTED)


@dataclass(frozen=True, kw_only=True, slots=True)
class StartWithoutConsent:
    """A procedure that began in an emergency, or was added in theatre."""

    started: EntryFacts
    at: datetime.datetime
    is_emergency: bool
    review_hours: int | None = None  # within which the advocate looks; None where the rules name none
    reviewed: EntryFacts | None = None
    told: EntryFacts | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MatterStep:
    """One entry about a patient and a kind of procedure, and the rules that held when it was written."""

    entry: EntryFacts
    policy: Policy | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Matter:
    """Offers, noes, and what opens a new offer, in one matter, in order. Without records that were entered in error."""

    steps: tuple[MatterStep, ...]
    zone: zoneinfo.ZoneInfo = UTC


@dataclass(frozen=True, kw_only=True, slots=True)
class ReasonFacts:
    """A clinical reason not to take a device out now, and the second clinician's word."""

    recorded: EntryFacts
    opinion: EntryFacts | None = None
    moves_the_day: bool = False  # the second clinician agreed, and the patient was told


@dataclass(frozen=True, kw_only=True, slots=True)
class RemovalTrail:
    """A wish to have a device taken out."""

    asked: EntryFacts
    at: datetime.datetime
    removal_days: int
    second_opinion_hours: int
    ended: EntryFacts | None = None
    reasons: tuple[ReasonFacts, ...] = ()
    zone: zoneinfo.ZoneInfo = UTC


@dataclass(frozen=True, kw_only=True, slots=True)
class AssessedTrail:
    """Every assessment of being able to decide about one procedure, in order."""

    assessments: tuple[EntryFacts, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class LogFacts:
    """How one log stands towards the outside."""

    at: datetime.datetime
    waiting: tuple[EntryFacts, ...] = ()
    first_not_anchored: EntryFacts | None = None  # the oldest sealed entry that nobody outside vouches for


AuditFacts = EntryFacts | ConsentTrail | StartWithoutConsent | Matter | RemovalTrail | AssessedTrail | LogFacts
