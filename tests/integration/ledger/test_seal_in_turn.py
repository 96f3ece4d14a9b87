"""Who seals, and when: a writer stands in line behind its commit; on SQLite sealing is the last step of the act."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from clinic.actions.acting import as_last_step, one_act
from clinic.exceptions import TryAgainError
from consent import high_water
from consent.exceptions import KeyStoreError
from consent.ledger_store import seal
from consent.models import LedgerEntry, LedgerWaiting
from consent.queries.ledger import verify
from tests.factories import House
from tests.integration.ledger.pen import hold_entry

is_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite only")


def index_of(row: LedgerEntry) -> int | None:
    return LedgerEntry.objects.get(pk=row.pk).index


def recorded(house: House, before: Callable[[], None] = lambda: None) -> LedgerEntry:
    """An entry written by an act."""

    @one_act
    def act() -> LedgerEntry:
        before()
        return hold_entry(house)

    return act()


def test_whoever_was_sealed_meanwhile_leaves_the_others_to_their_writers(house: House) -> None:
    row = hold_entry(house)
    other = hold_entry(house, is_urgent=False)
    seal.seal_in_turn(row.ledger_id, row.pk)
    assert index_of(other) is None
    seal.seal_in_turn(other.ledger_id, other.pk)
    assert index_of(other) == (index_of(row) or 0) + 1


def test_a_writer_in_line_seals_for_all(house: House) -> None:
    first, second, third = (hold_entry(house, is_urgent=False) for _ in range(3))
    seal.seal_in_turn(second.ledger_id, second.pk)
    assert None not in {index_of(first), index_of(second), index_of(third)}
    assert verify().count == 0


def test_on_sqlite_the_act_and_its_seal_are_one_commit(house: House) -> None:
    found: list[int | None] = []

    def look_right_behind_the_commit() -> None:
        transaction.on_commit(lambda: found.append(LedgerEntry.objects.latest("recorded_at", "sseq").index))

    row = recorded(house, look_right_behind_the_commit)
    assert index_of(row) is not None
    assert found == [index_of(row) if connection.vendor == "sqlite" else None]


@pytest.mark.parametrize("error", [DatabaseError("disk full"), KeyStoreError("no key")])
def test_an_act_is_kept_when_its_sealing_fails(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(seal, "write_checkpoint", fails)
        row = recorded(house)
    assert "wait to be sealed" in caplog.text
    assert LedgerWaiting.objects.filter(entry=row).exists()
    assert verify().count == 0
    later = recorded(house)
    assert index_of(later) == (index_of(row) or 0) + 1


def test_an_act_is_kept_when_its_head_cannot_be_noted(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_args: object) -> None:
        raise KeyStoreError("read-only")

    monkeypatch.setattr(high_water, "keep_head", fails)
    row = recorded(house)
    assert index_of(row) is not None
    assert "could not be kept" in caplog.text


@is_sqlite
def test_an_act_that_is_taken_back_with_its_seal_is_done_again_without(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some failures of the disk take back the whole transaction, whatever savepoint stands before them."""
    times: list[str] = []
    real: Any = seal.seal_in_turn

    def takes_all_back_at_first(*args: Any) -> None:
        times.append("sealing")
        if times.count("sealing") > 1:
            return real(*args)
        connection.needs_rollback = True
        raise DatabaseError("disk I/O error")

    monkeypatch.setattr(seal, "seal_in_turn", takes_all_back_at_first)
    before = LedgerEntry.objects.count()
    row = recorded(house, lambda: times.append("act"))
    assert times[:3] == ["act", "sealing", "act"]
    assert LedgerEntry.objects.count() == before + 1
    assert LedgerEntry.objects.filter(pk=row.pk).exists()


def test_a_last_step_belongs_to_the_first_try_alone(db: None) -> None:
    done: list[object] = []

    @one_act
    def act() -> None:
        done.append(as_last_step(lambda: done.append("step")))
        if len(done) < 3:
            raise TryAgainError

    act()
    assert done == [True, False, False]
    assert not as_last_step(done.clear), "there is no act"
