"""The bytes of an entry without its place: filled in, they are the very bytes that the encoder writes."""

import dataclasses
import uuid

import pytest
from hypothesis import given

from consent.ledger.canonical import EncodingError
from consent.ledger.draft import draft_of
from consent.ledger.encoding import encode_entry
from consent.ledger.entry import Seen
from consent.vocabulary import EntryKind
from tests.unit.ledger.test_encoding import DIGEST, entries, make_entry


@given(entries())
def test_filled_in_it_is_what_the_encoder_writes(entry):
    draft = draft_of(dataclasses.replace(entry, log="unplaced", sseq=1, sprev=None, seen=None))
    assert draft.filled(log=entry.log, sseq=entry.sseq, sprev=entry.sprev, seen=entry.seen) == encode_entry(entry)


def test_a_detail_that_looks_like_a_place_stays_a_detail():
    detail = {"log": f"unplaced/{uuid.UUID(int=1).hex}", "sseq": 1, "subject": uuid.UUID(int=2).hex}
    entry = make_entry(detail=detail)
    filled = draft_of(entry).filled(log=entry.log, sseq=entry.sseq, sprev=entry.sprev, seen=entry.seen)
    assert filled == encode_entry(entry)


@pytest.mark.parametrize(
    "changes",
    [
        {"log": 'x","log":"y'},
        {"sseq": 0},
        {"sseq": 2**53},
        {"sprev": None},
        {"sprev": "AB" * 32},
        {"sprev": DIGEST + '","x":"'},
        {"sseq": 1},
        {"seen": Seen(size=0, root=DIGEST)},
        {"seen": Seen(size=1, root='"')},
    ],
)
def test_what_cannot_be_a_place_is_refused(changes):
    place = {"log": "freely-given/x", "sseq": 2, "sprev": DIGEST, "seen": None}
    with pytest.raises(EncodingError):
        draft_of(make_entry()).filled(**(place | changes))


def test_only_a_stream_has_an_end():
    alone = make_entry(kind=EntryKind.GUARD_MANIFEST, subject=None, sseq=None, sprev=None)
    with pytest.raises(EncodingError, match=r"\$\.subject"):
        draft_of(alone)
