import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.checkpoints import Checkpoint, read_checkpoint
from consent.ledger.notes import parse_note
from consent.ledger.policy import Policy
from consent.ledger.promises import Promise, sign_promise
from consent.ledger.refusals import ForeignOriginError, RefusalError, SignatureError, SlipError, UnknownSignerError
from consent.ledger.slip_text import (
    PromiseSlipText,
    SlipText,
    parse_slip,
    promise_slip_of,
    slip_of,
    tidy,
    verify_promise_slip,
    verify_slip,
)
from tests.log_world import LOG, LOG_KEYS, ORIGIN, TIME, checkpoint_note, policy

LEAF, ROOT = bytes(range(32)), bytes(range(32, 64))


def an_entry_slip():
    note, checkpoint = read_checkpoint(checkpoint_note(4096, ROOT))
    return slip_of(checkpoint=checkpoint, note=note, index=17, leaf=LEAF, key_id=LOG_KEYS[0].key_id)


def a_promise_slip():
    promise = Promise(ORIGIN, LEAF, TIME)
    return promise_slip_of(promise=promise, note=parse_note(sign_promise(promise, LOG)))


SLIPS = {"entry": an_entry_slip(), "promise": a_promise_slip()}


def test_the_lines_of_a_slip():
    lines = SLIPS["entry"].to_text().split("\n")
    assert lines[:5] == [
        "FG1",
        ORIGIN,
        "17 4096",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
    ]
    assert lines[6] == hashlib.sha256("\n".join(lines[:6]).encode()).hexdigest()[:8]
    assert len(lines) == 7


def test_the_lines_of_a_promise():
    lines = SLIPS["promise"].to_text().split("\n")
    assert lines[:2] == ["FGP1", ORIGIN]
    assert lines[3] == "2027-01-15T10:00:00.000000Z"
    assert len(lines) == 6


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_is_read_as_it_was_printed(slip):
    assert parse_slip(slip.to_text()) == slip
    assert slip.to_text().isascii()
    assert len(slip.to_text()) < 300


def test_a_slip_carries_a_signature_that_can_be_checked():
    assert verify_slip(SLIPS["entry"], policy("Ally")) == Checkpoint(ORIGIN, 4096, ROOT)
    assert verify_promise_slip(SLIPS["promise"], policy("Ally")) == Promise(ORIGIN, LEAF, TIME)


def test_a_slip_of_another_ledger_is_refused():
    nobody = Policy((), (), (), "none")
    with pytest.raises(ForeignOriginError):
        verify_slip(SLIPS["entry"], nobody)
    with pytest.raises(ForeignOriginError):
        verify_promise_slip(SLIPS["promise"], nobody)


def test_a_slip_with_another_size_or_root_is_refused():
    for slip in (replace(SLIPS["entry"], size=4097), replace(SLIPS["entry"], root=LEAF)):
        assert parse_slip(slip.to_text()) == slip
        with pytest.raises(SignatureError):
            verify_slip(slip, policy())
    with pytest.raises(SignatureError):
        verify_promise_slip(replace(SLIPS["promise"], leaf=ROOT), policy())
    with pytest.raises(UnknownSignerError):
        verify_slip(replace(SLIPS["entry"], key_id=b"none"), policy())


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_one_wrong_character_is_always_noticed(slip):
    """Every character in turn, by what a hasty eye or a bad scan makes of it."""
    text = slip.to_text()
    for place, character in enumerate(text):
        for wrong in {chr((ord(character) + 1) % 128), character.swapcase(), "0", "O", "1", "l", "\n", ""} - {
            character
        }:
            with pytest.raises(SlipError) as refusal:
                parse_slip(text[:place] + wrong + text[place + 1 :])
            assert refusal.value.reason.endswith(".")


@pytest.mark.parametrize("slip", SLIPS.values(), ids=SLIPS)
def test_a_slip_cut_off_is_refused(slip):
    text = slip.to_text()
    for length in range(len(text)):
        with pytest.raises(SlipError):
            parse_slip(text[:length])


