import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.checkpoints import (
    Checkpoint,
    parse_checkpoint,
    read_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    with_lines,
)
from consent.ledger.cosignatures import (
    cosigned_message,
    ed25519_cosignature_line,
    is_signature_right,
    mldsa_line,
    signed_at_seconds,
)
from consent.ledger.notes import NoteSignature, ed25519_line, parse_note, signed_note
from consent.ledger.policy import LogKey, Policy
from consent.ledger.refusals import (
    CheckpointError,
    ForeignOriginError,
    NoteError,
    QuorumError,
    SignatureError,
    UnknownSignerError,
)
from tests.log_world import (
    ALLY,
    LOG,
    LOG_KEYS,
    LOG_MLDSA,
    MIRROR,
    ORIGIN,
    OTHER_ORIGIN,
    SEALED_AT_SECONDS,
    WITNESS,
    WITNESS_MLDSA,
    checkpoint_note,
    policy,
    witnessed,
)

ROOT = bytes(range(32))

# The checkpoint shown in C2SP tlog-cosignature; the keys are not published.
SPEC_CHECKPOINT = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+"
    "zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+"
    "mbIUBkBIfZ+qnA==\n"
)


def test_the_checkpoint_of_the_specification_is_read():
    note, checkpoint = read_checkpoint(SPEC_CHECKPOINT)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert note.to_text() == SPEC_CHECKPOINT
    assert signed_at_seconds(ALLY, note.signatures[1].signature) == 1679315147


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{ORIGIN}\n",
        f"{ORIGIN}\n7\n",
        "o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n07\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n-7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n\u0667\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n7 \nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n9223372036854775808\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n",
        "o\n7\nAAAA\n",
        "o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nextension\n",
        "o\n7\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
    ],
)
def test_a_malformed_checkpoint_is_refused(text):
    with pytest.raises(CheckpointError):
        parse_checkpoint(text)


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_what_was_written_is_read_again(size, root):
    checkpoint = Checkpoint(ORIGIN, size, root)
    assert parse_checkpoint(checkpoint.to_text()) == checkpoint


def test_a_checkpoint_that_could_not_be_read_is_not_signed():
    for origin, size, root in [("a\nb", 1, ROOT), ("", 1, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 1, ROOT[1:])]:
        with pytest.raises((CheckpointError, NoteError)):
            sign_checkpoint(origin=origin, size=size, root=root, ed25519=LOG, mldsa=LOG_MLDSA, at_seconds=1)


def test_the_log_signs_with_both_keys_and_the_second_says_when():
    verified = verify_checkpoint(checkpoint_note(7, ROOT), policy())
    assert [item.key for item in verified.by_log] == list(LOG_KEYS)
    assert verified.checkpoint == Checkpoint(ORIGIN, 7, ROOT)
    assert verified.sealed_at_seconds == SEALED_AT_SECONDS
    assert verified.witnesses == ()


def test_the_short_line_alone_is_enough_but_says_no_time():
    note = parse_note(checkpoint_note(7, ROOT))
    short = signed_note(note.text, [note.signatures[0].to_line()])
    assert verify_checkpoint(short, policy()).sealed_at_seconds is None


def test_the_cosigned_message_is_laid_out_as_specified():
    message = cosigned_message(name="ab", origin="xyz", size=258, root=ROOT, at_seconds=259)
    expected = b"subtree/v1\n\0" + b"\x02ab" + struct.pack(">Q", 259) + b"\x03xyz" + struct.pack(">QQ", 0, 258) + ROOT
    assert message == expected


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"origin": ""},
        {"size": -1},
        {"size": 2**63},
        {"root": b""},
        {"at_seconds": -1},
        {"at_seconds": 2**63},
    ],
)
def test_a_message_that_has_no_layout_is_refused(change):
    with pytest.raises(NoteError):
        cosigned_message(**{"name": "n", "origin": "o", "size": 1, "root": ROOT, "at_seconds": 1, **change})


def test_both_witnesses_are_recognised_with_their_times():
    verified = verify_checkpoint(witnessed(checkpoint_note(7, ROOT), at_seconds=99), policy("Ally"))
    assert [(item.name, item.at_seconds) for item in verified.witnesses] == [("Ally", 99), ("Mirror", 99)]


def test_a_witness_that_signed_twice_counts_once_with_its_last_time():
    note = witnessed(witnessed(checkpoint_note(7, ROOT), at_seconds=99), at_seconds=50)
    assert [item.at_seconds for item in verify_checkpoint(note, policy()).witnesses] == [99, 99]


