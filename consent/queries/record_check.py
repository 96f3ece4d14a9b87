"""What a stranger may learn of a record from its code: whether this clinic wrote it, and whether to ask the clinic.

The code is the digest of the document: 256 bits of what nobody can guess, because the document names the random id of
its entry. So who knows a code has held the record, and trying codes finds nothing. Nothing is told of what the record
is about, whose it is, or how it ended. A consent that was replaced or made by mistake, a no, a taking back, one that
was used or grew too old, and a record that is not the newest all get the same words, and the last five cost the same
questions to the database. A concern changes nothing.
"""

import datetime
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from clinic.vocabulary import ProcedureStatus
from consent.exceptions import KeyStoreError
from consent.ledger.refusals import RefusalError
from consent.models import Consent, FrozenRecord, LedgerBinding, LedgerEntry
from consent.models.digests import model_label, row_key
from consent.queries.anchoring import anchoring_of, time_on_page
from consent.queries.fhir_standing import UNUSED_YES, is_too_old
from consent.queries.frozen import SCHEME, last_act
from consent.queries.receipt_files import openings_of
from consent.queries.receipts import proof_of
from consent.queries.seals import trusted_roots
from consent.record.document import document_digest, record_of
from consent.record.exceptions import RecordError
from consent.record.handed_in import PDF_BEGINS, Fault, HandedInError, record_inside
from consent.record.judging import judge_seal

CODE = re.compile(rf"(?:{SCHEME}|https?://[^\s?#]*/check/)?([0-9a-f]{{64}})/?", re.IGNORECASE)
BESIDE = ("site", "patient__site", "procedure__patient__site", "procedure__procedure_type", "sheet_version", "policy")


class Finding(StrEnum):
    """How a check ended."""

    STANDS = "stands"  # the newest record of a consent that stands
    ASK = "ask"  # written here; everything else
    NOT_VOUCHED = "not-vouched"  # the record inside was written here, the file around it is not under a right seal
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnswer:
    """What was found, in sentences for people."""

    finding: Finding
    sentences: tuple[str, ...]
    anchoring: str = ""


@dataclass(frozen=True, slots=True)
class _Known:
    """A record that this clinic wrote, with the entry that binds it."""

    frozen: FrozenRecord
    consent: Consent
    entry: LedgerEntry
    act_id: str


def code_in(text: str) -> str | None:
    """The digest in what somebody typed or scanned: bare, after the name of the scheme, or in an address."""
    found = CODE.fullmatch("".join(text.split()))
    return None if found is None else found.group(1).lower()


def answer_to_code(digest: str, *, at: datetime.datetime) -> RecordAnswer:
    """What may be said of the record with this digest."""
    known = _known(digest)
    if known is None:
        return _unknown()
    only_code = _(
        "This is about the code only. Anybody can print a code beside other words: compare every page with what the "
        "clinic holds, or hand in the file itself."
    )
    return _answer(known, at=at, about=only_code)


def answer_to_file(data: bytes, *, at: datetime.datetime) -> RecordAnswer:
    """What may be said of a file: a printed record as PDF, or the record as data.

    **Gives** an answer; it never raises for anything that is handed in. Nothing of the file is kept.
    """
    if data.startswith(b"{"):
        known = _known(hashlib.sha256(data).hexdigest())
        exact = _("The file is, to the letter, the record as it was written.")
        return _unknown() if known is None else _answer(known, at=at, about=exact)
    if not data.startswith(PDF_BEGINS):
        return _unreadable(_("This file is neither a printed record (PDF) nor the file record.json from inside one."))
    try:
        known = _known(hashlib.sha256(record_inside(data)).hexdigest())
    except HandedInError as refusal:
        return _unreadable(_sentence_of(refusal.fault))
    if known is None:
        return _unknown()
    if not _is_sealed(data, at=at):
        return RecordAnswer(finding=Finding.NOT_VOUCHED, sentences=_not_vouched(), anchoring="")
    return _answer(known, at=at, about=_("The file is exactly as it was when it was sealed here."))


