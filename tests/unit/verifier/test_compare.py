"""Two statements of one log: both true, or evidence against it."""

import pytest

from tests.unit.verifier.small_log import (
    CLINIC,
    LOG,
    NINE,
    ORIGIN,
    Log,
    as_zip,
    b64,
    consistency,
    note,
    policy,
    root_of,
    signer,
)


def log_of(*kinds: str) -> Log:
    """One entry for each kind, sealed one by one as a small clinic does."""
    log = Log()
    for number, kind in enumerate(kinds):
        log.add(kind, who=f"person {number % 3}")
        log.seal()
    return log


GIVEN, REFUSED = "consent.given", "consent.refused"
HONEST = log_of(*[GIVEN] * 5, REFUSED, *[GIVEN] * 4)
FORGED = log_of(*[GIVEN] * 5, GIVEN, *[GIVEN] * 4)
NOTES = "----- signed statement, whole -----"


def proof(old: int, log: Log, new: int) -> str:
    return f"old {old}\n" + "".join(b64(step) + "\n" for step in consistency(old, log.leaves[:new]))


def test_two_checkpoints_of_one_size_that_agree(run):
    code, said = run("compare", HONEST.notes[4], FORGED.notes[4], policy=policy())
    assert (code, "The tree of 5 entries is the beginning of the tree of 5." in said) == (0, True)


def test_two_checkpoints_of_one_size_that_do_not(run):
    code, said = run("compare", HONEST.notes[7], FORGED.notes[7], policy=policy())
    assert code == 1
    assert said.count(NOTES) == 2
    assert HONEST.notes[7].strip() in said and FORGED.notes[7].strip() in said
    assert b64(HONEST.root(8)) in said and b64(FORGED.root(8)) in said


@pytest.mark.parametrize("old", range(1, 11))
def test_consistency_proofs_of_every_size(run, old):
    code, _ = run("compare", HONEST.notes[old - 1], HONEST.notes[9], policy=policy(), proof=proof(old, HONEST, 10))
    assert code == 0
    code, said = run("compare", HONEST.notes[9], FORGED.notes[old - 1], policy=policy(), proof=proof(old, HONEST, 10))
    assert code == (0 if old < 6 else 1)
    assert (FORGED.notes[old - 1].strip() in said) == (old >= 6)


@pytest.mark.parametrize("old", [3, 4, 7])
def test_consistency_proofs_with_one_wrong_thing(run, old):
    good = proof(old, HONEST, 10)
    lines = good.split("\n")
    for bad, codes in [
        (good + "x\n", {2}),
        (good + lines[1] + "\n", {1}),
        ("\n".join(lines[:-2]) + "\n", {1}),
        ("\n".join([lines[0], *reversed(lines[1:-1])]) + "\n", {1}),
        (good.replace("old", "new"), {2}),
        (good.replace(f"old {old}", f"old 0{old}"), {2}),
        (f"old {old}\n", {1}),
        (good.replace("\n", "\r\n"), {2}),
        (good + "\n" + HONEST.notes[8], {2}),
        (f"old {old}\n" + (lines[1] + "\n") * 64, {2}),
    ]:
        code, _ = run("compare", HONEST.notes[old - 1], HONEST.notes[9], policy=policy(), proof=bad)
        assert code in codes, bad


def test_without_anything_that_joins_them_nothing_is_said(run):
    code, said = run("compare", HONEST.notes[3], HONEST.notes[9], policy=policy())
    assert (code, "nothing here joins them" in said) == (2, True)


def test_a_receipt_commits_to_the_tree_before_its_entry(run):
    """So that two papers alone can be compared: a slip of 5 entries, and the receipt of the entry that came sixth."""
    later = HONEST.receipt(5)
    assert run("compare", HONEST.slip(4, HONEST.notes[4]), later, policy=policy())[0] == 0
    assert run("compare", HONEST.notes[5], later, policy=policy())[0] == 0
    forged = FORGED.receipt(7)
    assert run("compare", forged, HONEST.slip(6, HONEST.notes[6]), policy=policy())[0] == 1


def test_receipts_of_one_entry_with_two_contents(run):
    code, said = run("compare", HONEST.receipt(5, checkpoint=HONEST.notes[6]), FORGED.receipt(5), policy=policy())
    assert code == 1
    assert "Both prove entry 5, each with another content" in said
    assert said.count(NOTES) == 2


@pytest.mark.parametrize("victim", range(10))
def test_stolen_key_every_entry_rewritten_in_turn_one_later_paper_convicts(run, victim):
    """Who holds database and key rewrites one entry and signs all anew; each paper from after it stands against him."""
    forged = log_of(
        *("consent.withdrawn" if number == victim else REFUSED if number == 5 else GIVEN for number in range(10))
    )
    archive = as_zip(forged.export())
    for held in range(10):
        for paper in (HONEST.slip(held, HONEST.notes[held]), HONEST.receipt(held, checkpoint=HONEST.notes[held])):
            code, said = run("compare", paper, archive, policy=policy())
            assert code == (1 if held >= victim else 0)
            if code:
                assert forged.notes[-1].strip() in said
                assert said.count(NOTES) == 2


def test_rolled_back(run):
    """Yesterday's state is signed and whole; a paper from today is longer."""
    old = log_of(*[GIVEN] * 5)
    code, said = run("compare", HONEST.slip(8, HONEST.notes[8]), as_zip(old.export()), policy=policy())
    assert (code, "has left out 4" in said) == (2, True)
    assert run("compare", as_zip(old.export()), HONEST.slip(3, HONEST.notes[3]), policy=policy())[0] == 0


def test_what_cannot_be_compared(run):
    other = Log(origin="freely-given/other")
    other.add()
    key = signer("freely-given/other", 1)
    other.seal(signers=[key])
    known = policy(logs=[LOG, key])
    assert run("compare", other.notes[0], HONEST.notes[0], policy=known)[0] == 2
    assert run("compare", other.notes[0], as_zip(HONEST.export()), policy=known)[0] == 2
    archive = as_zip(HONEST.export())
    assert run("compare", archive, archive, policy=known)[0] == 2
    assert run("compare", HONEST.notes[0], "nonsense", policy=known)[0] == 2


def test_the_witness_of_the_larger_tree_is_named(run):
    cosigned = note(ORIGIN, 10, root_of(HONEST.leaves), [(LOG, NINE), (CLINIC, NINE)])
    code, said = run("compare", HONEST.notes[9], cosigned, policy=policy(CLINIC, quorum="w1"))
    assert (code, said.splitlines()[-1].startswith("Anchored: cosigned by w1")) == (0, True)
