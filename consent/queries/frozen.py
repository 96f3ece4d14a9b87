"""Frozen records: the newest of a consent, whether it still says what is so, and how it is printed now."""

import datetime
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import translation

from consent.ledger.encoding import parse_entry
from consent.models import Consent, FrozenRecord, LedgerEntry
from consent.queries.record import consent_record, copy_on_paper, printed_labels
from consent.queries.record_rows import NOT_FROZEN, printed_entries
from consent.record.document import document_bytes, document_digest, record_of
from consent.record.own_words import printable
from consent.record_facts import ActOnRecord, ConsentRecord, CopyOnPaper

SCHEME = "FGR1"


@dataclass(frozen=True, slots=True)
class Shown:
    """A record about to be printed; `frozen` is None where it is not frozen in this language yet."""

    record: ConsentRecord
    document: bytes
    frozen: FrozenRecord | None

    @property
    def digest(self) -> str:
        """SHA-256 of the document: what the paper shows."""
        return document_digest(self.document)


def newest_frozen(consent: Consent, *, language: str | None = None) -> FrozenRecord | None:
    """The newest record of a consent that still holds its words; None after they were erased."""
    rows = FrozenRecord.objects.filter(consent=consent).exclude(document=b"")
    if language is not None:
        rows = rows.filter(language=language)
    return rows.order_by("-made_at").first()


def last_act(consent: Consent) -> LedgerEntry:
    """The entry of the last act after which a record of this consent is frozen. There is one: the offer."""
    entries = printed_entries(consent, is_without_word=True)
    return [entry for entry in entries if entry.kind not in NOT_FROZEN][-1]


def record_to_show(consent: Consent, *, language: str, at: datetime.datetime) -> Shown:
    """The newest frozen record in a language; where none holds the last act, one that is made now.

    **Raises** DocumentError where a stored document is not as it was written.
    """
    frozen, last = newest_frozen(consent, language=language), last_act(consent)
    if frozen is not None:
        shown = _shown(frozen)
        if shown.record.act.entry_id == last.pk.hex:
            return shown
    record = consent_record(
        consent.pk, language=language, act=act_of(last), ledger_origin=last.ledger.origin, made_at=at
    )
    return Shown(record=record, document=document_bytes(record), frozen=None)


def _shown(frozen: FrozenRecord) -> Shown:
    document = bytes(frozen.document)
    return Shown(record=record_of(document), document=document, frozen=frozen)


def act_of(entry: LedgerEntry) -> ActOnRecord:
    """An act as its record names it, from its entry."""
    said = parse_entry(bytes(entry.body))
    return ActOnRecord(entry_id=entry.pk.hex, kind=entry.kind, number=said.sseq, previous_leaf=said.sprev or "")


def still_stands(consent: Consent, shown: Shown) -> bool:
    """Whether a record about to be handed over still is the newest. The caller holds the locks."""
    if last_act(consent).pk.hex != shown.record.act.entry_id:
        return False
    if shown.frozen is not None:
        return True
    now = consent_record(
        consent.pk,
        language=shown.record.language,
        act=shown.record.act,
        ledger_origin=shown.record.ledger_origin,
        made_at=shown.record.made_at,
    )
    return now == shown.record


def as_printed(
    consent: Consent, shown: Shown, *, issued_at: datetime.datetime, is_sealed: bool
) -> tuple[ConsentRecord, CopyOnPaper]:
    """A record as it is printed now, and what this copy adds to it.

    Labels that a later layout needs are added; those that were frozen stay.
    """
    record = shown.record
    with translation.override(record.language.lower()):
        labels = {**printed_labels(), **record.labels}
    copy = replace(copy_on_paper(consent, record, issued_at=issued_at), is_sealed=is_sealed)
    return replace(record, labels=labels, ended_words=printable(record.ended_words)), copy


def check_code(digest: str) -> str:
    """What the QR code of a paper says: the address where it can be checked, or where none is known the bare digest."""
    address = settings.PUBLIC_ADDRESS
    return f"{address}/check/{digest}/" if address else f"{SCHEME} {digest}"
