import base64
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import commitment
from consent.ledger.entry import BoundRow
from consent.ledger.notes import parse_note, signed_note
from consent.ledger.openings import Opening, ShownValue, check_openings, read_extra, write_extra
from consent.ledger.refusals import (
    ForeignOriginError,
    NoteError,
    OpeningError,
    ProofError,
    ProofFileError,
    QuorumError,
    RefusalError,
    SignatureError,
    UnreadableError,
)
from consent.ledger.tlog_proof import ProofFile, format_receipt, parse_proof_file, verify_proof_file, verify_receipt
from consent.ledger.tree import leaf_hash
from tests.log_world import ORIGIN, OTHER_ORIGIN, checkpoint_note, entry_body, opening, policy, receipt

RECEIPT = receipt()

# The file shown in C2SP tlog-proof; its signatures are shortened there, so those below are made up.
SPEC_FILE = """\
c2sp.org/tlog-proof@v1
extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ
index 73894
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=
B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=
EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=
RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=
AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=

example.com/fancylog
109482
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— example.com/fancylog hI2DJwAA
"""


def with_extra(change):
    """The good receipt with another document in its extra part."""
    file = parse_proof_file(RECEIPT)
    document = json.loads(file.extra)
    change(document)
    extra = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return replace(file, extra=extra).to_text()


def test_a_good_receipt_is_verified_offline():
    verified = verify_receipt(RECEIPT, policy("Ally"))
    assert verified.entry.log == ORIGIN
    assert verified.body == entry_body()
    assert verified.file.index == 3
    assert verified.checkpoint.checkpoint.size == 7
    assert [item.name for item in verified.checkpoint.witnesses] == ["Ally", "Mirror"]
    assert verified.openings == (opening(),)
    assert verify_receipt(RECEIPT.encode(), policy()) == verified


def test_an_entry_alone_in_its_log_needs_no_path():
    text = receipt(index=0, size=1)
    assert parse_proof_file(text).path == ()
    assert verify_receipt(text, policy()).checkpoint.checkpoint.size == 1


def test_the_file_of_the_specification_is_read_and_written_alike():
    file = parse_proof_file(SPEC_FILE)
    assert (file.index, len(file.path), file.extra[:6]) == (73894, 5, b"age-v1")
    assert file.checkpoint().size == 109482
    assert file.to_text() == SPEC_FILE


def test_a_file_without_extra_proves_a_leaf_that_is_known_otherwise():
    file = replace(parse_proof_file(RECEIPT), extra=None)
    again = parse_proof_file(file.to_text())
    assert again == file
    assert verify_proof_file(again, leaf_hash(entry_body()), policy()).checkpoint.size == 7
    with pytest.raises(ProofFileError, match="entry itself is missing"):
        verify_receipt(file.to_text(), policy())


BAD_FILES = {
    "nothing": "",
    "another file": "hello\n",
    "a version unknown here": RECEIPT.replace("@v1", "@v2"),
    "blanks before it": " " + RECEIPT,
    "carriage returns": RECEIPT.replace("\n", "\r\n"),
    "no index": RECEIPT.replace("index 3\n", ""),
    "index with zero": RECEIPT.replace("index 3\n", "index 03\n"),
    "index with sign": RECEIPT.replace("index 3\n", "index +3\n"),
    "index of many digits": RECEIPT.replace("index 3\n", "index " + "9" * 5000 + "\n"),
    "index beyond": RECEIPT.replace("index 3\n", "index 9223372036854775808\n"),
    "two indices": RECEIPT.replace("index 3\n", "index 3\nindex 3\n"),
    "two extras": RECEIPT.replace("extra ", "extra AAAA\nextra ", 1),
    "extra after the index": RECEIPT.replace("index 3\n", "index 3\nextra AAAA\n"),
    "extra with stray bits": RECEIPT.replace("extra ", "extra AAB=\nextra ", 1),
    "extra without base64": RECEIPT.replace("extra ", "extra ?", 1),
    "a short hash": RECEIPT.replace("index 3\n", "index 3\nAAAA\n"),
    "too long a path": RECEIPT.replace("index 3\n", "index 3\n" + ("A" * 43 + "=\n") * 64),
    "trailing byte": RECEIPT + "x",
    "trailing line": RECEIPT + "x\n",
    "trailing empty line": RECEIPT + "\n",
    "a second receipt behind it": RECEIPT + RECEIPT,
    "no checkpoint": RECEIPT.split("\n\n")[0] + "\n",
    "no checkpoint but its empty line": RECEIPT.split("\n\n")[0] + "\n\n",
    "not UTF-8": RECEIPT.encode() + b"\xff\n",
    "half a surrogate": RECEIPT + "\ud800\n",
    "too long": RECEIPT + "x" * 4_000_000,
}


