"""PostgreSQL's one statement for an entry: the place it finds, the bytes it makes, and a session that is lost."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from clinic.actions.acting import one_act
from consent.exceptions import LedgerError, StreamTakenError
from consent.ledger.draft import Draft
from consent.ledger.encoding import parse_entry
from consent.ledger_store import by_hand
from consent.ledger_store.places import place_in_stream
from consent.models import LedgerBinding, LedgerCheckpoint, LedgerEntry, LedgerWaiting
from consent.queries.ledger import verify
from tests.factories import House
from tests.integration.ledger.pen import SUBJECT, hold_entry, saved_hold
from tests.story_ledger import cosign

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL only"),
]


def forget_the_statement() -> None:
    """What a pooler does that hands out another session."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")


@pytest.fixture(autouse=True)
def sessions(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is prepared yet, and afterwards neither."""
    monkeypatch.setattr(by_hand.Sessions, "are_kept", True)
    forget_the_statement()
    by_hand._prepared.clear()
    yield
    forget_the_statement()
    by_hand._prepared.clear()


@pytest.mark.parametrize("are_kept", [True, False])
def test_it_stands_where_the_place_is(house: House, monkeypatch: pytest.MonkeyPatch, are_kept: bool) -> None:
    monkeypatch.setattr(by_hand.Sessions, "are_kept", are_kept)
    for number in range(3):
        wanted = place_in_stream(site=house.site, subject=SUBJECT)
        row = LedgerEntry.objects.get(pk=hold_entry(house, *[saved_hold(house)][:number]).pk)
        said = parse_entry(bytes(row.body))
        assert (row.ledger_id, said.log, said.sseq, said.sprev, said.seen) == (
            wanted.ledger_id, wanted.origin, wanted.sseq, wanted.sprev, wanted.seen,
        )  # fmt: skip
        assert LedgerBinding.objects.filter(entry=row).count() == min(number, 1)
        head = LedgerCheckpoint.objects.latest("size")
        cosign(head, at=head.made_at)
    assert said.seen is not None
    assert {finding.what for finding in verify().findings} <= {"row-unnamed"}


def test_other_bytes_than_ours_are_refused(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    before = LedgerEntry.objects.count()
    monkeypatch.setattr(Draft, "filled", lambda *_args, **_place: b"other bytes")
    with pytest.raises(LedgerError) as refusal:
        hold_entry(house)
    assert "other bytes" in str(refusal.value.__cause__)
    assert (LedgerEntry.objects.count(), LedgerWaiting.objects.count()) == (before, 0)


def test_a_session_that_was_lost_takes_the_act_back_and_it_is_tried_again(house: House) -> None:
    hold_entry(house)
    forget_the_statement()
    with pytest.raises(StreamTakenError):
        hold_entry(house)
    assert not by_hand.Sessions.are_kept
    assert hold_entry(house).sseq == 2


def test_a_session_that_has_the_statement_already_is_not_trusted(house: House) -> None:
    hold_entry(house)
    by_hand._prepared.clear()
    tries: list[Any] = []

    @one_act
    def act() -> Any:
        tries.append(1)
        with transaction.atomic():
            return hold_entry(house)

    assert act().sseq == 2
    assert len(tries) == 2


def test_other_faults_are_not_taken_for_it() -> None:
    assert not by_hand.is_session_lost(ValueError())
