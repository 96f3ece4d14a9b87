"""Policies and notes are read in one way, or refused by line."""

import pytest

from tests.unit.verifier.small_log import CLINIC, LOG, LOG_PQ, ORIGIN, SOCIETY, Log, policy, signer

THREE = [signer(f"witness.example/{number}", 4) for number in range(3)]


@pytest.mark.parametrize(
    ("have", "met"),
    [((), False), (("w1",), False), (("w1", "w2"), True), (("w1", "w4"), False), (("w1", "w2", "w4"), True)],
)
def test_groups_of_groups(verify, have, met):
    text = policy(*THREE, CLINIC).replace(
        "quorum none", "group some 2 w1 w2 w3\ngroup \u540d any w4\ngroup all-of 1 some \u540d\nquorum some"
    )
    assert verify.policy_from(text.encode()).is_met(set(have)) is met


def test_comments_blanks_and_addresses(verify):
    text = (
        f"\n# a comment\n\t log  {LOG.vkey}\thttps://log.example/ \n  # another\nwitness a {CLINIC.vkey} u\nquorum a\n"
    )
    known = verify.policy_from(text.encode())
    assert (known.quorum, known.origins()) == ("a", {ORIGIN})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no line end|does not end"),
        ("quorum none", "does not end with a line end"),
        ("\n", "has no quorum line"),
        ("quorum none\nquorum none\n", "line 2 of the policy: a second quorum line"),
        ("quorum w1\n", "line 1 of the policy: w1 is not defined before it"),
        ("group g any w1\nquorum g\n", "w1 is not defined before it"),
        ("group g any none\nquorum g\n", "none is not defined before it"),
        (policy(CLINIC) + "group g 2 w1\n", "2 of 1 is no threshold"),
        (policy(CLINIC) + "group g 0 w1\n", "0 of 1 is no threshold"),
        (policy(CLINIC) + "group g 01 w1\n", "01 of 1 is no threshold"),
        (policy(CLINIC) + "group g any w1\ngroup h any w1\n", "or is a member already"),
        (policy(CLINIC) + "group w1 any w1\n", "the name w1 is taken"),
        (policy(CLINIC) + "group none any w1\n", "the name none is taken"),
        (policy(CLINIC, CLINIC), "stands there already"),
        (policy(logs=[LOG, LOG]), "stands there already"),
        (
            policy(signer(ORIGIN, 4)).replace(signer(ORIGIN, 4).vkey, CLINIC.vkey) + f"witness x {CLINIC.vkey}\n",
            "already",
        ),
        (policy(LOG), "of a type or length that has no place here"),
        (policy(logs=[CLINIC]), "of a type or length that has no place here"),
        (f"log {LOG.vkey[:-4]}AAAA\nquorum none\n", "a character is wrong"),
        (f"log {LOG.vkey.replace('+', '-', 1)}\nquorum none\n", "not a key"),
        (f"log {LOG.vkey} a b\nquorum none\n", "not understood"),
        ("witness a\nquorum none\n", "not understood"),
        ("allow everything\nquorum none\n", "not understood: allow everything"),
        ("quorum none\r\n", "control characters"),
        ("quorum\u00a0none\n", "not understood"),
        ("quorum none\x7f\n", "control characters"),
    ],
)
def test_a_policy_that_is_not_understood_is_refused(verify, text, reason):
    with pytest.raises(verify.UnreadableError, match=reason.replace("(", r"\(")):
        verify.policy_from(text.encode())


def test_a_witness_with_the_key_of_the_log_is_no_witness(verify):
    same = signer(ORIGIN, 6)
    with pytest.raises(verify.UnreadableError, match="stands there already"):
        verify.policy_from(policy(same, logs=[LOG, LOG_PQ]).encode())


@pytest.fixture
def note() -> str:
    log = Log()
    log.add()
    return log.seal(SOCIETY)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note[:-1],
        lambda note: note + "\n",
        lambda note: note + "more\n",
        lambda note: note + "— name \n",
        lambda note: note + "— na me AAAAAAA=\n",
        lambda note: note + "— na+me AAAAAAA=\n",
        lambda note: note + "— na\u3000me AAAAAAA=\n",
        lambda note: note + "— name AAAA\n",
        lambda note: note + "— name AAAAAAB=\n",
        lambda note: note + "- name AAAAAAA=\n",
        lambda note: note + "— name AAAAAAA=\n" * 64,
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("\n\n", "\n\n\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace("\n1\n", "\n+1\n"),
        lambda note: note.replace("\n1\n", "\n\uff11\n"),
        lambda note: note.replace("\n1\n", "\n1 \n"),
        lambda note: note.replace("\n1\n", "\n99999999999999999999\n"),
        lambda note: note.replace("\n1\n", "\n9999999999999999999\n"),
        lambda note: note.split("\n\n")[0] + "\n\n",
        lambda note: note[:20] + "\x00" + note[20:],
        lambda note: note * 5000,
        lambda note: "",
    ],
)
def test_a_note_written_in_any_other_way_is_refused(verify, note, change):
    known = verify.policy_from(policy(SOCIETY).encode())
    verify.checkpoint_from(note.encode(), known, "it")
    with pytest.raises(verify.UnreadableError):
        verify.checkpoint_from(change(note).encode(), known, "it")


def test_lines_of_strangers_say_nothing(verify, note):
    known = verify.policy_from(policy().encode())
    lines = "".join(f"— stranger{number} AAAAAAA=\n" for number in range(20))
    assert verify.checkpoint_from((note + lines).encode(), known, "it").cosigned == ()


def test_every_bit_of_an_ml_dsa_signature_counts(verify, note):
    """Sampled: each is a whole verification; name and key id make it a stranger's line, which says nothing."""
    known = verify.policy_from(policy(SOCIETY).encode())
    data, start = note.encode(), note.encode().rindex(b" ") + 7
    for place in range(start, len(data) - 2, 37):
        changed = data[:place] + (b"A" if data[place : place + 1] != b"A" else b"B") + data[place + 1 :]
        with pytest.raises((verify.UnreadableError, verify.ContradictionError)):
            verify.checkpoint_from(changed, known, "it")
