"""Two submissions at once: one wins, and what was signed is never rolled back."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from consent.actions import cosign_checkpoint as cosigning
from consent.actions.cosign_checkpoint import WitnessAnswer, cosign_checkpoint
from consent.keys.witness_key import witness_signer
from consent.ledger.policy import Policy
from consent.ledger.witnessing import Refusal
from consent.models import WitnessedLog
from tests.other_logs import OtherLog

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def swept_by_hand() -> Iterator[None]:
    """Guarded tables cannot be emptied, so that Django's own sweeping after a test would fail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: None)
        yield


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[OtherLog]:
    """A log that other threads can see witnessed; both look before either has written, unless one must wait."""
    other, met, asked = OtherLog().grow(12), threading.Barrier(2), cosigning.reason_against

    def look_together(*args: Any, **kwargs: Any) -> Refusal | None:
        found = asked(*args, **kwargs)
        with contextlib.suppress(threading.BrokenBarrierError):  # the other one had to wait for us, as it should
            met.wait(timeout=1)
        return found

    monkeypatch.setattr(cosigning, "reason_against", look_together)
    monkeypatch.setattr(cosigning, "witnessed_logs", lambda: Policy(other.keys(), (), (), "none"))
    monkeypatch.setattr(cosigning, "keep_unless_kept", lambda **_statement: True)  # rows that nobody can take away
    witness_signer()
    yield other
    WitnessedLog.objects.filter(pk=other.origin).delete()


def both(*submissions: bytes) -> list[WitnessAnswer]:
    answers: list[WitnessAnswer] = []

    def run(data: bytes) -> None:
        try:
            answers.append(cosign_checkpoint(submission=data))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(data,)) for data in submissions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(submissions), "a thread ended with something unforeseen"
    return answers


@pytest.mark.parametrize("begun", [False, True])
def test_of_two_at_once_one_wins(log: OtherLog, begun: bool) -> None:
    old = 3 if begun else 0
    if begun:
        assert cosign_checkpoint(submission=log.submission(0, 3)).refusal is None
    answers = both(log.submission(old, 5), log.submission(old, 9))
    won, lost = sorted(answers, key=lambda answer: answer.refusal is not None)
    assert (won.refusal, lost.refusal) == (None, Refusal.OTHER_SIZE)
    assert WitnessedLog.objects.get(pk=log.origin).size == won.held_size == lost.held_size


def test_one_submission_sent_twice_at_once_is_signed_once_or_twice_and_never_undone(log: OtherLog) -> None:
    answers = both(log.submission(0, 5), log.submission(0, 5))
    assert sorted(answer.held_size for answer in answers) == [5, 5]
    assert WitnessedLog.objects.get(pk=log.origin).size == 5
