import datetime
import unicodedata

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.canonical import (
    LARGEST_INTEGER,
    EncodingError,
    _read,
    canonical,
    canonical_as_stored,
    read,
    time_from_text,
    time_text,
)

texts = st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: unicodedata.normalize("NFC", text))
keys = st.text(st.characters(max_codepoint=127), min_size=1)
scalars = texts | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
values = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(values)
def test_same_bytes_as_rfc_8785(value):
    try:
        body = canonical(value)
    except EncodingError as error:
        assert "deeper" in error.reason
    else:
        assert body == rfc8785.dumps(value)


@given(values)
def test_what_was_written_is_read_back(value):
    try:
        body = canonical(value)
    except EncodingError:
        return
    assert read(body) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_stored_text_is_written_exactly(text):
    assert canonical_as_stored(text) == rfc8785.dumps(text)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"a": [1, {"b": 1.0}]}, "$.a[1].b"),
        ({"a": None}, "$.a"),
        ({"a": LARGEST_INTEGER + 1}, "$.a"),
        ({"a": -LARGEST_INTEGER - 1}, "$.a"),
        ({"ä": 1}, "$"),
        ({"": 1}, "$"),
        ({1: 1}, "$"),
        ({"a": "e\u0301"}, "$.a"),
        (["\ud800"], "$[0]"),
        ([b"x"], "$[0]"),
        ([{1, 2}], "$[0]"),
        (float("nan"), "$"),
        (datetime.datetime(2027, 1, 15, tzinfo=datetime.UTC), "$"),
    ],
)
def test_what_lies_outside_is_refused_with_its_path(value, path):
    with pytest.raises(EncodingError) as refusal:
        canonical(value)
    assert refusal.value.path == path


def test_nesting_has_an_end():
    value = []
    for _ in range(20):
        value = [value]
    with pytest.raises(EncodingError, match="deeper"):
        canonical(value)


def test_stored_text_need_not_be_in_normal_form_but_must_be_text():
    assert canonical_as_stored("e\u0301") == '"e\u0301"'.encode()
    with pytest.raises(EncodingError):
        canonical_as_stored("\ud800")


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'{"a":01}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":null}',
        b'"\\u0061"',
        b'"\\u00e9"',
        b'"e\xcc\x81"',
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        b"\xff",
        b"",
        b"[" * 100_000,
        b"9" * 5000,
    ],
)
def test_other_bytes_for_a_value_are_refused(body):
    with pytest.raises(EncodingError):
        read(body)


def reading(reader, body):
    """What a reader gives, or why it refuses."""
    try:
        return reader(body)
    except EncodingError as error:
        return (error.path, error.reason)


def with_a_closer_look(body):
    return _read(body, canonical)


@given(values, st.data())
def test_the_quick_reader_agrees_with_the_closer_look(value, data):
    try:
        body = canonical(value)
    except EncodingError:
        return
    place = data.draw(st.integers(0, len(body)))
    inserted = data.draw(
        st.sampled_from([b"", b"0", b"1e1", b".5", b"-", b"null", b'""', b" ", b"\\u0041", b"[", b"}", b"9" * 16])
    )
    changed = body[:place] + inserted + body[place + data.draw(st.integers(0, 2)) :]
    assert reading(read, changed) == reading(with_a_closer_look, changed)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":null}',
        b'{"":1}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":1}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":123456789012345678901234567890}',
        b'{"a":1.0}',
        b'{"a":NaN}',
        b'{"a":-0}',
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a": 1}',
        b'{"a":1} ',
        b"[" * 17 + b"]" * 17,
        b"[" * 18 + b"]" * 18,
        b"[" * 100_000,
        b"",
        b"\xff",
        b'{"a":"e\xcc\x81"}',
    ],
)
def test_the_quick_reader_refuses_what_the_closer_look_refuses(body):
    assert reading(read, body) == reading(with_a_closer_look, body)


KEYS_AND_NUMBERS = b'{"a":{"b":1,"c":[-2,{"e":3,"f":true}]},"g":[],"h":{},"i":"x"}'


def test_every_small_change_is_read_alike_by_both():
    for place in range(len(KEYS_AND_NUMBERS) + 1):
        for length in (0, 1, 2):
            for put in (b"", b"a", b"z", b'"', b"-", b"0", b"null", b",", b":", b"]", b"}", b"{", b"[", b"\\", b"\x7f"):
                changed = KEYS_AND_NUMBERS[:place] + put + KEYS_AND_NUMBERS[place + length :]
                assert reading(read, changed) == reading(with_a_closer_look, changed), changed


@pytest.mark.parametrize("body", [b'{"a":1}x', b"1,", b"-", b"tru", b"Infinity", b"-Infinity", b"-0", b"[-0]", b"00"])
def test_what_begins_well_is_read_to_its_end(body):
    assert reading(read, body) == reading(with_a_closer_look, body)
    with pytest.raises(EncodingError):
        read(body)


@pytest.mark.parametrize(
    "body", [b'{"a":9007199254740991}', b'{"a":-9007199254740991}', b'{"a":"\xc3\xa9"}', b'"null"']
)
def test_what_needs_the_closer_look_is_still_read(body):
    assert canonical(read(body)) == body


@given(st.datetimes(timezones=st.timezones()))
def test_times_go_there_and_back(instant):
    try:
        utc = instant.astimezone(datetime.UTC)
    except OverflowError:
        return
    assert time_from_text(time_text(instant)) == utc


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-15T10:00:00Z",
        "2027-01-15T10:00:00.000000+00:00",
        "2027-01-15 10:00:00.000000Z",
        "2027-02-30T10:00:00.000000Z",
        "2027-01-15T24:00:00.000000Z",
        "\u0662027-01-15T10:00:00.000000Z",
        "2027-01-15T10:00:00.000000Z\n",
        "",
    ],
)
def test_other_ways_to_write_a_time_are_refused(text):
    with pytest.raises(EncodingError):
        time_from_text(text)


def test_a_time_without_its_zone_is_refused():
    with pytest.raises(EncodingError, match="zone"):
        time_text(datetime.datetime(2027, 1, 15))  # noqa: DTZ001  that is what is refused