def _known(digest: str) -> _Known | None:
    """The record with this digest, if a sealed or waiting entry of the ledger really holds it."""
    frozen = FrozenRecord.objects.filter(document_digest=digest).exclude(document=b"").first()
    if frozen is None:
        return None
    document = bytes(frozen.document)
    entry = _entry_of(frozen)
    if entry is None or document_digest(document) != digest:
        return None
    try:
        act_id = record_of(document).act.entry_id
    except RecordError:
        return None
    consent = Consent.objects.select_related(*BESIDE).get(pk=frozen.consent_id)
    return _Known(frozen=frozen, consent=consent, entry=entry, act_id=act_id)


def _entry_of(frozen: FrozenRecord) -> LedgerEntry | None:
    """The entry that binds a record as it is now, under a head that holds; None where the two do not agree."""
    key = row_key(frozen.pk)
    named = LedgerBinding.objects.filter(model=model_label(FrozenRecord), key=key)
    binding = named.select_related("entry__ledger", "entry__leaf").first()
    if binding is None:
        return None
    try:
        proof_of(binding.entry)
        is_bound = any(one.key == key for one in openings_of(binding.entry))
    except (RefusalError, KeyStoreError):
        return None
    return binding.entry if is_bound else None


def _answer(known: _Known, *, at: datetime.datetime, about: str) -> RecordAnswer:
    ledger, index = known.entry.ledger, known.entry.index
    if index is None:
        place = _("This clinic wrote this record. Its entry waits for its number in the list “%(origin)s”.")
    else:
        place = _("This clinic wrote this record. It is entry number %(index)s of the list “%(origin)s”.")
    then = _("The record says how things stood at %(time)s.")
    is_standing = _is_standing(known, at=at)
    sentences = (
        place % {"index": index, "origin": ledger.origin},
        then % {"time": time_on_page(known.frozen.made_at, ledger=ledger)},
        *(_stands(time_on_page(at, ledger=ledger)) if is_standing else _ask()),
        about,
    )
    finding = Finding.STANDS if is_standing else Finding.ASK
    return RecordAnswer(finding=finding, sentences=sentences, anchoring=anchoring_of(ledger).sentence)


def _is_standing(known: _Known, *, at: datetime.datetime) -> bool:
    """Whether it is the newest record of a consent that was given, has not ended, and is not too old by the rules."""
    consent = known.consent
    asked = (
        last_act(consent).pk.hex == known.act_id,
        not is_too_old(consent, at=at),
        consent.state in UNUSED_YES,
        consent.procedure.status == ProcedureStatus.PREPARATION,
    )
    return all(asked)


def _is_sealed(pdf: bytes, *, at: datetime.datetime) -> bool:
    try:
        roots = trusted_roots()
    except KeyStoreError:
        return False
    return judge_seal(pdf, trusted_roots=roots, at=at).is_sound


def _stands(now: str) -> tuple[str, ...]:
    return (
        _("It is the newest record, and what it says still stood when this page was made, at %(time)s.")
        % {"time": now},
        _("Nothing may be done because of this page. The clinic asks the patient and checks again before anything is."),
    )


def _ask() -> tuple[str, ...]:
    return (
        _("Do not act on this record: ask the clinic."),
        _("There may be a newer one, or nothing may be done because of it for another reason. Why is not said."),
    )


def _not_vouched() -> tuple[str, ...]:
    return (
        _("The record inside this file was written here, but the file has no seal of this clinic that is right."),
        _("Its pages may show other words. Do not act on this file: ask the clinic, or check the code alone."),
    )


def _unknown() -> RecordAnswer:
    sentences = (
        _("This clinic holds no such record."),
        _("It was never written here, or it was erased, or something in it was changed or typed wrongly."),
        _("Do not act on this record: ask the clinic."),
    )
    return RecordAnswer(finding=Finding.UNKNOWN, sentences=sentences)


def _unreadable(sentence: str) -> RecordAnswer:
    return RecordAnswer(finding=Finding.UNREADABLE, sentences=(sentence,))


def _sentence_of(fault: Fault) -> str:
    return {
        Fault.DAMAGED: _("This PDF is damaged or not complete. Take the file again from where it came, and try again."),
        Fault.ENCRYPTED: _("This PDF is locked. Records of this clinic are not; hand in the file as it was given out."),
        Fault.NO_RECORD: _("This PDF holds no record. It may be a scan or a picture: check the code on the paper."),
        Fault.TWO_RECORDS: _("This PDF holds more than one record, which no paper of this clinic does."),
        Fault.TOO_LARGE: _("What this PDF holds is too large to be a record."),
    }[fault]
