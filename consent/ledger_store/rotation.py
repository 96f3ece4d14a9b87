"""A new key for a log: one entry says so, and the head after it is signed by the old key and by the new one."""

from functools import partial

from django.db import transaction

from clinic import clock
from consent import high_water
from consent.keys.log_keys import make_next_signer, signer_for, take_over
from consent.ledger.entry import DetailValue
from consent.ledger.notes import ed25519_verifier
from consent.ledger_store.heads import keep_checkpoint, last_head, publish_keys
from consent.ledger_store.system import write_system_entry
from consent.ledger_store.tiles import write_tiles
from consent.models import Ledger, LedgerCheckpoint, LedgerLeaf, LedgerLease
from consent.vocabulary import EntryKind


def rotate(ledger: Ledger) -> LedgerCheckpoint:
    """Let a new key take over from the next head on; the old one is wiped once that is on disk.

    **Raises** KeyStoreError when the old key cannot be used: then freeze the log instead.
    **Writes** entry key.rotated with its leaf and tiles, LedgerKey, LedgerCheckpoint signed by both.
    """
    old, new = signer_for(ledger.pk), make_next_signer(ledger.pk)
    with transaction.atomic():
        LedgerLease.objects.select_for_update().get_or_create(ledger=ledger)
        head, at = last_head(ledger), clock.now().replace(microsecond=0)
        size = head.frontier.size + 1
        ids = [ed25519_verifier(ledger.origin, signer.ed25519).key_id.hex() for signer in (old, new)]
        detail: dict[str, DetailValue] = {"from_size": size, "old": ids[0], "new": ids[1]}
        entry = write_system_entry(ledger, EntryKind.KEY_ROTATED, detail=detail)
        place = LedgerLeaf(id=entry.pk, ledger=ledger, index=size - 1, entry_id=entry.pk, leaf_hash=entry.leaf_hash)
        place.save(force_insert=True)
        leaf = bytes.fromhex(entry.leaf_hash)
        write_tiles(ledger, first=size - 1, hashes=[leaf])
        publish_keys(ledger, new, from_size=size, at=at)
        checkpoint = keep_checkpoint(ledger, head.frontier.append(leaf), last=entry.pk, at=at, signers=[old, new])
        transaction.on_commit(partial(high_water.keep_head, ledger.pk, checkpoint.note))
        transaction.on_commit(partial(take_over, ledger.pk))
    return checkpoint
