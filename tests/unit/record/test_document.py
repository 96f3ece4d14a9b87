"""The record as a document: one way to write it, read back whole, and every other way refused with a sentence."""

import base64
import dataclasses
import datetime
import json
import re
from pathlib import Path
from typing import Any

import pytest

from consent.ledger.canonical import canonical_as_stored
from consent.record.document import FORMAT, document_bytes, document_digest, record_of
from consent.record.exceptions import DocumentError
from consent.record.schema import record_schema
from consent.record_facts import ConsentRecord
from tests.unit.record.samples import chinese_record, english_record

VECTORS = Path(__file__).parents[2] / "vectors" / "consent_record_v1.json"
FROZEN = json.loads(VECTORS.read_text(encoding="utf-8"))
BOTH = pytest.mark.parametrize("make", [english_record, chinese_record])


def changed(**changes: object) -> bytes:
    """The document of the sample, written canonically with other values; None takes a key away."""
    value = json.loads(document_bytes(english_record())) | changes
    return canonical_as_stored({key: item for key, item in value.items() if item is not None})


@BOTH
def test_what_was_written_is_read_back(make) -> None:
    record: ConsentRecord = make()
    document = document_bytes(record)
    assert record_of(document) == record
    assert document_bytes(record_of(document)) == document
    assert json.loads(document)["format"] == FORMAT


@pytest.mark.parametrize("vector", FROZEN, ids=lambda vector: vector["name"])
def test_documents_that_were_frozen_once_are_read_for_good(vector: dict[str, str]) -> None:
    document = vector["document"].encode()
    assert document_digest(document) == vector["digest"]
    assert document_bytes(record_of(document)) == document


def test_bytes_are_base64_times_utc_days_plain_and_nothing_is_null() -> None:
    value = json.loads(document_bytes(english_record()))
    assert value["made_at"] == "2026-03-04T12:05:00.000000Z"
    assert value["birth_date"] == "1991-11-30"
    assert base64.b64decode(value["signatures"][0]["image_png"]).startswith(b"\x89PNG")
    assert "image_png" not in value["signatures"][1], "what there is not, is left out"


def test_text_is_kept_in_whatever_form_it_was_typed() -> None:
    words = "e\u0301 \U0001f600 \u202e\x07"
    assert record_of(document_bytes(english_record(ended_words=words))).ended_words == words


REFUSED = {
    "another version": (changed(format="freely-given/consent-record/v2"), "not a document of the form"),
    "no version": (changed(format=None), "not a document of the form"),
    "a list": (b"[]", "not a document of the form"),
    "nothing": (b"", "not the document of a record"),
    "trailing bytes": (document_bytes(english_record()) + b" ", "not the document of a record"),
    "a key twice": (b'{"a":1,"a":1}', "not the document of a record"),
    "blanks": (b'{"format": 1}', "not the document of a record"),
    "an unknown key": (changed(extra="x"), "“extra” is not known here"),
    "a missing key": (changed(site_name=None), "“site_name” is missing"),
    "a number for a text": (changed(site_name=1), r"\$\.site_name: is not a text"),
    "a text for a list": (changed(people="x"), r"\$\.people: is not a list"),
    "a text for an object": (changed(act="x"), r"\$\.act: is not an object"),
    "three in a pair": (changed(rules=[["a", "b", "c"]]), r"holds 3 values instead of 2"),
    "no day": (changed(birth_date="1991-02-30"), "not a day"),
    "another day": (changed(birth_date="19911130"), "other bytes"),
    "no time": (changed(made_at="2026-03-04T12:05:00Z"), "a time is written"),
    "true for a number": (
        changed(act={"entry_id": "x", "kind": "y", "number": True, "previous_leaf": ""}),
        r"\$\.act\.number: is not a whole number",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_every_other_way_is_refused_with_a_sentence(name: str) -> None:
    document, words = REFUSED[name]
    with pytest.raises(DocumentError, match=words) as refusal:
        record_of(document)
    assert str(refusal.value).endswith(".")


def test_base64_is_written_in_one_way_only() -> None:
    value = json.loads(document_bytes(english_record()))
    for sly in ("AAB=", "AA==\n", "é"):
        value["signatures"][0]["image_png"] = sly
        with pytest.raises(DocumentError):
            record_of(canonical_as_stored(value))


def test_a_time_without_its_zone_cannot_be_written() -> None:
    with pytest.raises(DocumentError, match="a time without its zone"):
        document_bytes(english_record(made_at=datetime.datetime(2026, 3, 4)))  # noqa: DTZ001  that is the point


def _fits(value: object, shape: dict[str, Any], schema: dict[str, Any]) -> bool:
    """The small part of JSON Schema that ours uses."""
    shape = schema["$defs"][shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
    if "const" in shape:
        return value == shape["const"]
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}
    if type(value) is not kinds[shape["type"]]:
        return False
    if isinstance(value, str):
        return re.search(shape.get("pattern", ""), value) is not None
    if isinstance(value, list):
        shapes = shape.get("prefixItems") or [shape["items"]] * len(value)
        return len(shapes) == len(value) and all(map(_fits, value, shapes, [schema] * len(value)))
    if isinstance(value, dict) and "properties" in shape:
        named = set(shape["required"]) <= set(value) <= set(shape["properties"])
        return named and all(_fits(item, shape["properties"][key], schema) for key, item in value.items())
    return True


@BOTH
def test_the_published_schema_fits_what_is_written_and_nothing_else(make) -> None:
    schema = record_schema()
    assert _fits(json.loads(document_bytes(make())), schema, schema)
    assert not _fits(json.loads(changed(site_name=None)), schema, schema)
    assert not _fits(json.loads(changed(extra="x")), schema, schema)
    assert not _fits(json.loads(changed(rules=[["a"]])), schema, schema)


def test_the_page_speaks_of_every_part() -> None:
    page = (Path(__file__).parents[3] / "docs" / "consent-record.md").read_text(encoding="utf-8")
    assert [f.name for f in dataclasses.fields(ConsentRecord) if f"`{f.name}`" not in page] == []


def test_each_changed_value_changes_the_digest() -> None:
    record = english_record()
    before = document_digest(document_bytes(record))
    for field in dataclasses.fields(record):
        if isinstance(getattr(record, field.name), str):
            other = dataclasses.replace(record, **{field.name: getattr(record, field.name) + "x"})
            assert document_digest(document_bytes(other)) != before, field.name
