"""The ledger's own readers and the stand-alone verifier share no line of code, and say the same of the same bytes."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.checkpoints import read_checkpoint, sign_checkpoint
from consent.ledger.notes import parse_note
from consent.ledger.openings import Opening, ShownValue
from consent.ledger.policy import parse_policy
from consent.ledger.promises import Promise, sign_promise, verify_promise
from consent.ledger.refusals import RefusalError, UnreadableError
from consent.ledger.slip_text import parse_slip, promise_slip_of, slip_of, verify_promise_slip, verify_slip
from consent.ledger.tlog_proof import format_receipt, verify_receipt
from tests.unit.verifier.golden import FOLDER
from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    LOG_PQ,
    NINE,
    ORIGIN,
    SOCIETY,
    Log,
    opened_row,
    path_to,
    policy,
    sha,
    verifier,
)
from tests.unit.verifier.test_any_bytes import EDIT, edited

ROW, OPENING = opened_row()
KNOWN = policy(CLINIC, SOCIETY, quorum="w1")


def log_of(size: int = 9) -> Log:
    log = Log()
    for number in range(size):
        log.add(who=("ann", "bea")[number % 2], object=[ROW])
    log.seal(CLINIC, SOCIETY, at=NINE + 900, signers=(LOG, LOG_PQ))
    return log


LEDGER = log_of()
RECEIPT = LEDGER.receipt(4, [OPENING]).encode()


def ours(data: bytes, text: str) -> int:
    """What the stand-alone verifier says of a receipt, as an exit code."""
    verify = verifier()
    try:
        known = verify.policy_from(text.encode())
        receipt, report = verify.receipt_from(data, known), verify.Report()
    except verify.UnreadableError:
        return 2
    except verify.ContradictionError:
        return 1
    verify.anchor(report, receipt.checkpoint, known)
    verify.check_quorum(report, receipt.checkpoint, known)
    return report.code


def theirs(data: bytes, text: str) -> int:
    """What the ledger's own reader says of it."""
    try:
        verify_receipt(data, parse_policy(text))
    except UnreadableError:
        return 2
    except RefusalError:
        return 1
    return 0


def test_both_accept_what_the_ledger_writes():
    opening = Opening(
        model=OPENING["model"],
        key=OPENING["key"],
        opened=OPENING["open"],
        veiled={
            **OPENING["veiled"],
            "reason": ShownValue.of(row_salt=sha(b"salt"), field="reason", value=OPENING["veiled"]["reason"]["value"]),
        },
    )
    written = format_receipt(
        body=LEDGER.bodies[4], openings=[opening], index=4, path=path_to(4, LEDGER.leaves), note=LEDGER.notes[-1]
    )
    assert written.encode() == RECEIPT
    for text in (KNOWN, policy(), policy(logs=[LOG]), policy(logs=[LOG_PQ])):
        assert (ours(RECEIPT, text), theirs(RECEIPT, text)) == (0, 0)
    assert ours(RECEIPT, policy(logs=[])) == theirs(RECEIPT, policy(logs=[])) == 1


def test_both_sign_the_same_checkpoint():
    note = sign_checkpoint(
        origin=ORIGIN, size=9, root=LEDGER.root(), ed25519=LOG.private, mldsa=LOG_PQ.private, at_seconds=NINE
    )
    verify = verifier()
    checkpoint = verify.checkpoint_from(note.encode(), verify.policy_from(policy().encode()), "it")
    assert checkpoint.signed_with == ("Ed25519", "ML-DSA-44")
    assert checkpoint.sealed_at == NINE


@given(edits=st.lists(EDIT, min_size=1, max_size=3))
def test_both_say_the_same_of_an_edited_receipt(edits):
    data = edited(RECEIPT, edits)
    assert (ours(data, KNOWN) == 0) == (theirs(data, KNOWN) == 0)


def test_both_say_the_same_of_flipped_bits():
    """Every seventh, so that all places and all eight bits have their turn. What is unreadable and what is unproven
    agree as well, but for a size of zero, which is unreadable here."""
    small = Log()
    small.add(object=[ROW])
    small.add(object=[ROW])
    small.seal(CLINIC)
    data, text, differ = small.receipt(1, [OPENING]).encode(), policy(CLINIC, quorum="w1"), []
    for place in range(0, 8 * len(data), 7):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        verdicts = ours(bytes(flipped), text), theirs(bytes(flipped), text)
        assert 0 not in verdicts
        if verdicts[0] != verdicts[1] and b"\n0\n" not in flipped:
            differ.append((place, verdicts, bytes(flipped[place // 8 - 20 : place // 8 + 20])))
    assert differ == []


def test_slips_and_promises_the_ledger_writes_are_read(run):
    note, checkpoint = read_checkpoint(LEDGER.notes[-1])
    slip = slip_of(checkpoint=checkpoint, note=note, index=4, leaf=LEDGER.leaves[4], key_id=LOG.key_id).to_text()
    assert slip == LEDGER.slip(4)
    assert run("slip", slip, policy=policy())[0] == 0
    promised = Promise(ORIGIN, LEDGER.leaves[4], datetime.datetime.fromtimestamp(NINE, datetime.UTC))
    signed = sign_promise(promised, LOG.private)
    assert run("promise", signed, policy=policy())[0] == 0
    typed = promise_slip_of(promise=promised, note=parse_note(signed)).to_text()
    assert run("promise", typed, policy=policy())[0] == 0


@pytest.mark.parametrize("name", ["receipt.tlog-proof", "slip.txt", "promise.txt", "promise-slip.txt"])
def test_the_ledger_reads_the_golden_files(name):
    known, text = parse_policy(FOLDER.joinpath("policy.txt").read_bytes()), FOLDER.joinpath(name).read_text("utf-8")
    if name.startswith("receipt"):
        assert verify_receipt(text, known).file.index == 40
    elif name == "slip.txt":
        assert verify_slip(parse_slip(text), known).size == 60
    elif name == "promise.txt":
        assert verify_promise(text, known).origin == ORIGIN
    else:
        assert verify_promise_slip(parse_slip(text), known).origin == ORIGIN
