"""The sealer: each entry gets one place, what cannot be right is set aside by name, a failure leaves it waiting."""

import dataclasses
import datetime
import uuid
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, connection, transaction

from consent import high_water
from consent.exceptions import KeyStoreError
from consent.keys.log_keys import log_key_path
from consent.ledger.checkpoints import verify_checkpoint
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.notes import VerifierKey
from consent.ledger.policy import LogKey, Policy
from consent.ledger.tree import Frontier, leaf_hash
from consent.ledger_store import batch, seal
from consent.models import (
    LedgerCheckpoint,
    LedgerEntry,
    LedgerKey,
    LedgerLeaf,
    LedgerLease,
    LedgerTile,
    LedgerWaiting,
)
from consent.queries.ledger import verify
from consent.vocabulary import EntryKind
from tests.clock import MovableClock
from tests.factories import House
from tests.integration.ledger.pen import SUBJECT, hold_entry
from tests.integration.ledger.world import drop_fence, write_raw


def raw(row: Any) -> Any:
    return row.pk if connection.vendor == "postgresql" else row.pk.hex


def written(house: House, **changes: Any) -> LedgerEntry:
    """An entry that waits."""
    return hold_entry(house, is_urgent=False, **changes)


def sealed(house: House) -> seal.Sealed | None:
    return seal.seal_all(house.site.ledgers.get().pk)


def last_head(house: House) -> LedgerCheckpoint:
    return LedgerCheckpoint.objects.filter(ledger__site=house.site).latest("size")


def kinds_from(house: House, start: int) -> list[str]:
    rows = LedgerEntry.objects.filter(ledger__site=house.site, leaf__index__gte=start)
    return list(rows.order_by("leaf__index").values_list("kind", flat=True))


def test_places_are_dense_and_the_root_is_over_all_entries(house: House) -> None:
    for number in range(5):
        hold_entry(house, subject=uuid.UUID(int=number % 2))
    rows = list(LedgerEntry.objects.order_by("leaf__index"))
    assert [row.index for row in rows] == list(range(len(rows)))
    frontier = Frontier()
    heads = {head.size: head for head in LedgerCheckpoint.objects.all()}
    for row in rows:
        frontier = frontier.append(leaf_hash(bytes(row.body)))
        if (head := heads.pop(frontier.size, None)) is not None:
            assert (head.pk, head.root_hash, head.frontier) == (row.pk, frontier.root().hex(), frontier.to_hex())
    assert heads == {}
    assert last_head(house).size == len(rows)
    assert not LedgerWaiting.objects.exists()


def test_the_head_verifies_with_the_published_keys_alone(house: House) -> None:
    keys = [LogKey(VerifierKey.from_text(row.vkey)) for row in LedgerKey.objects.all()]
    assert len(keys) == 2
    head = last_head(house)
    found = verify_checkpoint(head.note, Policy(tuple(keys), (), (), "none"))
    assert (found.checkpoint.size, found.checkpoint.root.hex()) == (head.size, head.root_hash)


def test_one_batch_one_head_in_the_order_of_arrival(house: House) -> None:
    before = last_head(house).size
    rows = [written(house, subject=uuid.UUID(int=number % 3)) for number in range(7)]
    assert [row.index for row in rows] == [None] * 7
    done = sealed(house)
    assert done is not None
    assert (done.entries, done.size) == (7, before + 7)
    found = LedgerLeaf.objects.filter(index__gte=before).order_by("index").values_list("entry", flat=True)
    assert list(found) == [row.pk for row in rows]
    assert LedgerCheckpoint.objects.filter(size__gt=before).count() == 1
    assert sealed(house) is None
    assert verify().count == 0


@pytest.mark.parametrize(("who", "is_sealed"), [("writer", True), ("service", False)])
def test_who_seals_is_a_setting(house: House, settings: LazySettings, who: str, is_sealed: bool) -> None:
    settings.LEDGER_SEALING = who
    row = hold_entry(house)
    assert (LedgerEntry.objects.get(pk=row.pk).index is not None) is is_sealed
    assert verify().count == 0, "an entry that waits is no finding"


def test_the_next_act_seals_what_waits(house: House) -> None:
    look = written(house)
    hold_entry(house)
    assert LedgerEntry.objects.get(pk=look.pk).index is not None