@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_a_malformed_file_is_refused(data):
    with pytest.raises(UnreadableError) as refusal:
        parse_proof_file(data)
    assert refusal.value.reason.endswith(".")


def test_a_file_cut_off_anywhere_is_refused():
    for length in range(len(RECEIPT)):
        with pytest.raises(RefusalError):
            verify_receipt(RECEIPT[:length], policy("Mirror"))


def test_an_unknown_version_is_named():
    with pytest.raises(ProofFileError, match="of a version unknown here"):
        parse_proof_file(RECEIPT.replace("@v1", "@v2"))


def add_key(document):
    document["more"] = 1


def add_null(document):
    document["openings"][0]["open"]["x"] = None


def add_fraction(document):
    document["openings"][0]["open"]["x"] = 1.5


def shorten_salt(document):
    document["openings"][0]["veiled"]["reason"]["salt"] = "00"


def capital_commitment(document):
    document["openings"][0]["veiled"]["note"] = "A" * 64


def number_commitment(document):
    document["openings"][0]["veiled"]["note"] = 5


def no_list(document):
    document["openings"] = {}


def no_model(document):
    del document["openings"][0]["model"]


def number_key(document):
    document["openings"][0]["key"] = 5


def no_fields(document):
    document["openings"][0]["open"] = []


def no_entry(document):
    document["entry"] = 5


def not_an_entry(document):
    document["entry"] = "{}"


def unknown_version_of_entry(document):
    document["entry"] = document["entry"].replace('"v":1', '"v":2')


SPOILED_EXTRAS = [
    add_key,
    add_null,
    add_fraction,
    shorten_salt,
    capital_commitment,
    number_commitment,
    no_list,
    no_model,
    number_key,
    no_fields,
    no_entry,
    not_an_entry,
    unknown_version_of_entry,
]


@pytest.mark.parametrize("change", SPOILED_EXTRAS, ids=lambda change: change.__name__)
def test_a_malformed_extra_part_is_refused(change):
    with pytest.raises(ProofFileError):
        verify_receipt(with_extra(change), policy())


@pytest.mark.parametrize(
    "spoil",
    [
        lambda extra: extra.replace(b'{"entry"', b'{"entry":"","entry"'),
        lambda extra: extra.replace(b'"open":{', b'"open":{},"open":{'),
        lambda extra: extra.replace(b'{"entry"', b'{ "entry"'),
        lambda extra: b"\xef\xbb\xbf" + extra,
        lambda extra: extra + b"\n",
        lambda extra: extra[:-1],
        lambda extra: extra.replace(b'"raised"', b'"\\u0072aised"'),
        lambda extra: extra.replace(b'"raised"', b'"\\ud800"'),
        lambda extra: b"[" * 100_000,
        lambda extra: b"9" * 10_000,
        lambda extra: b"\xff",
        lambda extra: b"[]",
        lambda extra: b"",
    ],
)
def test_an_extra_part_written_otherwise_is_refused(spoil):
    file = parse_proof_file(RECEIPT)
    with pytest.raises(ProofFileError):
        verify_receipt(replace(file, extra=spoil(file.extra)).to_text(), policy())


def test_another_index_proves_nothing():
    with pytest.raises(ProofError):
        verify_receipt(RECEIPT.replace("index 3\n", "index 2\n"), policy())
    with pytest.raises(ProofError):
        verify_receipt(RECEIPT.replace("index 3\n", "index 7\n"), policy())


def test_a_path_too_long_or_too_short_proves_nothing():
    file = parse_proof_file(RECEIPT)
    for path in (file.path[:-1], (*file.path, bytes(32)), ()):
        with pytest.raises(ProofError):
            verify_receipt(replace(file, path=path).to_text(), policy())


def test_another_entry_proves_nothing():
    def change(document):
        document["entry"] = document["entry"].replace("2027-01-15", "2026-01-15")

    with pytest.raises(ProofError):
        verify_receipt(with_extra(change), policy())


def test_a_changed_root_is_refused():
    file = parse_proof_file(RECEIPT)
    note = parse_note(file.note)
    other = parse_note(checkpoint_note(7, bytes(32)))
    forged = signed_note(other.text, [line.to_line() for line in note.signatures])
    with pytest.raises(SignatureError):
        verify_receipt(replace(file, note=forged).to_text(), policy())


def test_an_entry_of_another_ledger_is_refused():
    """It stands in this log under a good signature, but was written for another one."""
    with pytest.raises(ForeignOriginError, match=OTHER_ORIGIN):
        verify_receipt(receipt(body=entry_body(log=OTHER_ORIGIN)), policy())


