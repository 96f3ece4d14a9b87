"""The file of a slip: the whole proof of one entry, with the patient's own words laid open where she may show them.

The file holds the entry, so it tells what the slip does not. What staff wrote, what others said and what the gate found
missing stays closed in it: a file can be taken from her.
"""

import uuid

from consent.exceptions import KeyStoreError
from consent.keys.subject_keys import open_secret
from consent.ledger.commitments import commitment, row_salt
from consent.ledger.encoding import parse_entry
from consent.ledger.entry import BoundRow, Entry
from consent.ledger.openings import Opening, ShownValue
from consent.ledger.tlog_proof import ProofFile, format_receipt
from consent.models import LedgerEntry
from consent.models.digests import model_label, values_of_row
from consent.queries.cosigned_heads import cosigned_note
from consent.queries.ledger_rows import evidential_models
from consent.queries.receipts import Proof
from consent.vocabulary import EntryKind

# Their entries list what the gate found missing; an open hold may stand among it.
WITHOUT_ENTRY = frozenset({EntryKind.START_REFUSED, EntryKind.OFFER_REFUSED})

# Tables of her own acts, and the fields in which stands what she said or what it was about; of her record the digest,
# so that the file proves the record that lies beside it, and tells nothing to who does not have that.
OPENED = frozenset(
    {"consent", "shorterwaitrequest", "talkrequest", "removalrequest", "removalend", "frozenrecord", "paperscan"}
)
SHOWN = frozenset(
    {
        "procedure_code",
        "laterality",
        "body_site",
        "reading_aid",
        "purpose",
        "ended_words",
        "words",
        "device",
        "document_digest",
    }
)


def can_hold_entry(entry: LedgerEntry) -> bool:
    """Whether the file of an entry may hold the entry itself."""
    return entry.kind not in WITHOUT_ENTRY


def proof_file(proof: Proof, *, with_entry: bool) -> str:
    """The `.tlog-proof` file of an entry.

    **Takes** whether the entry itself stands in it; without it, the file proves only together with the slip.
    """
    note = cosigned_note(proof.head)
    if not (with_entry and can_hold_entry(proof.entry)):
        return ProofFile(extra=None, index=proof.index, path=proof.path, note=note).to_text()
    body = bytes(proof.entry.body)
    openings = openings_of(proof.entry)
    return format_receipt(body=body, openings=openings, index=proof.index, path=proof.path, note=note)


def openings_of(row: LedgerEntry) -> tuple[Opening, ...]:
    """The patient's own rows of an entry, as they were then; none once her key was destroyed or cannot be used."""
    secret = _secret(row)
    if secret is None:
        return ()
    entry = parse_entry(bytes(row.body))
    found = (_opening(bound, secret) for bound in _own(entry))
    return tuple(opening for opening in found if opening is not None)


def _secret(row: LedgerEntry) -> bytes | None:
    try:
        return open_secret(owner=row.subject or row.ledger_id, entry_id=row.pk, sealed=bytes(row.sealed_salt))
    except KeyStoreError:
        return None  # the proof itself needs no key


def _own(entry: Entry) -> list[BoundRow]:
    rows = (*entry.objects, *entry.history)
    return [row for row in rows if row.model.rpartition(".")[2].removeprefix("historical") in OPENED]


def _opening(bound: BoundRow, secret: bytes) -> Opening | None:
    """One row laid open; None when it is not as it was when the entry was made (its history row still is)."""
    model = evidential_models()[bound.model][0]
    row = model._base_manager.filter(pk=uuid.UUID(hex=bound.key)).first()
    if row is None:
        return None
    opened, hidden = values_of_row(row)
    salt = row_salt(secret=secret, model=model_label(model), key=bound.key)
    veiled = {
        name: ShownValue.of(row_salt=salt, field=name, value=value)
        if name in SHOWN
        else commitment(row_salt=salt, field=name, value=value)
        for name, value in hidden.items()
    }
    opening = Opening(model=bound.model, key=bound.key, opened=opened, veiled=veiled)
    return opening if opening.digest() == bound.digest else None
