"""A receipt proves one entry, or says why it does not."""

import json

import pytest

from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    LOG_PQ,
    NINE,
    ORIGIN,
    SOCIETY,
    Log,
    b64,
    canonical,
    note,
    opened_row,
    policy,
    signer,
    time,
)

ROW, OPENING = opened_row()


@pytest.fixture
def log() -> Log:
    log = Log()
    for number in range(7):
        log.add(who=("ann", "bea")[number % 2], object=[ROW] if number == 4 else [])
    log.seal()
    return log


def refusal(verify, data: bytes, text: str) -> str:
    """What the verifier says against a receipt; it may neither accept nor fail in any other way."""
    with pytest.raises((verify.UnreadableError, verify.ContradictionError)) as caught:
        verify.receipt_from(data, verify.policy_from(text.encode()))
    return str(caught.value)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 8, 9, 255, 256, 257])
def test_every_entry_of_trees_of_many_sizes_is_proven(verify, size):
    log, known = Log(), verify.policy_from(policy().encode())
    for _ in range(size):
        log.add()
    log.seal()
    for index in {*range(min(size, 9)), size // 2, size - 1}:
        assert verify.receipt_from(log.receipt(index).encode(), known).place == index


def test_it_says_what_is_proven_and_that_nobody_outside_holds_it(run, log):
    code, said = run("receipt", log.receipt(4, [OPENING]), policy=policy())
    assert code == 0
    assert f"PROVEN: entry 4 stands in the ledger {ORIGIN}, in the tree of 7 entries." in said
    assert "Kind: consent.given." in said
    assert "Rows opened and found right: 1 of 1." in said
    assert "Signed by the log with Ed25519." in said
    assert said.splitlines()[-1].startswith("Never anchored: the policy names no witness outside")
    assert "我还没有决定" not in said


def test_opened_values_are_shown_when_asked_for(run, log):
    code, said = run("receipt", log.receipt(4, [OPENING]), policy=policy(), show=True)
    assert code == 0
    assert 'reason: "她说：我还没有决定"' in said
    assert "minutes" not in said


def test_both_signatures_of_the_log_and_both_kinds_of_witness(run, log):
    log.seal(CLINIC, SOCIETY, at=NINE + 900, signers=(LOG, LOG_PQ))
    code, said = run("receipt", log.receipt(2), policy=policy(CLINIC, SOCIETY, quorum="w2"))
    assert code == 0
    assert "Signed by the log with Ed25519 and ML-DSA-44." in said
    assert f"Anchored: cosigned by w1 ({time(NINE + 900)}), w2 ({time(NINE + 900)})" in said


def test_a_quorum_that_is_not_met_proves_nothing(run, log):
    code, said = run("receipt", log.receipt(2), policy=policy(CLINIC, quorum="w1"))
    assert code == 1
    assert "NOT PROVEN: Never anchored: the policy asks for 'w1'; cosigned by nobody." in said
    assert log.notes[-1].strip() in said


def test_witnesses_that_nobody_asks_for(run, log):
    code, said = run("receipt", log.receipt(2), policy=policy(CLINIC))
    assert (code, said.splitlines()[-1]) == (0, "Never anchored: the policy asks for 'none'; cosigned by nobody.")
    log.seal(CLINIC, at=NINE)
    assert "\nAnchored: cosigned by w1" in run("receipt", log.receipt(2), policy=policy(CLINIC))[1]


def test_groups_count(run, log):
    log.seal(CLINIC, at=NINE)
    text = policy(CLINIC, SOCIETY).replace("quorum none", "group both all w1 w2\nquorum both")
    code, said = run("receipt", log.receipt(0), policy=text)
    assert code == 1
    assert "Never anchored: the policy asks for 'both'; cosigned by w1." in said
    assert "\nAnchored: " in run("receipt", log.receipt(0), policy=text.replace(" all ", " 1 "))[1]


def test_as_json(run, log):
    code, said = run("receipt", log.receipt(4), policy=policy(), json=True)
    document = json.loads(said)
    assert (code, document["verdict"], document["is_anchored"]) == (0, "verified", False)
    assert document["anchoring"].startswith("Never anchored")
    code, said = run("receipt", "nonsense", policy=policy(), json=True)
    assert (code, json.loads(said)["verdict"]) == (2, "unreadable")


# -------------------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize("witnesses", [(), (CLINIC,)], ids=["log", "log and witness"])
def test_every_bit_flipped_is_refused(verify, witnesses):
    """Exhaustive. With a quorum, a line of a witness that no longer counts is missed as well."""
    log = Log()
    for _ in range(3):
        log.add(object=[ROW])
    log.seal(*witnesses)
    data = log.receipt(1, [OPENING]).encode()
    known = verify.policy_from(policy(*witnesses, quorum="w1" if witnesses else "none").encode())
    assert code_of(verify, data, known) == 0
    for place in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << place % 8
        assert code_of(verify, bytes(flipped), known) != 0, f"bit {place} changed nothing"


def code_of(verify, data: bytes, known) -> int:
    try:
        receipt = verify.receipt_from(data, known)
    except verify.UnreadableError:
        return 2
    except verify.ContradictionError:
        return 1
    report = verify.Report()
    verify.anchor(report, receipt.checkpoint, known)
    verify.check_quorum(report, receipt.checkpoint, known)
    return report.code


def test_truncated_at_every_length(verify, log):
    data, known = log.receipt(4, [OPENING]).encode(), verify.policy_from(policy().encode())
    for length in range(len(data)):
        with pytest.raises(verify.UnreadableError):
            verify.receipt_from(data[:length], known)


@pytest.mark.parametrize("more", ["\n", " ", "x", "\0", "— \n", f"\n{ORIGIN}\n"])
def test_trailing_bytes(verify, log, more):
    assert refusal(verify, (log.receipt(4) + more).encode(), policy())


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("tlog-proof@v1", "tlog-proof@v2", "version 'v2' of receipts is unknown here"),
        ("c2sp.org", "d2sp.org", "not a receipt"),
        ("\nindex 4\n", "\nindex 04\n", "no index line"),
        ("\nindex 4\n", "\nindex 3\n", "The proof does not lead from entry 3"),
        ("\nindex 4\n", "\nindex 7\n", "The receipt speaks of entry 7; the log signed a tree of 7 entries"),
        ("\nindex 4\n", "\nindex -1\n", "no index line"),
        ("\nindex 4\n", "\r\nindex 4\r\n", "no index line"),
        (f"\n\n{ORIGIN}\n7\n", f"\n\n{ORIGIN}\n07\n", "'07' is no size of a tree"),
        (f"\n\n{ORIGIN}\n7\n", f"\n\n{ORIGIN}\n0\n", "'0' is no size of a tree"),
        (f"\n\n{ORIGIN}\n7\n", f"\n\n{ORIGIN}\n8\n", "does not belong to its text"),
        (f"\n\n{ORIGIN}\n7\n", f"\n\n{ORIGIN}\n7\nmore\n", "a checkpoint has three lines"),
        (f"\n\n{ORIGIN}\n7\n", "\n\nfreely-given/other\n7\n", "The policy knows no log named freely-given/other"),
    ],
)  # fmt: skip
def test_a_changed_line_is_refused_with_its_reason(verify, log, old, new, reason):
    assert old in log.receipt(4)
    assert reason in refusal(verify, log.receipt(4).replace(old, new, 1).encode(), policy())


