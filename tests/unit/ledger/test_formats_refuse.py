"""Whatever bytes arrive, each reader answers with its own refusal or with one reading; nothing else ever comes out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.checkpoints import read_checkpoint, verify_checkpoint
from consent.ledger.notes import NoteSignature, VerifierKey, parse_note
from consent.ledger.openings import read_extra
from consent.ledger.policy import parse_policy
from consent.ledger.promises import parse_promise, read_promise
from consent.ledger.refusals import RefusalError, UnreadableError
from consent.ledger.slip_text import parse_slip, tidy
from consent.ledger.tiles import parse_bundle, parse_tile_path, split_hashes
from consent.ledger.tlog_proof import parse_proof_file, verify_receipt
from tests.log_world import ALLY, checkpoint_note, policy, receipt, witnessed

READERS_OF_BYTES = [parse_note, read_checkpoint, parse_policy, parse_proof_file, read_promise]
READERS_OF_BYTES_ONLY = [parse_bundle, split_hashes, read_extra]
READERS_OF_TEXT = [
    parse_promise,
    parse_slip,
    parse_tile_path,
    VerifierKey.from_text,
    NoteSignature.from_line,
    lambda text: parse_slip(tidy(text)),
]
GOOD = [receipt(), witnessed(checkpoint_note(7, bytes(32))), policy().to_text(), ALLY.to_text()]
PIECES = sorted({piece for text in GOOD for piece in text.split("\n")})

PIECED = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).map("\n".join)
TEXTS = st.text(max_size=200) | PIECED
BYTES = st.binary(max_size=200) | PIECED.filter(lambda text: not _has_surrogates(text)).map(str.encode)


def _has_surrogates(text):
    return any("\ud800" <= character <= "\udfff" for character in text)


@pytest.mark.parametrize("read", READERS_OF_BYTES + READERS_OF_BYTES_ONLY, ids=lambda read: read.__name__)
@given(data=BYTES)
def test_bytes(read, data):
    answered(read, data)


@pytest.mark.parametrize("read", READERS_OF_BYTES + READERS_OF_TEXT, ids=lambda read: read.__name__)
@given(text=TEXTS | st.text(st.characters(codec=None), max_size=50))
def test_text(read, text):
    answered(read, text)


@given(BYTES)
def test_verifying(data):
    for verify in (verify_checkpoint, verify_receipt):
        try:
            verify(data, policy())
        except RefusalError as refusal:
            assert refusal.reason == str(refusal)


def answered(read, data):
    try:
        read(data)
    except UnreadableError as refusal:
        assert refusal.reason
        assert "\n" not in refusal.reason
