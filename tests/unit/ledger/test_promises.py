import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.notes import ed25519_line, ed25519_verifier, signed_note
from consent.ledger.policy import LogKey, Policy
from consent.ledger.promises import Promise, parse_promise, promise_keys, read_promise, sign_promise, verify_promise
from consent.ledger.refusals import ForeignOriginError, NoteError, PromiseError, SignatureError, UnknownSignerError
from tests.log_world import LOG, LOG_KEYS, ORIGIN, OTHER_ORIGIN, STRANGER, TIME, checkpoint_note, policy

PROMISE = Promise(ORIGIN, bytes(range(32)), TIME)
TEXT = PROMISE.to_text()


def test_a_promise_is_signed_under_its_own_name():
    note = sign_promise(PROMISE, LOG)
    assert f"— {ORIGIN}/promise " in note
    assert verify_promise(note, policy("Ally")) == PROMISE
    assert read_promise(note.encode())[1] == PROMISE


def test_a_log_may_have_a_key_for_promises_only():
    own = LogKey(ed25519_verifier(f"{ORIGIN}/promise", STRANGER))
    both = Policy((*policy().logs, own), (), (), "none")
    assert verify_promise(sign_promise(PROMISE, STRANGER), both) == PROMISE
    assert verify_promise(sign_promise(PROMISE, LOG), both) == PROMISE
    assert len(promise_keys(both, ORIGIN)) == 2
    with pytest.raises(UnknownSignerError):
        verify_promise(sign_promise(PROMISE, STRANGER), policy())


def test_a_promise_is_no_checkpoint_and_a_checkpoint_no_promise():
    """One key signs both; neither signature may be carried over to the other."""
    with pytest.raises(PromiseError, match="no promise"):
        verify_promise(checkpoint_note(1, bytes(32)), policy())
    as_checkpoint = signed_note(TEXT, [ed25519_line(ORIGIN, LOG, TEXT)])
    with pytest.raises(UnknownSignerError):
        verify_promise(as_checkpoint, policy())


def test_a_promise_of_another_ledger_is_refused():
    with pytest.raises(ForeignOriginError, match=OTHER_ORIGIN):
        verify_promise(sign_promise(Promise(OTHER_ORIGIN, bytes(32), TIME), LOG), policy())


def test_a_changed_promise_is_refused():
    note = sign_promise(PROMISE, LOG)
    with pytest.raises(SignatureError):
        verify_promise(note.replace("10:00:00", "11:00:00"), policy())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello\n",
        TEXT.replace("/v1", "/v2"),
        TEXT[:-1],
        TEXT + "\n",
        TEXT + "more\n",
        TEXT.replace(ORIGIN, ""),
        TEXT.replace("AAEC", "AAE"),
        TEXT.replace("000000Z", "000Z"),
        TEXT.replace("000000Z", "000000+00:00"),
        TEXT.replace("2027-01-15", "2027-02-30"),
        TEXT.replace("2027", "\u0662\u0660\u0662\u0667"),
    ],
)
def test_a_malformed_promise_is_refused(text):
    with pytest.raises(PromiseError):
        parse_promise(text)


def test_an_unknown_version_is_named():
    with pytest.raises(PromiseError, match="version of promises unknown here"):
        parse_promise(TEXT.replace("/v1", "/v2"))


def test_a_promise_that_could_not_be_read_is_not_signed():
    for promise in (Promise("a\nb", bytes(32), TIME), Promise("", bytes(32), TIME), Promise(ORIGIN, b"", TIME)):
        with pytest.raises((PromiseError, NoteError)):
            sign_promise(promise, LOG)
    with pytest.raises(NoteError):
        sign_promise(Promise("a b", bytes(32), TIME), LOG)


@given(st.binary(min_size=32, max_size=32), st.datetimes(timezones=st.just(datetime.UTC)))
def test_what_was_written_is_read_again(leaf, deadline_at):
    promise = Promise(ORIGIN, leaf, deadline_at)
    assert parse_promise(promise.to_text()) == promise


def test_only_the_short_key_signs_promises():
    assert [key.public_key for key in promise_keys(policy(), ORIGIN)] == [LOG_KEYS[0].public_key]