def with_extra(log: Log, index: int, extra: bytes) -> bytes:
    lines = log.receipt(index).split("\n")
    return "\n".join([lines[0], f"extra {b64(extra)}", *lines[2:]]).encode()


def test_extra_is_read_in_one_way_only(verify, log):
    body = log.bodies[4].decode()
    good = canonical({"entry": body, "openings": []})
    verify.receipt_from(with_extra(log, 4, good), verify.policy_from(policy().encode()))
    for bad, reason in [
        (good[:-1] + b',"openings":[]}', "the key 'openings' is given twice"),
        (b'{"entry":"x",' + good[1:], "the key 'entry' is given twice"),
        (good.replace(b":[]", b": []"), "not written in the one canonical way"),
        (canonical({"openings": [], "entry": body, "more": 1}), "does not hold exactly entry and openings"),
        (canonical({"entry": body, "openings": {}}), "the text of an entry and a list"),
        (good[:-2] + b"1.5]}", "a fraction or null"),
        (good[:-2] + b"1,1]}", "an opening that does not hold exactly"),
        (b"[" * 5000 + b"]" * 5000, "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"", "is not base64"),
    ]:
        assert reason in refusal(verify, with_extra(log, 4, bad), policy()), bad[:60]
    without = "\n".join(line for line in log.receipt(4).split("\n") if not line.startswith("extra"))
    assert "carries no entry" in refusal(verify, without.encode(), policy())


def test_openings_that_do_not_fit(verify, log):
    other = canonical(OPENING).decode()
    for opening, reason in [
        ({**OPENING, "open": {**OPENING["open"], "state": "refused"}}, "what was opened has"),
        ({**OPENING, "key": "b" * 32}, "the entry binds no such row"),
        ({**OPENING, "model": 7}, "no text"),
        ({**OPENING, "veiled": {**OPENING["veiled"], "minutes": "7"}}, "neither closed nor opened"),
        ({**OPENING, "veiled": []}, "no object"),
        (json.loads(other.replace("还没有", "已经")), "what was opened has"),
        ({key: value for key, value in OPENING.items() if key != "open"}, "does not hold exactly"),
    ]:
        assert reason in refusal(verify, log.receipt(4, [opening]).encode(), policy())


def test_an_entry_of_another_log_under_our_checkpoint(verify):
    log = Log(origin="freely-given/other")
    log.add()
    log.origin = ORIGIN
    log.seal()
    assert "The entry belongs to the log freely-given/other" in refusal(verify, log.receipt(0).encode(), policy())


def test_a_strangers_signature_is_not_the_logs(verify, log):
    stranger = signer("freely-given/stranger", 1)
    alone = note(ORIGIN, 7, log.root(), [(stranger, 0)])
    assert "No key that the policy lists" in refusal(verify, log.receipt(4, checkpoint=alone).encode(), policy())
    beside = note(ORIGIN, 7, log.root(), [(stranger, 0), (LOG, 0)])
    verify.receipt_from(log.receipt(4, checkpoint=beside).encode(), verify.policy_from(policy().encode()))


def test_a_known_key_whose_line_is_wrong_spoils_the_note(run, log):
    wrong = LOG_PQ.sign(ORIGIN, 6, log.root(6), NINE)
    code, said = run("receipt", log.receipt(4, checkpoint=log.notes[-1] + wrong), policy=policy())
    assert code == 1
    assert "(ML-DSA-44) in the checkpoint of the receipt does not belong to its text" in said
    assert (log.notes[-1] + wrong).rstrip("\n") in said


def test_proofs_that_are_too_long_or_too_short(verify, log):
    text = log.receipt(4)
    lines = text.split("\n")
    path = lines[3:6]
    for changed in (path[:-1], [*path, path[0]], [], path * 22, list(reversed(path))):
        data = "\n".join([*lines[:3], *changed, *lines[6:]]).encode()
        assert refusal(verify, data, policy())


def test_old_packages_say_what_they_did_not_check(run, log, verify, monkeypatch):
    monkeypatch.setattr(verify, "MLDSA44PublicKey", None)
    log.seal(signers=(LOG, LOG_PQ))
    code, said = run("receipt", log.receipt(4), policy=policy())
    assert code == 0
    assert f"Not checked on this computer: {ORIGIN} (ML-DSA-44)." in said
