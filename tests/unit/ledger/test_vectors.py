"""The frozen vectors of format v1. When one fails, entries that exist can no longer be read: mend the code,
never the vectors."""

import json
from pathlib import Path

import pytest

from consent.ledger.canonical import EncodingError
from consent.ledger.commitments import commitment, row_digest
from consent.ledger.encoding import encode_entry, parse_entry
from consent.ledger.tree import Frontier, leaf_hash
from consent.vocabulary import EntryKind

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "ledger_v1.json").read_text(encoding="utf-8"))


def test_every_kind_of_entry_has_a_vector():
    assert {vector["kind"] for vector in VECTORS["entries"]} == {kind.value for kind in EntryKind}


@pytest.mark.parametrize("vector", VECTORS["entries"], ids=lambda vector: vector["kind"])
def test_entry_vector(vector):
    body = vector["body"].encode()
    entry = parse_entry(body)
    assert entry.kind == vector["kind"]
    assert encode_entry(entry) == body
    assert leaf_hash(body).hex() == vector["leaf_hash"]


def test_root_vectors():
    frontier = Frontier()
    for vector in VECTORS["entries"]:
        frontier = frontier.append(leaf_hash(vector["body"].encode()))
        assert (frontier.size, frontier.root().hex()) == (vector["size"], vector["root"])
        assert frontier.to_hex() == vector["frontier"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["why"])
def test_bytes_that_must_be_refused(vector):
    with pytest.raises(EncodingError):
        parse_entry(vector["body"].encode())


@pytest.mark.parametrize("vector", VECTORS["rows"], ids=lambda vector: vector["model"])
def test_row_vector(vector):
    salt = bytes.fromhex(vector["row_salt"])
    veiled = {
        field: commitment(row_salt=salt, field=field, value=value) for field, value in vector["veiled_values"].items()
    }
    assert veiled == vector["commitments"]
    digest = row_digest(model=vector["model"], key=vector["key"], opened=vector["open"], veiled=veiled)
    assert digest == vector["digest"]


def test_roots_everybody_knows():
    known, frontier = VECTORS["rfc6962"], Frontier()
    assert frontier.root().hex() == known["empty_root"]
    for leaf, root in zip(known["leaves"], known["roots"], strict=True):
        frontier = frontier.append(leaf_hash(bytes.fromhex(leaf)))
        assert frontier.root().hex() == root