def test_a_batch_is_never_larger_than_it_may_be(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "LARGEST_BATCH", 2)
    before = last_head(house).size
    for _ in range(5):
        written(house)
    sealed(house)
    heads = LedgerCheckpoint.objects.filter(size__gt=before).order_by("size").values_list("size", flat=True)
    assert list(heads) == [before + 2, before + 4, before + 5]
    assert verify().count == 0


def test_an_entry_waits_for_the_one_before_it(house: House) -> None:
    """On PostgreSQL a later number of one patient's stream may come into sight first; here its queue is turned."""
    first, second = written(house), written(house)
    LedgerWaiting.objects.filter(entry=first).delete()
    before = last_head(house).size
    LedgerWaiting.objects.create(number=10**6, entry=first)
    sealed(house)
    found = list(LedgerLeaf.objects.filter(index__gte=before).order_by("index").values_list("entry", flat=True))
    assert found == [first.pk, second.pk]
    assert verify().count == 0


def forged(house: House, **columns: Any) -> LedgerEntry:
    """An entry that waits and was changed before it was sealed."""
    row = written(house)
    drop_fence(LedgerEntry)
    for column, value in columns.items():
        write_raw(LedgerEntry, column, raw(row), value(row) if callable(value) else value)
    return row


def in_another_log(row: LedgerEntry) -> bytes:
    return bytes(row.body).replace(row.ledger.origin.encode(), b"freely-given/" + b"0" * 32)


def leaf_in_another_log(row: LedgerEntry) -> str:
    return leaf_hash(in_another_log(row)).hex()


def unlinked(row: LedgerEntry) -> bytes:
    return encode_entry(dataclasses.replace(parse_entry(bytes(row.body)), sprev="0" * 64))


FORGERIES = {
    "leaf-hash": {"leaf_hash": "0" * 64},
    "not-canonical": {"body": b"{ }", "leaf_hash": leaf_hash(b"{ }").hex()},
    "foreign-log": {"body": in_another_log, "leaf_hash": leaf_in_another_log},
    "columns": {"kind": EntryKind.HOLD_LIFTED.value},
    "stream-link": {"body": unlinked, "leaf_hash": lambda row: leaf_hash(unlinked(row)).hex()},
}


@pytest.mark.parametrize("reason", FORGERIES)
def test_what_cannot_be_right_is_set_aside_by_name_and_holds_up_nobody(house: House, reason: str) -> None:
    hold_entry(house)
    size = last_head(house).size
    bad = forged(house, **FORGERIES[reason])
    other = written(house, subject=uuid.UUID(int=77))
    sealed(house)
    assert kinds_from(house, size) == [EntryKind.ENTRY_QUARANTINED, EntryKind.HOLD_RAISED]
    assert LedgerEntry.objects.get(pk=other.pk).index == size + 1
    (aside,) = LedgerEntry.objects.filter(kind=EntryKind.ENTRY_QUARANTINED)
    detail = parse_entry(bytes(aside.body)).detail
    assert detail is not None
    assert (detail["entry"], detail["reason"]) == (bad.pk.hex, reason)
    assert not LedgerLeaf.objects.filter(entry=bad).exists()
    assert not LedgerWaiting.objects.exists()


def test_the_stream_goes_on_after_an_entry_that_was_set_aside(house: House) -> None:
    forged(house, kind=EntryKind.HOLD_LIFTED.value)
    after = hold_entry(house)
    assert LedgerEntry.objects.get(pk=after.pk).index is not None


@pytest.mark.parametrize(("seconds", "is_noted"), [(5, False), (5.001, True), (6, True), (86_400, True)])
def test_a_clock_that_went_back_is_put_on_record(
    house: House, movable_clock: MovableClock, seconds: float, is_noted: bool
) -> None:
    hold_entry(house)
    head = last_head(house)
    movable_clock.at = head.made_at - datetime.timedelta(seconds=seconds)
    start = head.size
    hold_entry(house)
    expected = [EntryKind.CLOCK_ANOMALY, EntryKind.HOLD_RAISED] if is_noted else [EntryKind.HOLD_RAISED]
    assert kinds_from(house, start) == expected
    assert verify().count == 0


