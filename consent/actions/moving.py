"""Shared by the acts: may this person do it, does the state allow it, and the entry that records it."""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from clinic import clock
from clinic.exceptions import NotAllowedError
from clinic.models import Account, Procedure, Site
from clinic.vocabulary import Permission, Role
from consent.actions.freezing import freeze, latest_about
from consent.exceptions import AlreadyDecidedError, SheetChangedError, StreamTakenError
from consent.ledger_store import Actor, SheetText, append, new_entry_id
from consent.ledger_store.places import StreamPlace, place_in_stream
from consent.ledger_store.writing import finds_its_place
from consent.models import Consent, FrozenRecord, InformationSheetVersion, LedgerEntry
from consent.queries.record_rows import NOT_FROZEN
from consent.record_facts import ActOnRecord
from consent.rules.lifecycle import UnknownStepError, next_state
from consent.vocabulary import ENDED_STATES, Act, ConsentState, EntryKind, Via


def check_may(account: Account, permission: Permission, *, consent_site_id: object) -> None:
    """Raises NotAllowedError unless the role carries the permission and the account belongs to the site."""
    if not account.may(permission) or account.site_id != consent_site_id:
        raise NotAllowedError(_("Your role may not do this."))


def check_is_patient(account: Account, consent: Consent) -> None:
    """Raises NotAllowedError unless the account is the patient's own."""
    if not account.may(Permission.DECIDE_OWN_CARE) or account.pk != consent.patient.account_id:
        raise NotAllowedError(_("Only the patient can do this."))


def check_digest(consent: Consent, shown_digest: str) -> None:
    """Raises SheetChangedError unless the words on the screen are the words this consent is about."""
    if shown_digest != consent.sheet_version.digest:
        raise SheetChangedError(_("The information sheet has changed. Please read the new text before you answer."))


def move(consent: Consent, act: Act) -> None:
    """Put the consent in the state the act leads to. Raises AlreadyDecidedError, saying what to do instead."""
    try:
        consent.state = next_state(ConsentState(consent.state), act)
    except UnknownStepError as error:
        raise AlreadyDecidedError(_(error.message)) from error


def check_open(consent: Consent) -> None:
    """Raises AlreadyDecidedError once the consent has ended or was used: what is written then comes too late."""
    if consent.state in ENDED_STATES:
        raise AlreadyDecidedError(_("This consent has ended. Nothing can be added to it."))
    if consent.state == ConsentState.USED:
        raise AlreadyDecidedError(_("The procedure has already started under this consent."))


def save_as(row: Any, *, by: Account, is_new: bool = False) -> None:
    """Save a row whose history people read; the history names the person and our own clock."""
    row._history_user = by
    row._history_date = clock.now()
    row.save(force_insert=is_new)


def sheet_text(version: InformationSheetVersion) -> SheetText:
    """The words shown, as an entry names them."""
    return SheetText(sheet=version.sheet.key, version=version.version, language=version.language, digest=version.digest)


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """The entry of an act before it is written: records that are frozen with it name it."""

    kind: EntryKind
    entry_id: uuid.UUID
    place: StreamPlace | None  # None where nothing is frozen: the pen finds it
    is_found_again: bool = False  # by the pen, in the journey in which it writes

    @property
    def given_place(self) -> StreamPlace | None:
        """What the pen is told of the place."""
        return None if self.is_found_again else self.place

    def check(self, written: LedgerEntry) -> LedgerEntry:
        """Raises StreamTakenError when the entry came to stand at another place than its record names."""
        if self.place is not None and (written.ledger_id, written.sseq) != (self.place.ledger_id, self.place.sseq):
            raise StreamTakenError(_("Somebody recorded something at the same moment. Please try again."))
        return written

    def frozen(self, consents: Iterable[Consent], *, at: datetime.datetime) -> list[FrozenRecord]:
        """The records frozen with the act. **Writes** FrozenRecord for each consent."""
        if self.place is None:
            return []
        act = ActOnRecord(
            entry_id=self.entry_id.hex,
            kind=self.kind,
            number=self.place.sseq,
            previous_leaf=self.place.sprev or "",
        )
        return freeze(consents, act, origin=self.place.origin, at=at)


def own_entry(kind: EntryKind, site: Site, subject: uuid.UUID, *, entry_id: uuid.UUID | None) -> OwnEntry:
    """The id, and where a record is frozen the place in the patient's stream, of an entry about to be written."""
    place = None if kind in NOT_FROZEN else place_in_stream(site=site, subject=subject)
    return OwnEntry(kind, entry_id or new_entry_id(), place, is_found_again=finds_its_place(subject))


def record(
    kind: EntryKind,
    consent: Consent,
    *,
    by: Account,
    via: Via,
    at: datetime.datetime,
    rows: Sequence[models.Model],
    detail: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> LedgerEntry:
    """Append the one entry of an act about a consent, and freeze the record as it stands after it.

    **Takes** rows that are saved already.
    **Writes** the entry; FrozenRecord of each consent among the rows, unless nothing is frozen after such an act.
    """
    touched = [consent, *(row for row in rows if isinstance(row, Consent))]
    own = own_entry(kind, consent.site, consent.patient.ledger_subject, entry_id=entry_id)
    written = append(
        entry_id=own.entry_id,
        place=own.given_place,
        site=consent.site,
        kind=kind,
        subject=consent.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=via),
        rows=[*rows, *own.frozen(touched, at=at)],
        occurred_at=at,
        text=sheet_text(consent.sheet_version),
        detail=detail,
    )
    return own.check(written)


def record_about(
    kind: EntryKind,
    procedure: Procedure,
    *,
    by: Account,
    at: datetime.datetime,
    rows: Sequence[models.Model],
    detail: Mapping[str, Any] | None = None,
    entry_id: uuid.UUID | None = None,
) -> LedgerEntry:
    """Append the one entry of a staff act about a procedure that has no consent behind it.

    **Writes** the entry; FrozenRecord of the newest consent there was about this procedure, if there was one.
    """
    own = own_entry(kind, procedure.patient.site, procedure.patient.ledger_subject, entry_id=entry_id)
    about = latest_about(procedure) if own.place else []
    written = append(
        entry_id=own.entry_id,
        place=own.given_place,
        site=procedure.patient.site,
        kind=kind,
        subject=procedure.patient.ledger_subject,
        actor=Actor(kind=Role(by.role), ref=by.pk, via=Via.STAFF),
        rows=[*rows, *own.frozen(about, at=at)],
        occurred_at=at,
        detail={"procedure": procedure.pk.hex, **(detail or {})},
    )
    return own.check(written)
