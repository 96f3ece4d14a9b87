"""Slips are typed by people, promises are kept or broken."""

import string

import pytest

from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    NINE,
    ORIGIN,
    Log,
    as_zip,
    b64,
    checked,
    consistency,
    policy,
    promise,
    promise_slip,
    signer,
    time,
)

ALPHABET = string.ascii_letters + string.digits + "+/= \n.-_:"


@pytest.fixture
def log() -> Log:
    log = Log()
    for number in range(9):
        log.add(who=("ann", "bea")[number % 2])
        log.seal(*((CLINIC,) if number == 8 else ()))
    return log


def test_a_slip_is_proven_and_says_that_it_has_no_witness(run, log):
    code, said = run("slip", log.slip(4, log.notes[6]), policy=policy())
    assert code == 0
    assert f"PROVEN: the log {ORIGIN} signed the tree of 7 entries on this slip." in said
    assert f"entry 4 has leaf {b64(log.leaves[4])}" in said
    assert said.splitlines()[-1].startswith("Never anchored")
    assert "Never anchored: a slip has no room" in run("slip", log.slip(4), policy=policy(CLINIC, quorum="w1"))[1]


def test_one_wrong_character_at_each_position_is_refused(verify, log):
    """Exhaustive over positions; at each, every character of the alphabet of slips."""
    slip, known = log.slip(4), verify.policy_from(policy().encode())
    verify.slip_from(slip.encode(), known)
    for place, right in enumerate(slip):
        for wrong in ALPHABET:
            if wrong != right:
                with pytest.raises(verify.UnreadableError):
                    verify.slip_from((slip[:place] + wrong + slip[place + 1 :]).encode(), known)


def test_a_character_more_or_less_at_each_position_is_refused(verify, log):
    slip, known = log.slip(4), verify.policy_from(policy().encode())
    for place in range(len(slip)):
        for wrong in (slip[:place] + slip[place + 1 :], slip[:place] + "7" + slip[place:], slip[:place]):
            with pytest.raises(verify.UnreadableError):
                verify.slip_from(wrong.encode(), known)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_typed_on_any_computer(verify, log, end):
    typed = (log.slip(4) + "\n").replace("\n", end)
    assert verify.slip_from(typed.encode(), verify.policy_from(policy().encode())).index == 4


def again(slip: str, line: int, text: str) -> str:
    """A slip with another line and the check that fits: what a forger prints, not what a typist mistypes."""
    lines = slip.split("\n")[:-1]
    lines[line] = text
    return checked(lines)


def test_a_forged_slip(run, log):
    slip = log.slip(4)
    for line, text, code, reason in [
        (0, "FG2", 2, "it begins with 'FG2'"),
        (1, "freely-given/other", 1, "The policy knows no log named freely-given/other"),
        (1, "Freely Given", 2, ""),
        (2, "4 8", 1, "does not belong to its text"),
        (2, "9 9", 2, "speaks of entry 9 in a tree of 9"),
        (2, "4  9", 2, "not index and size"),
        (2, "04 9", 2, "not index and size"),
        (3, "nonsense", 2, "the leaf on the slip"),
        (4, b64(b"\1" * 32), 1, "does not belong to its text"),
        (5, b64(b"\1" * 68), 1, "No key that the policy lists"),
        (5, b64(LOG.key_id + b"\1" * 64), 1, "does not belong to its text"),
        (5, b64(LOG.key_id + b"\1" * 63), 2, "has 67 bytes instead of 68"),
    ]:
        found, said = run("slip", again(slip, line, text), policy=policy())
        assert (found, reason in said) == (code, True), said
    assert run("slip", "FG1\n\xe9", policy=policy())[0] == 2


def test_slip_and_receipt_file_together_prove_the_entry(run, log):
    code, said = run("slip", log.slip(4), policy=policy(), proof=log.receipt(4))
    assert code == 0
    assert "Entry 4 with the leaf on the slip stands in the tree on the slip." in said
    assert "the receipt file would prove" in run("slip", log.slip(4), policy=policy())[1]
    code, said = run("slip", again(log.slip(4), 3, b64(log.leaves[5])), policy=policy(), proof=log.receipt(4))
    assert (code, "Slip and receipt name different leaves for entry 4." in said) == (1, True)
    assert run("slip", log.slip(4), policy=policy(), proof=log.receipt(5))[0] == 2


def test_a_receipt_file_without_the_entry_proves_something_with_its_slip_only(run, log):
    bare = "\n".join(line for line in log.receipt(4).split("\n") if not line.startswith("extra"))
    code, said = run("slip", log.slip(4), policy=policy(), proof=bare)
    assert (code, "Entry 4 with the leaf on the slip stands in the tree on the slip." in said) == (0, True)
    code, said = run("slip", again(log.slip(4), 3, b64(log.leaves[5])), policy=policy(), proof=bare)
    assert (code, "The proof does not lead from entry 4" in said) == (1, True)
    assert run("slip", again(log.slip(4), 2, "5 9"), policy=policy(), proof=bare)[0] == 2
    code, said = run("receipt", bare, policy=policy())
    assert (code, "only together with its slip" in said) == (2, True)


