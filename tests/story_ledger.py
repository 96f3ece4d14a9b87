"""What befalls the log: somebody outside signs it, its clock errs, it is late, and statements of others come in."""

import datetime
import tempfile
from pathlib import Path

import pytest

from clinic import clock
from clinic.actions.log_record_view import log_record_view
from consent.actions.freeze_ledger import freeze_ledger
from consent.actions.publish_checkpoint import publish_checkpoint
from consent.actions.record_guard_manifest import record_guard_manifest
from consent.actions.rotate_key import rotate_key
from consent.ledger.checkpoints import read_checkpoint
from consent.ledger.cosignatures import ed25519_cosignature_line
from consent.ledger_store import seal
from consent.models import KnownCheckpoint, Ledger, LedgerCheckpoint, LedgerCosignature, LedgerStamp
from consent.queries.witness_lines import signed_name
from tests import log_world
from tests.factories import House, let_pass

SMALL_TILE = 16


def small_tiles(patch: pytest.MonkeyPatch) -> None:
    """Tiles that a story fills: nobody wants to read 256 entries each time a single column is damaged."""
    patch.setattr("consent.ledger_store.tiles.WIDTH", SMALL_TILE)
    patch.setattr("consent.queries.ledger_proof_rows.WIDTH", SMALL_TILE)


def cosign(head: LedgerCheckpoint, *, at: datetime.datetime) -> LedgerCosignature:
    """A witness has seen this head."""
    at = at.replace(microsecond=0)
    text = read_checkpoint(head.note)[0].text
    line = ed25519_cosignature_line(log_world.ALLY.name, log_world.WITNESS, text, int(at.timestamp()))
    row = LedgerCosignature(
        ledger_id=head.ledger_id,
        size=head.size,
        root_hash=head.root_hash,
        key_name=signed_name(log_world.ALLY),
        line=line,
        cosigned_at=at,
        received_at=at,
    )
    row.id = row.computed_id()
    row.save(force_insert=True)
    return row


def stamp(head: LedgerCheckpoint, *, at: datetime.datetime) -> None:
    """An authority has stamped this head."""
    row = LedgerStamp(
        ledger_id=head.ledger_id, size=head.size, authority="Test Authority", token=b"token", stamped_at=at
    )
    row.id = row.computed_id()
    row.save(force_insert=True)


def hear_of_another_log(*, at: datetime.datetime) -> None:
    """Somebody handed in a slip of another clinic."""
    note = log_world.checkpoint_note(7, b"\x07" * 32)
    row = KnownCheckpoint(
        origin=log_world.ORIGIN, size=7, root_hash="07" * 32, note=note, source="slip", received_at=at
    )
    row.id = row.computed_id()
    row.save(force_insert=True)


def tell_ledger(house: House) -> None:
    """Every table of proofs gets a row, the sealer says what it can about time, and the operator does all he can."""
    ledger = Ledger.objects.filter(site=house.site).latest("incarnation")
    head = LedgerCheckpoint.objects.filter(ledger=ledger).latest("size")
    cosign(head, at=clock.now())
    stamp(head, at=clock.now())
    hear_of_another_log(at=clock.now())
    let_pass(seconds=-30)
    house.proposed()
    let_pass(seconds=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seal, "seal_in_turn", lambda _ledger_id, _entry_id: None)  # nobody seals for an hour
        house.proposed()
    let_pass(hours=1)
    looked_at = house.proposed()
    log_record_view(patient_id=looked_at.patient_id, by=house.midwife.account, page="consent")
    record_guard_manifest(site_id=house.site.pk)
    with tempfile.TemporaryDirectory() as wall:
        publish_checkpoint(site_id=house.site.pk, folder=Path(wall), language="en")
    rotate_key(site_id=house.site.pk)
    house.proposed()
    freeze_ledger(site_id=house.site.pk)
    house.proposed()