def test_a_receipt_without_the_witness_asked_for_is_refused():
    file = parse_proof_file(RECEIPT)
    note = parse_note(file.note)
    bare = signed_note(note.text, [line.to_line() for line in note.signatures[:2]])
    text = replace(file, note=bare).to_text()
    assert verify_receipt(text, policy()).checkpoint.witnesses == ()
    with pytest.raises(QuorumError):
        verify_receipt(text, policy("Mirror"))


def test_other_values_than_those_recorded_are_refused():
    with pytest.raises(OpeningError, match="not those that were recorded"):
        verify_receipt(receipt(body=entry_body(), openings=[opening(reason="tired")]), policy())
    closed = replace(opening(), opened={"state": "lifted"})
    with pytest.raises(OpeningError):
        verify_receipt(receipt(body=entry_body(), openings=[closed]), policy())


def test_a_row_the_entry_does_not_name_is_refused():
    other = replace(opening(), key="2" * 32)
    with pytest.raises(OpeningError, match="does not speak of"):
        verify_receipt(receipt(body=entry_body(), openings=[opening(), other]), policy())


def test_a_shown_value_gives_the_commitment_of_the_row():
    for value in ("yes", 5, True, ["a", {"b": 1}], "e\u0301"):
        shown = ShownValue.of(row_salt=b"r" * 32, field="note", value=value)
        assert shown.commitment() == commitment(row_salt=b"r" * 32, field="note", value=value)


def test_an_opening_that_shows_nothing_is_right_too():
    hidden = replace(opening(), veiled=dict.fromkeys(("note",), "5" * 64) | {"reason": shown_commitment()})
    check_openings([hidden], [BoundRow(model=hidden.model, key=hidden.key, digest=opening().digest())])


def shown_commitment():
    return opening().veiled["reason"].commitment()


def test_history_rows_can_be_opened():
    row = BoundRow(model=opening().model, key=opening().key, digest="0" * 64)
    history = BoundRow(model=opening().model, key=opening().key, digest=opening().digest())
    check_openings([opening()], [row, history])


def test_what_could_not_be_read_is_not_written():
    with pytest.raises(EncodingError):
        write_extra(b"{}", [replace(opening(), opened={"x": 1.5})])
    with pytest.raises(ProofFileError):
        write_extra(b"\xff", [])
    with pytest.raises(ProofFileError):
        write_extra(b"{}", [replace(opening(), veiled={"note": "short"})])
    with pytest.raises(NoteError):
        format_receipt(body=entry_body(), openings=[], index=0, path=[], note="no note")
    with pytest.raises(ProofFileError):
        format_receipt(body=entry_body(), openings=[], index=-1, path=[], note=checkpoint_note(1, bytes(32)))


VALUES = st.recursive(
    st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,4}", fullmatch=True), inner),
    max_leaves=6,
)
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
SHOWN = st.builds(ShownValue, st.binary(min_size=32, max_size=32), VALUES)
FIELDS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
OPENINGS = st.builds(
    Opening,
    st.just("consent.hold"),
    HEX,
    st.dictionaries(FIELDS, VALUES, max_size=3),
    st.dictionaries(FIELDS, HEX | SHOWN, max_size=3),
)


@given(st.lists(OPENINGS, max_size=3))
def test_what_was_written_is_read_again(openings):
    assert read_extra(write_extra(b'{"v":1}', openings)) == (b'{"v":1}', tuple(openings))


@given(
    st.none() | st.binary(max_size=30),
    st.integers(0, 2**53 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63),
)
def test_every_file_is_read_as_it_was_written(extra, index, path):
    file = ProofFile(extra=extra, index=index, path=tuple(path), note=checkpoint_note(7, bytes(32)))
    assert parse_proof_file(file.to_text()) == file


@given(st.data())
def test_no_changed_receipt_is_believed(data):
    """Whatever is changed, the file is refused with a reason, or what it proves has not changed."""
    body = RECEIPT.encode()
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 3, len(body))))
    changed = body[:start] + data.draw(st.binary(max_size=3)) + body[end:]
    try:
        verified = verify_receipt(changed, policy())
    except RefusalError:
        return
    assert verified.file.to_text().encode() == changed
    assert (verified.body, verified.file.index) == (entry_body(), 3)


def test_base64_of_the_path_is_strict():
    line = RECEIPT.split("index 3\n")[1].split("\n")[0]
    loose = line[:-2] + chr(ord(line[-2]) + 1) + "="
    assert base64.b64decode(loose) == base64.b64decode(line)
    with pytest.raises(ProofFileError, match="Hash 1 of the path"):
        parse_proof_file(RECEIPT.replace(line, loose))