def test_a_cosignature_may_say_nothing_of_time():
    text = Checkpoint(ORIGIN, 7, ROOT).to_text()
    note = with_lines(checkpoint_note(7, ROOT), [mldsa_line(MIRROR.name, WITNESS_MLDSA, ORIGIN, 7, ROOT, 0)])
    assert [item.at_seconds for item in verify_checkpoint(note, policy("Mirror")).witnesses] == [None]
    assert parse_note(note).text == text


def test_too_few_witnesses_are_refused():
    with pytest.raises(QuorumError, match="0 have signed"):
        verify_checkpoint(checkpoint_note(7, ROOT), policy("Ally"))


def test_a_witness_alone_is_not_the_log():
    text = Checkpoint(ORIGIN, 7, ROOT).to_text()
    note = signed_note(text, [ed25519_cosignature_line(ALLY.name, WITNESS, text, 99)])
    with pytest.raises(UnknownSignerError, match="itself has not signed"):
        verify_checkpoint(note, policy("Ally"))


def test_a_foreign_log_is_refused():
    with pytest.raises(ForeignOriginError, match=OTHER_ORIGIN):
        verify_checkpoint(checkpoint_note(7, ROOT, origin=OTHER_ORIGIN), policy())


def test_one_log_may_not_sign_for_another():
    """Both logs are believed, but each only about itself."""
    other = LogKey(LOG_KEYS[0].__class__(OTHER_ORIGIN, LOG_KEYS[0].kind, bytes(32)))
    both = Policy((*policy().logs, other), (), (), "none")
    text = Checkpoint(OTHER_ORIGIN, 7, ROOT).to_text()
    with pytest.raises(UnknownSignerError):
        verify_checkpoint(signed_note(text, [ed25519_line(ORIGIN, LOG, text)]), both)


@pytest.mark.parametrize("place", range(4))
def test_every_changed_signature_of_a_known_key_is_refused(place):
    note = parse_note(witnessed(checkpoint_note(7, ROOT)))
    for position in (0, 7, 8, -1):
        lines = [signature.to_line() for signature in note.signatures]
        changed = bytearray(note.signatures[place].signature)
        changed[position] ^= 1
        line = NoteSignature(note.signatures[place].name, note.signatures[place].key_id, bytes(changed))
        lines[place] = line.to_line()
        with pytest.raises(SignatureError):
            verify_checkpoint(signed_note(note.text, lines), policy())


@pytest.mark.parametrize("place", range(4))
def test_a_signature_cut_short_is_refused(place):
    note = parse_note(witnessed(checkpoint_note(7, ROOT)))
    key = [*LOG_KEYS, ALLY, MIRROR][place]
    for length in (1, 7, 8, 9, len(note.signatures[place].signature) - 1):
        assert not is_signature_right(key, note.text, note.signatures[place].signature[:length])
    assert not is_signature_right(key, note.text, note.signatures[place].signature + b"\0")


@pytest.mark.parametrize("key", [*LOG_KEYS, ALLY, MIRROR], ids=lambda key: key.name)
def test_no_signature_fits_another_checkpoint(key):
    note = parse_note(witnessed(checkpoint_note(7, ROOT)))
    line = next(item for item in note.signatures if item.is_named_for(key))
    assert is_signature_right(key, note.text, line.signature)
    for other in (Checkpoint(ORIGIN, 8, ROOT), Checkpoint(ORIGIN, 7, bytes(32)), Checkpoint(OTHER_ORIGIN, 7, ROOT)):
        assert not is_signature_right(key, other.to_text(), line.signature)
    assert not is_signature_right(key, "no checkpoint\n", line.signature)


def test_a_time_beyond_all_time_is_refused():
    blob = struct.pack(">Q", 2**63) + bytes(64)
    assert not is_signature_right(ALLY, Checkpoint(ORIGIN, 7, ROOT).to_text(), blob)


def test_a_witness_signs_checkpoints_only():
    with pytest.raises(CheckpointError):
        ed25519_cosignature_line(ALLY.name, WITNESS, "anything\n", 1)


def test_a_line_is_added_once():
    note = witnessed(checkpoint_note(7, ROOT))
    again = with_lines(note, [parse_note(note).signatures[-1].to_line()])
    assert again.count("mirror.example/w") == 1
    with pytest.raises(NoteError):
        with_lines(note, ["no line"])
