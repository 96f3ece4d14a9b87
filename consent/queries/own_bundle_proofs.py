"""The receipts of a bundle: of which decision each of her entries speaks, and the proof of each.

A receipt holds its entry, so one that would name a decision she leaves out is left out with it. Entries whose list of
what was missing could tell of a hold are in no file (`receipt_files.WITHOUT_ENTRY`).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from clinic.models import Patient
from consent.ledger.openings import Opening
from consent.ledger.refusals import RefusalError
from consent.ledger.tlog_proof import format_receipt
from consent.models import Consent, FrozenRecord, LedgerBinding, LedgerEntry
from consent.models.digests import model_label
from consent.queries.cosigned_heads import cosigned_note
from consent.queries.receipt_files import can_hold_entry, openings_of
from consent.queries.receipts import own_slips, proof_of
from consent.vocabulary import EntryKind

VOICE_KINDS = frozenset(
    {
        EntryKind.COMPLAINT_MADE,
        EntryKind.COMPLAINT_ANSWERED,
        EntryKind.CORRECTION_ASKED,
        EntryKind.CORRECTION_ANSWERED,
    }
)


@dataclass(slots=True)
class OwnProofs:
    """The entries of one patient, by what they are about. Only ids are held; bytes are read one entry at a time."""

    patient: Patient
    chosen: frozenset[uuid.UUID]  # the consents that are in the bundle
    about: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))
    binding: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)  # frozen record -> entry
    given: set[uuid.UUID] = field(default_factory=set)

    def __post_init__(self) -> None:
        bound = LedgerBinding.objects.filter(entry__subject=self.patient.ledger_subject)
        for entry_id, key in _keys(bound.filter(model=model_label(Consent))):
            self.about[entry_id].add(key)
        frozen = dict(FrozenRecord.objects.filter(consent__patient=self.patient).values_list("pk", "consent_id"))
        for entry_id, key in _keys(bound.filter(model=model_label(FrozenRecord))):
            self.binding[key] = entry_id
            if key in frozen:
                self.about[entry_id].add(frozen[key])

    def of_record(self, frozen: FrozenRecord) -> bytes | None:
        """The proof of the entry that binds a record; None while it waits, or where the ledger gives none."""
        entry_id = self.binding.get(frozen.pk)
        if entry_id is None:
            return None
        self.given.add(entry_id)
        return self._proof(LedgerEntry.objects.select_related("ledger__site", "leaf").get(pk=entry_id))

    def others_about(self, consent_id: uuid.UUID) -> Iterator[bytes]:
        """Receipts of the other entries about a decision, oldest first; each stands in a bundle once."""
        wanted = [key for key, about in self.about.items() if consent_id in about and about <= self.chosen]
        yield from self._proofs(wanted)

    def apart_from_records(self, *, has_voice: bool, has_others: bool) -> Iterator[bytes]:
        """Receipts of what she asked for apart from a decision, oldest first."""
        rows = own_slips(self.patient).exclude(pk__in=list(self.about)).values_list("pk", "kind")
        wanted = [key for key, kind in rows if (has_voice if kind in VOICE_KINDS else has_others)]
        yield from self._proofs(wanted)

    def _proofs(self, wanted: list[uuid.UUID]) -> Iterator[bytes]:
        ordered = own_slips(self.patient).filter(pk__in=wanted).reverse().values_list("pk", flat=True)
        for entry_id in list(ordered):
            if entry_id not in self.given:
                self.given.add(entry_id)
                proof = self._proof(LedgerEntry.objects.select_related("ledger__site", "leaf").get(pk=entry_id))
                if proof is not None:
                    yield proof

    def _proof(self, entry: LedgerEntry) -> bytes | None:
        try:
            proof = proof_of(entry, is_cosigned=True) if can_hold_entry(entry) else None
        except RefusalError:
            return None  # a damaged ledger is found by its own checks; she gets everything else
        if proof is None:
            return None
        openings = [one for one in openings_of(entry) if self._may_show(one)]
        body, note = bytes(entry.body), cosigned_note(proof.head)
        return format_receipt(body=body, openings=openings, index=proof.index, path=proof.path, note=note).encode()

    def _may_show(self, opening: Opening) -> bool:
        """Whether a row is about a decision in the bundle, or about none."""
        named = opening.opened.get("consent", opening.key if opening.model == model_label(Consent) else None)
        return named is None or uuid.UUID(str(named)) in self.chosen


def _keys(rows: QuerySet[LedgerBinding]) -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    for entry_id, key in rows.values_list("entry_id", "key"):
        yield entry_id, uuid.UUID(hex=key)
