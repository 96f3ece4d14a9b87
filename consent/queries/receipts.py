"""A patient's slips: which entries have one, what proves each, and the words that are printed.

Every entry of her own stream has a slip, whatever she chose, and all slips look alike. Entries that she must be able to
deny have none: a hold, who looked, and what was handed to her.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import Patient
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.merkle import inclusion_path, verify_inclusion
from consent.ledger.notes import Note
from consent.ledger.promises import Promise, read_promise
from consent.ledger.slip_text import ED25519_BYTES, SlipText, promise_slip_of, slip_of
from consent.models import Consent, LedgerCheckpoint, LedgerCosignature, LedgerEntry
from consent.models.digests import model_label
from consent.queries.anchoring import anchoring_of
from consent.queries.tree_nodes import nodes_under, place_of
from consent.record.slip import Slip
from consent.record.slip_labels import SLIP_LABELS
from consent.vocabulary import QUIET_KINDS, EntryKind

PROMISED_WITHIN = datetime.timedelta(seconds=60)

WITHOUT_SLIP = frozenset(
    {
        EntryKind.HOLD_RAISED,
        EntryKind.HOLD_LIFTED,
        EntryKind.RECORD_VIEWED,
        EntryKind.RECEIPT_DELIVERED,
        EntryKind.RECEIPT_DECLINED,
        EntryKind.BUNDLE_TAKEN,
        EntryKind.ERASURE_ASKED,
        EntryKind.SUBJECT_ERASED,
        EntryKind.ENTRY_RECOVERED,
    }
)


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry stands, under which signed head, and the path between; checked before it is given."""

    entry: LedgerEntry
    index: int
    path: tuple[bytes, ...]
    head: LedgerCheckpoint

    def slip(self) -> SlipText:
        """The text of its code."""
        note, checkpoint = read_checkpoint(self.head.note)
        leaf = bytes.fromhex(self.entry.leaf_hash)
        key_id = _ed25519_key_id(note, checkpoint.origin)
        return slip_of(checkpoint=checkpoint, note=note, index=self.index, leaf=leaf, key_id=key_id)


def own_slips(patient: Patient, *, procedure_id: uuid.UUID | None = None) -> QuerySet[LedgerEntry]:
    """The entries of a patient that have a slip, newest first; while she holds the tablet, those of one procedure."""
    rows = LedgerEntry.objects.select_related("ledger__site", "leaf").filter(subject=patient.ledger_subject)
    rows = rows.exclude(kind__in=WITHOUT_SLIP).order_by("-ledger__incarnation", "-sseq")
    if procedure_id is None:
        return rows
    keys = Consent.objects.filter(procedure=procedure_id, patient=patient).values_list("pk", flat=True)
    named = {"bindings__model": model_label(Consent), "bindings__key__in": [key.hex for key in keys]}
    return rows.filter(**named).distinct()


def desk_slips(patient: Patient) -> QuerySet[LedgerEntry]:
    """The slips that staff may print for a patient: all but those of which only she and the advocate know."""
    return own_slips(patient).exclude(kind__in=QUIET_KINDS)


def newest_slip_about(consent: Consent) -> LedgerEntry | None:
    """The slip of the last thing that happened to a consent."""
    return own_slips(consent.patient, procedure_id=consent.procedure_id).first()


def proof_of(entry: LedgerEntry, *, is_cosigned: bool = False) -> Proof | None:
    """What proves an entry, under the head it was sealed with; None while it waits to be sealed.

    A later head would change with everything that happens at the clinic, and a slip shown twice would tell whether
    anything had been written down in between.

    **Takes** `is_cosigned` to prefer the newest head that somebody outside has signed, if it covers the entry.
    **Raises** RefusalError when the tables do not give a sound proof: what is handed out has always been checked.
    """
    head, index = place_of(entry)
    if head is None or index is None:
        return None
    head = (_cosigned(entry.ledger_id, index) if is_cosigned else None) or head
    path = tuple(inclusion_path(index, head.size, nodes_under(head)))
    leaf, root = bytes.fromhex(entry.leaf_hash), bytes.fromhex(head.root_hash)
    verify_inclusion(index, head.size, leaf, path, root)
    return Proof(entry=entry, index=index, path=path, head=head)


def _cosigned(ledger_id: uuid.UUID, index: int) -> LedgerCheckpoint | None:
    sizes = LedgerCosignature.objects.filter(ledger=ledger_id, size__gt=index).order_by("-size")
    newest = sizes.values_list("size", flat=True).first()
    return LedgerCheckpoint.objects.filter(ledger=ledger_id, size=newest).first() if newest else None


def _ed25519_key_id(note: Note, origin: str) -> bytes:
    """The id of the key whose signature is short enough for a slip."""
    for line in note.signatures:
        if line.name == origin and len(line.signature) == ED25519_BYTES:
            return line.key_id
    return b""


def promise_of(entry: LedgerEntry) -> Promise:
    """What is promised about an entry that waits: its place in the log, a minute after it was written at the latest."""
    leaf = bytes.fromhex(entry.leaf_hash)
    return Promise(origin=entry.ledger.origin, leaf=leaf, deadline_at=entry.recorded_at + PROMISED_WITHIN)


def slip_paper(
    entry: LedgerEntry, *, proof: Proof | None, promise_note: str, language: str, check_address: str
) -> Slip:
    """The slip of an entry in one language, ready to be printed.

    **Takes** its proof, or the signed promise in its place; a Django language code; where anyone can check it.
    """
    site = entry.ledger.site
    code, deadline_at = _code(proof, promise_note)
    with translation.override(language):
        return Slip(
            language=language,
            site_name=site.name,
            time_zone=site.time_zone,
            recorded_at=entry.recorded_at,
            origin=entry.ledger.origin,
            leaf_hash=entry.leaf_hash,
            index=proof.index if proof else None,
            size=proof.head.size if proof else None,
            root_hash=proof.head.root_hash if proof else "",
            deadline_at=deadline_at,
            anchoring=anchoring_of(entry.ledger).sentence,
            check_address=check_address,
            code=code,
            labels={key: _(words) for key, words in SLIP_LABELS.items()},
        )


def _code(proof: Proof | None, promise_note: str) -> tuple[str, datetime.datetime | None]:
    if proof is not None:
        return proof.slip().to_text(), None
    note, promise = read_promise(promise_note)
    return promise_slip_of(promise=promise, note=note).to_text(), promise.deadline_at
