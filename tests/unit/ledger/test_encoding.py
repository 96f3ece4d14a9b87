import contextlib
import dataclasses
import datetime
import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.vocabulary import Role
from consent.ledger.canonical import EncodingError, canonical
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.entry import Actor, BoundRow, Entry, Seen, SheetText
from consent.vocabulary import KINDS_WITHOUT_SUBJECT, EntryKind, Via

T = datetime.datetime(2027, 1, 15, 10, tzinfo=datetime.UTC)
DIGEST = "ab" * 32


def make_entry(**changes):
    entry = Entry(
        id=uuid.UUID(int=1),
        log="freely-given/x",
        kind=EntryKind.CONSENT_GIVEN,
        subject=uuid.UUID(int=2),
        sseq=2,
        sprev="cd" * 32,
        occurred_at=T,
        recorded_at=T,
        actor=Actor(kind=Role.PATIENT, ref=uuid.UUID(int=3), via=Via.OWN_CARD),
        objects=(BoundRow(model="consent.consent", key=uuid.UUID(int=4).hex, digest=DIGEST),),
        history=(BoundRow(model="consent.historicalconsent", key=uuid.UUID(int=5).hex, digest=DIGEST),),
        text=SheetText(sheet="iud-removal", version="1.0", language="zh-Hans", digest=DIGEST),
        veil=("ef" * 32,),
        detail={"requirements": ("CR-001", "CR-002"), "minutes": 20, "is_late": False},
    )
    return dataclasses.replace(entry, **changes)


ids = st.uuids()
digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/+-]{0,20}", fullmatch=True)
times = st.datetimes(min_value=datetime.datetime(1900, 1, 1), timezones=st.just(datetime.UTC))  # noqa: DTZ001  zone is beside it
rows = st.lists(
    st.builds(BoundRow, model=st.just("consent.consent"), key=ids.map(lambda i: i.hex), digest=digests),
    unique_by=lambda row: row.key,
    max_size=3,
).map(tuple)
plain = codes | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans()
details = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True), plain | st.lists(plain, max_size=3).map(tuple)
)


@st.composite
def entries(draw):
    sseq = draw(st.integers(1, 5))
    return make_entry(
        id=draw(ids),
        kind=draw(st.sampled_from([kind for kind in EntryKind if kind not in KINDS_WITHOUT_SUBJECT])),
        subject=draw(ids),
        sseq=sseq,
        sprev=draw(digests) if sseq > 1 else None,
        occurred_at=draw(times),
        recorded_at=draw(times),
        actor=Actor(kind=draw(st.sampled_from(Role)), ref=draw(ids), via=draw(st.sampled_from(Via))),
        objects=draw(rows),
        history=(),
        text=draw(st.none() | st.builds(SheetText, sheet=codes, version=codes, language=codes, digest=digests)),
        veil=tuple(draw(st.lists(digests, max_size=2))),
        detail=draw(details) or None,
        seen=draw(st.none() | st.builds(Seen, size=st.integers(1, 2**53 - 1), root=digests)),
    )


@given(entries())
def test_an_entry_goes_there_and_back(entry):
    body = encode_entry(entry)
    assert parse_entry(body) == entry
    assert body == canonical(json.loads(body))


@given(entries(), st.data())
def test_no_other_byte_gives_the_same_entry(entry, data):
    body = bytearray(encode_entry(entry))
    position = data.draw(st.integers(0, len(body) - 1))
    body[position] ^= 1 << data.draw(st.integers(0, 7))
    with contextlib.suppress(EncodingError):
        assert parse_entry(bytes(body)) != entry