def changed(place, line, slip=SLIPS["entry"]):
    """A slip with another line whose check fits."""
    lines = slip.to_text().split("\n")[:-1]
    lines[place] = line
    return "\n".join([*lines, hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Line 1: this is not a slip"),
        ("hello", "Line 1: this is not a slip"),
        (changed(0, "FG2"), "Line 1: this is a slip of a version unknown here"),
        (changed(0, "FGP2"), "Line 1: this is a slip of a version unknown here"),
        (changed(0, "FGP1"), "There are 7 lines; this slip has 6"),
        (SLIPS["entry"].to_text() + "\n", "There are 8 lines"),
        (changed(1, ""), "Line 2: the name"),
        (changed(1, "a b"), "Line 2: the name"),
        (changed(1, "a+b"), "Line 2: the name"),
        (changed(2, "17"), "Line 3: the number of the entry and the size"),
        (changed(2, "17  4096"), "Line 3: the size"),
        (changed(2, "017 4096"), "Line 3: the number of the entry is not a plain number"),
        (changed(2, "17 x"), "Line 3: the size"),
        (changed(2, "17 17"), "Line 3: the number of the entry is below"),
        (changed(3, "AAAA"), "Line 4 has 3 bytes"),
        (changed(3, "?"), "Line 4 is not written in base64"),
        (changed(4, ""), "Line 5 has 0 bytes"),
        (changed(5, "AAAA"), "Line 6: the signature is too short or too long"),
        (changed(5, "A"), "Line 6 is not written in base64"),
        (changed(2, "A", SLIPS["promise"]), "Line 3 is not written in base64"),
        (changed(3, "2027-01-15", SLIPS["promise"]), "Line 4: a time is written"),
        (changed(3, "2027-13-15T10:00:00.000000Z", SLIPS["promise"]), "Line 4: no such time"),
        (changed(4, "", SLIPS["promise"]), "Line 5: the signature"),
        (SLIPS["entry"].to_text()[:-8] + "0000000g", "Line 7: the check is 8 digits"),
        (SLIPS["entry"].to_text()[:-8] + "00000000", "The check in the last line does not fit"),
        ("FG1\n" + "é" * 7, "A slip has at most"),
        ("FG1" * 1000, "A slip has at most"),
    ],
)
def test_a_refusal_names_what_is_wrong(text, said):
    with pytest.raises(SlipError) as refusal:
        parse_slip(text)
    assert refusal.value.reason.startswith(said)


def test_typed_lines_are_tidied_before_they_are_read():
    typed = "\r\n  " + SLIPS["entry"].to_text().replace("\n", "  \r\n\t") + "\n\n"
    assert parse_slip(tidy(typed)) == SLIPS["entry"]


def test_a_note_without_the_short_line_makes_no_slip():
    note, checkpoint = read_checkpoint(checkpoint_note(4096, ROOT))
    with pytest.raises(SlipError):
        slip_of(checkpoint=checkpoint, note=note, index=17, leaf=LEAF, key_id=b"none")
    with pytest.raises(SlipError, match="at most 2000"):
        slip_of(checkpoint=checkpoint, note=note, index=17, leaf=LEAF, key_id=LOG_KEYS[1].key_id)
    with pytest.raises(SlipError):
        slip_of(checkpoint=checkpoint, note=note, index=4096, leaf=LEAF, key_id=LOG_KEYS[0].key_id)
    with pytest.raises(SlipError):
        promise_slip_of(promise=Promise(ORIGIN, LEAF, TIME), note=note)


BYTES = st.binary(min_size=32, max_size=32)
SIGNED = (st.binary(min_size=4, max_size=4), st.binary(min_size=64, max_size=64))


@given(st.integers(0, 2**61), st.integers(1, 2**61), BYTES, BYTES, *SIGNED)
def test_every_slip_is_read_as_it_was_printed(index, more, leaf, root, key_id, signature):
    slip = SlipText(ORIGIN, index, index + more, leaf, root, key_id, signature)
    assert parse_slip(slip.to_text()) == slip


@given(BYTES, st.datetimes(timezones=st.just(TIME.tzinfo)), *SIGNED)
def test_every_promise_slip_is_read_as_it_was_printed(leaf, deadline_at, key_id, signature):
    slip = PromiseSlipText(ORIGIN, leaf, deadline_at, key_id, signature)
    assert parse_slip(slip.to_text()) == slip


@given(st.text(max_size=400) | st.lists(st.sampled_from(SLIPS["entry"].to_text().split("\n"))).map("\n".join))
def test_anything_else_is_refused_with_a_reason(text):
    try:
        slip = parse_slip(text)
    except RefusalError:
        return
    assert slip.to_text() == text
