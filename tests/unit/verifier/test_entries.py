"""Bytes are an entry of version 1, or the reason they are not is named. The frozen vectors decide."""

import json
from pathlib import Path

import pytest

from clinic.vocabulary import Role
from consent.ledger.encoding import EncodingError, parse_entry
from consent.vocabulary import KINDS_WITHOUT_SUBJECT, EntryKind, Via
from tests.unit.verifier.small_log import NINE, Log, canonical, time

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "ledger_v1.json").read_text(encoding="utf-8"))


def refusal(verify, body: bytes) -> str:
    with pytest.raises(verify.UnreadableError) as caught:
        verify.entry_from(body)
    return str(caught.value)


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["kind"])
def test_vectors_are_read(verify, vector):
    body = vector["body"].encode()
    entry = verify.entry_from(body)
    assert (entry.kind, verify.leaf_of(body).hex()) == (vector["kind"], vector["leaf_hash"])


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_vectors_of_what_is_refused(verify, vector):
    assert refusal(verify, vector["body"].encode())


@pytest.mark.parametrize("vector", VECTORS["rows"], ids=lambda vector: vector["model"])
def test_rows_of_the_vectors(verify, vector):
    salt = bytes.fromhex(vector["row_salt"])
    opened = {
        name: {"salt": verify.sha256(salt + name.encode()).hex(), "value": value}
        for name, value in vector["veiled_values"].items()
    }
    for veiled in (opened, vector["commitments"]):
        opening = {"model": vector["model"], "key": vector["key"], "open": vector["open"], "veiled": veiled}
        assert verify.row_digest(opening) == vector["digest"]


def test_it_knows_the_closed_lists(verify):
    assert frozenset(EntryKind) == verify.KINDS
    assert tuple(Via) == verify.WAYS
    assert tuple(Role) == verify.ROLES
    assert frozenset(KINDS_WITHOUT_SUBJECT) == verify.KINDS_WITHOUT_SUBJECT


def entry(**other: object) -> bytes:
    log = Log()
    log.add(**other)  # type: ignore[arg-type]
    return log.bodies[0]


@pytest.mark.parametrize(
    "other",
    [
        {"detail": {"a": "x:y/z", "b": [1, True, "c"], "c": 0, "d": -5, "e": [], "f": False}},
        {"seen": {"root": "a" * 64, "size": 1}},
        {"veil": ["a" * 64, "b" * 64]},
        {"text": {"digest": "a" * 64, "language": "zh-Hans", "sheet": "x", "version": "1.0"}},
        {"occurred_at": "2024-02-29T23:59:59.999999Z"},
        {"detail": {"n": 2**53 - 1}},
    ],
)
def test_everything_that_may_stand_in_an_entry(verify, other):
    assert verify.entry_from(entry(**other)).kind == "consent.given"


ROW = {"digest": "a" * 64, "key": "b" * 32, "model": "consent.consent"}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"v": 2}, "version 2 of entries is unknown here"),
        ({"v": "1"}, "version '1' of entries is unknown here"),
        ({"v": True}, "version True of entries is unknown here"),
        ({"v": None}, "v is missing"),
        ({"type": "consent.imposed"}, "the kind of entry 'consent.imposed' is unknown here"),
        ({"type": "log.delayed"}, "subject or sseq stands"),
        ({"who": None}, "subject or sseq stands, or is missing"),
        ({"colour": "red"}, "the key 'colour' of the entry is unknown here"),
        ({"log": "Freely/Given"}, "log does not look"),
        ({"sseq": 2}, "sprev names the previous entry"),
        ({"sprev": "a" * 64}, "sprev names the previous entry"),
        ({"sseq": 2**53, "sprev": "a" * 64}, "beyond 2^53 - 1"),
        ({"sseq": 0}, "sseq does not look"),
        ({"subject": None}, "subject or sseq"),
        ({"recorded_at": "2027-02-30T10:00:00.000000Z"}, "a time that does not exist"),
        ({"recorded_at": "2027-02-03T10:00:00Z"}, "recorded_at does not look"),
        ({"recorded_at": "2027-02-03T24:00:00.000000Z"}, "a time that does not exist"),
        ({"actor": {"kind": "patient", "via": "own-card"}}, "actor.ref is missing"),
        ({"actor": {"kind": "official", "via": "command"}}, "actor does not look"),
        ({"object": [ROW, ROW]}, "the same row is named twice"),
        ({"object": [ROW], "history": [ROW]}, "the same row is named twice"),
        ({"detail": {}}, "detail does not look"),
        ({"detail": {"a": "two words"}}, "detail does not look"),
        ({"detail": {"a": 2**53}}, "beyond 2^53 - 1"),
        ({"veil": []}, "veil does not look"),
        ({"seen": {"root": "a" * 64, "size": 0}}, "seen does not look"),
        ({"seen": {"root": "a" * 64}}, "seen does not look"),
        ({"id": "A" * 32}, "id does not look"),
        ({"detail": {"a": 0.5}}, "a fraction or null"),
    ],
)
def test_what_may_not_stand_in_an_entry_is_named(verify, other, reason):
    assert reason in refusal(verify, entry(**other))


def test_bytes_with_a_second_reading(verify):
    body = entry(detail={"a": 1, "b": 2})
    for bad, reason in [
        (body.replace(b'"a":1,"b":2', b'"b":2,"a":1'), "canonical"),
        (body.replace(b'"a":1,"b":2', b'"a":1,"a":2'), "the key 'a' is given twice"),
        (body.replace(b'"v":1', b'"v":1,"v":1'), "the key 'v' is given twice"),
        (body.replace(b'"a":1', b'"a":-0'), "canonical"),
        (body.replace(b'"a":1', b'"a":1.0'), "fraction"),
        (body.replace(b'"a":1', b'"a":1e0'), "fraction"),
        (body.replace(b'"v":1', b'"v": 1'), "canonical"),
        (body.replace(b"consent.given", b"consent\\u002egiven"), "canonical"),
        (b"\xef\xbb\xbf" + body, "not JSON"),
        (body + b"\n", "canonical"),
        (body + body, "not JSON"),
        (b"[]", "not an object"),
        (b"", "not JSON"),
        (b"\xff", "not UTF-8"),
    ]:
        assert bad != body
        assert reason in refusal(verify, bad), bad


def test_every_bit_of_an_entry_flipped_is_refused_or_another_entry(verify):
    """What the pattern lets pass is canonical: writing it again gives the same bytes."""
    body = entry(
        object=[ROW], detail={"a": [1, "x"], "b": True}, seen={"root": "a" * 64, "size": 12}, veil=["c" * 64],
        sseq=2, sprev="d" * 64, text={"digest": "a" * 64, "language": "en", "sheet": "x", "version": "1"},
    )  # fmt: skip
    passed = 0
    for place in range(8 * len(body)):
        flipped = bytearray(body)
        flipped[place // 8] ^= 1 << place % 8
        ours = theirs = True
        try:
            verify.entry_from(bytes(flipped))
        except verify.UnreadableError:
            ours = False
        try:
            parse_entry(bytes(flipped))
        except EncodingError:
            theirs = False
        assert ours == theirs, bytes(flipped)
        if ours:
            passed += 1
            assert canonical(json.loads(flipped)) == flipped
    assert passed > 100


def test_times_are_written_as_the_verifier_writes_them(verify):
    assert verify.time_at(NINE) == time(NINE) == "2027-01-15T08:00:00.000000Z"
    assert verify.time_at(0) == "1970-01-01T00:00:00.000000Z"
    assert verify.time_at(verify.LAST_TIME) == "9999-12-31T23:59:59.000000Z"