def test_a_slip_against_a_later_cosigned_checkpoint(run, log):
    slip, later, known = log.slip(4, log.notes[5]), log.notes[8], policy(CLINIC, quorum="w1")
    proof = "old 6\n" + "".join(b64(step) + "\n" for step in consistency(6, log.leaves))
    code, said = run("slip", slip, policy=known, checkpoint=later, proof=proof)
    assert code == 0
    assert "The tree of 6 entries is the beginning of the tree of 9." in said
    assert said.splitlines()[-1].startswith("Anchored: cosigned by w1")
    code, said = run("slip", slip, policy=known, checkpoint=later, proof=proof + "\n" + later)
    assert code == 0
    code, said = run("slip", slip, policy=known, checkpoint=later)
    assert (code, "nothing here joins them" in said) == (2, True)
    code, said = run("slip", slip, policy=known, checkpoint=later, proof=proof.replace("old 6", "old 5"))
    assert (code, "the proof is about other trees" in said) == (2, True)
    code, said = run("slip", slip, policy=known, checkpoint=later, proof=proof[:-45])
    assert (code, "does not show that the tree of 6" in said) == (1, True)
    assert later.strip() in said
    assert run("slip", slip, policy=known, proof=proof)[0] == 2


# ------------------------------------------------------------------------------------------------------------- promises


def test_promises_as_note_and_as_slip(run, log):
    signed = promise(log.leaves[3], time(NINE + 60))
    for thing in (signed, promise_slip(signed)):
        code, said = run("promise", thing, policy=policy())
        assert code == 0
        assert f"promised to seal this entry by {time(NINE + 60)}" in said
        assert said.splitlines()[-1].startswith("Never anchored")
    assert run("slip", promise_slip(signed), policy=policy())[0] == 0


def test_promises_by_a_key_of_their_own(run, log):
    own = signer(ORIGIN + "/promise", 1)
    text = f"freely-given/promise/v1\n{ORIGIN}\n{b64(log.leaves[3])}\n{time(NINE)}\n"
    signed = text + "\n" + own.line(own.private.sign(text.encode()))
    assert run("promise", signed, policy=policy(logs=[LOG, own]))[0] == 0
    code, said = run("promise", signed, policy=policy())
    assert (code, "No key that the policy lists" in said) == (1, True)


def test_a_promise_kept(run, log):
    signed = promise(log.leaves[3], time(NINE + 60))
    code, said = run("promise", signed, policy=policy(), receipt=log.receipt(3))
    assert (code, f"the promised entry stands in the ledger {ORIGIN} as entry 3." in said) == (0, True)
    code, said = run("promise", signed, policy=policy(), export=as_zip(log.export()))
    assert (code, "The promise is kept: the promised entry is entry 3." in said) == (0, True)


def test_a_promise_broken_is_evidence(run, log):
    signed = promise(b"\1" * 32, time(NINE + 60))
    code, said = run("promise", signed, policy=policy(), export=as_zip(log.export()))
    assert code == 1
    assert "the promise is broken" in said
    assert signed.strip() in said and log.notes[-1].strip() in said


def test_a_promise_whose_time_has_not_come(run, log):
    code, said = run("promise", promise(b"\1" * 32, time(NINE + 9999)), policy=policy(), export=as_zip(log.export()))
    assert (code, "ends before the deadline" in said) == (2, True)


def test_a_receipt_of_another_entry_does_not_keep_it(run, log):
    signed = promise(log.leaves[3], time(NINE + 60))
    code, said = run("promise", signed, policy=policy(), receipt=log.receipt(4))
    assert (code, signed.strip() in said) == (1, True)


def test_every_character_of_a_promise_changed_is_refused(verify, log):
    signed, known = promise(log.leaves[3], time(NINE + 60)), verify.policy_from(policy().encode())
    verify.promise_from(signed.encode(), known)
    slip = promise_slip(signed)
    for text in (signed, slip):
        data = text.encode()
        for place in range(8 * len(data)):
            flipped = bytearray(data)
            flipped[place // 8] ^= 1 << place % 8
            with pytest.raises((verify.UnreadableError, verify.ContradictionError)):
                verify.promise_from(bytes(flipped), known)


def test_promises_of_the_future_and_bad_deadlines(run, log):
    for old, new in [("promise/v1", "promise/v2"), (time(NINE + 60), "2027-02-30T08:00:00.000000Z"), ("Z\n", "Z \n")]:
        code, _ = run("promise", promise(log.leaves[3], time(NINE + 60)).replace(old, new), policy=policy())
        assert code == 2
