"""What one ledger entry says, as plain values; `consent.ledger.encoding` turns them into bytes and back."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clinic.vocabulary import Role
from consent.vocabulary import EntryKind, Via

DetailValue = str | int | bool | Sequence[str | int | bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who did it, in which role, and how the act reached us."""

    kind: Role
    ref: uuid.UUID | None  # opaque id; None only for a command of the server's operator and the software itself
    via: Via


@dataclass(frozen=True, kw_only=True, slots=True)
class BoundRow:
    """A row as it stood when the entry was written."""

    model: str  # "consent.consent"
    key: str  # primary key, 32 hex characters
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetText:
    """The wording that was on the screen."""

    sheet: str
    version: str
    language: str  # BCP 47
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """The last checkpoint that somebody outside had signed when the entry was written: a bound for its age."""

    size: int  # 1..
    root: str  # 64 hex characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One entry of the ledger."""

    id: uuid.UUID
    log: str  # origin of the ledger it belongs to
    kind: EntryKind
    subject: uuid.UUID | None  # pseudonymous patient id; None only where no patient is spoken of
    sseq: int | None  # 1.. without gaps in the subject's stream
    sprev: str | None  # leaf hash of the subject's previous entry; None for the first
    occurred_at: datetime.datetime  # what people say
    recorded_at: datetime.datetime  # what the server's clock said
    actor: Actor
    objects: tuple[BoundRow, ...]
    history: tuple[BoundRow, ...]
    text: SheetText | None = None
    veil: tuple[str, ...] = ()  # salted commitments, 64 hex characters each
    detail: Mapping[str, DetailValue] | None = None  # open codes only
    seen: Seen | None = None
