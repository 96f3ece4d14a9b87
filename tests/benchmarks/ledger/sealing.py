"""What happens after a save: the sequencer's process, and the writer that waits for its proof."""

import time
import uuid
from multiprocessing.connection import Connection
from typing import Any

from consent.ledger_store.seal import seal_all
from consent.models import Ledger, LedgerEntry, LedgerWaiting
from consent.queries.receipts import proof_of

SEQUENCER_PAUSE = 0.05  # how often the sequencer looks for waiting entries, in seconds
PROOF_PAUSE = 0.005


def sequence(pipe: Connection, clinic: dict[str, Any]) -> float:
    """Seals what waits, again and again, until told to finish; gives the instant when nothing waited any more."""
    ledger_id = _ledger_id(clinic)
    pipe.send((True, "ready"))
    while not pipe.poll(SEQUENCER_PAUSE):
        seal_all(ledger_id)
    pipe.recv()
    _seal_the_rest(ledger_id)
    return time.perf_counter()


def drain(_pipe: Connection, clinic: dict[str, Any]) -> None:
    _seal_the_rest(_ledger_id(clinic))


def wait_for_proof(entry: LedgerEntry) -> Any:
    """The finished receipt of an entry: sealed by this writer or by another who was quicker."""
    while (proof := proof_of(entry)) is None:
        if seal_all(entry.ledger_id) is None:
            time.sleep(PROOF_PAUSE)
    return proof.slip()


def _seal_the_rest(ledger_id: uuid.UUID) -> None:
    while seal_all(ledger_id) is not None or LedgerWaiting.objects.exists():
        continue


def _ledger_id(clinic: dict[str, Any]) -> uuid.UUID:
    newest = Ledger.objects.filter(site=clinic["site"]).order_by("-incarnation")
    return uuid.UUID(str(newest.values_list("pk", flat=True)[0]))