def test_order_is_the_place_whatever_the_clock_does(house: House, movable_clock: MovableClock) -> None:
    """Back an hour, forward a day, back to last year, or standing still: the order is the one in which they came."""
    start, rows = last_head(house).size, []
    for shift in (-3_600, 86_400, -31_536_000, 0, 60):
        movable_clock.forward(seconds=shift)
        rows += [hold_entry(house), hold_entry(house, subject=uuid.UUID(int=8))]
    found = LedgerLeaf.objects.filter(index__gte=start, entry__subject__isnull=False).order_by("index")
    assert list(found.values_list("entry", flat=True)) == [row.pk for row in rows]
    anomalies = LedgerEntry.objects.filter(kind=EntryKind.CLOCK_ANOMALY).order_by("leaf__index")
    assert next(parse_entry(bytes(row.body)).detail for row in anomalies) == {"seconds_back": 3_599}
    assert anomalies.count() == 2
    assert verify().count == 0


def test_what_waited_long_is_sealed_with_the_reason_in_front(house: House, movable_clock: MovableClock) -> None:
    start = last_head(house).size
    written(house)
    movable_clock.forward(minutes=11)
    written(house)
    sealed(house)
    assert kinds_from(house, start) == [EntryKind.LOG_DELAYED, EntryKind.HOLD_RAISED, EntryKind.HOLD_RAISED]
    entry = LedgerEntry.objects.get(kind=EntryKind.LOG_DELAYED)
    assert parse_entry(bytes(entry.body)).detail == {"reason": "waited", "seconds": 660, "entries": 2}
    assert verify().count == 0


def test_full_tiles_are_kept_and_say_what_the_leaves_say(house: House) -> None:
    start = last_head(house).size
    for number in range(260 - start):
        written(house, subject=uuid.UUID(int=number % 7))
    sealed(house)
    (tile,) = LedgerTile.objects.all()
    leaves = LedgerLeaf.objects.filter(index__lt=256).order_by("index").values_list("leaf_hash", flat=True)
    assert (tile.level, tile.number, bytes(tile.hashes).hex()) == (0, 0, "".join(leaves))
    assert verify().count == 0


@pytest.mark.parametrize("step", ["write_tiles", "write_checkpoint", "_leave_the_queue"])
def test_a_sealer_that_fails_halfway_leaves_the_act_and_the_queue(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    def disk_is_full(*_args: object, **_kwargs: object) -> None:
        raise DatabaseError("disk full")

    before = last_head(house)
    with monkeypatch.context() as full:
        full.setattr(seal, step, disk_is_full)
        row = hold_entry(house)
    assert "wait to be sealed" in caplog.text
    assert last_head(house) == before
    assert LedgerWaiting.objects.filter(entry=row).exists()
    assert verify().count == 0
    hold_entry(house)
    assert LedgerEntry.objects.get(pk=row.pk).index == before.size
    assert verify().count == 0


def test_nothing_is_sealed_behind_a_damaged_head(house: House) -> None:
    head = last_head(house)
    drop_fence(LedgerCheckpoint)
    write_raw(LedgerCheckpoint, "frontier", raw(head), "[]")
    row = hold_entry(house)
    assert LedgerEntry.objects.get(pk=row.pk).index is None
    with pytest.raises(KeyStoreError, match="damaged"):
        sealed(house)


def test_a_log_key_that_is_missing_is_never_made_anew(house: House) -> None:
    path = log_key_path(house.site.ledgers.get().pk)
    content = path.read_bytes()
    path.unlink()
    try:
        row = hold_entry(house)
        assert LedgerEntry.objects.get(pk=row.pk).index is None
        with pytest.raises(KeyStoreError, match="missing"):
            sealed(house)
        assert not path.exists()
    finally:
        path.write_bytes(content)
        path.chmod(0o600)
    assert sealed(house) is not None


def test_the_high_water_mark_is_kept_after_the_commit_only(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[str] = []
    monkeypatch.setattr(high_water, "keep_head", lambda _ledger, note: kept.append(note))
    with pytest.raises(RuntimeError), transaction.atomic():
        hold_entry(house)
        raise RuntimeError
    assert kept == []
    hold_entry(house)
    assert kept == [last_head(house).note]


def test_the_lease_is_one_row_for_each_log(house: House) -> None:
    House()
    hold_entry(house, subject=SUBJECT)
    assert LedgerLease.objects.count() == 2