def test_nothing_a_person_said_can_stand_in_an_entry():
    for words in ("She said yes", "王芳", "a b", "", "x" * 200):
        with pytest.raises(EncodingError, match=r"\$\.detail\.note"):
            encode_entry(make_entry(detail={"note": words}))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"log": "Freely Given"}, "$.log"),
        ({"sseq": 0}, "$.sseq"),
        ({"sseq": None}, "$.sseq"),
        ({"sseq": True}, "$.sseq"),
        ({"subject": None}, "$.subject"),
        ({"kind": EntryKind.SHEET_PUBLISHED}, "$.subject"),
        ({"sprev": None}, "$.sprev"),
        ({"sseq": 1}, "$.sprev"),
        ({"sprev": "AB" * 32}, "$.sprev"),
        ({"occurred_at": datetime.datetime(2027, 1, 15)}, "$"),  # noqa: DTZ001  that is what is refused
        ({"actor": Actor(kind=Role.PATIENT, ref=None, via=Via.OWN_CARD)}, "$.actor.ref"),
        ({"actor": Actor(kind="official", ref=uuid.UUID(int=1), via=Via.STAFF)}, "$.actor.kind"),
        ({"objects": (BoundRow(model="Consent", key="0" * 32, digest=DIGEST),)}, "$.object[0].model"),
        ({"objects": (BoundRow(model="consent.consent", key="7", digest=DIGEST),)}, "$.object[0].key"),
        ({"history": (BoundRow(model="a.b", key="0" * 32, digest="0"),)}, "$.history[0].digest"),
        ({"objects": (BoundRow(model="a.b", key="0" * 32, digest=DIGEST),) * 2}, "$.object"),
        ({"text": SheetText(sheet="a b", version="1", language="en", digest=DIGEST)}, "$.text.sheet"),
        ({"veil": ("no",)}, "$.veil[0]"),
        ({"detail": {"Upper": 1}}, "$.detail"),
        ({"detail": {"a": 1.5}}, "$.detail.a"),
        ({"detail": {"a": [["x"]]}}, "$.detail.a[0]"),
        ({"detail": {"a": {"b": 1}}}, "$.detail.a"),
        ({"detail": {"a": None}}, "$.detail.a"),
        ({"detail": {"a": 2**60}}, "$.detail.a"),
    ],
)
def test_an_impossible_entry_is_refused_with_its_path(changes, path):
    with pytest.raises(EncodingError) as refusal:
        encode_entry(make_entry(**changes))
    assert refusal.value.path == path


def test_empty_optional_parts_are_left_out():
    body = encode_entry(make_entry(text=None, veil=(), detail=None))
    assert not {"text", "veil", "detail"} & json.loads(body).keys()


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"v": 2}, "$.v"),
        ({"v": True}, "$.v"),
        ({"type": "consent.imposed"}, "$.type"),
        ({"type": 7}, "$.type"),
        ({"seen": {"size": 1}}, "$.seen.root"),
        ({"seen": {"size": 0, "root": DIGEST}}, "$.seen.size"),
        ({"felt": {"size": 1}}, "$.felt"),
        ({"veil": []}, "$.veil"),
        ({"detail": {}}, "$.detail"),
        ({"detail": []}, "$.detail"),
        ({"object": {}}, "$.object"),
        ({"actor": "staff"}, "$.actor"),
        ({"occurred_at": 7}, "$.occurred_at"),
        ({"occurred_at": "2027-01-15"}, "$.occurred_at"),
    ],
)
def test_foreign_bytes_are_refused_with_their_path(change, path):
    document = json.loads(encode_entry(make_entry())) | change
    with pytest.raises(EncodingError) as refusal:
        parse_entry(canonical(document))
    assert refusal.value.path == path


@pytest.mark.parametrize("body", [b"[]", b"7", b'"x"', b"{}"])
def test_what_is_no_entry_at_all_is_refused(body):
    with pytest.raises(EncodingError):
        parse_entry(body)


@pytest.mark.parametrize("key", sorted(json.loads(encode_entry(make_entry())).keys() - {"text", "veil", "detail"}))
def test_every_required_part_is_missed(key):
    document = json.loads(encode_entry(make_entry()))
    del document[key]
    with pytest.raises(EncodingError):
        parse_entry(canonical(document))
