"""The digest of a rule table is the same on every machine, and changes with anything that decides."""

import datetime
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest

from clinic.vocabulary import Preset
from consent.rules.policy import Effect, PolicyError, RuleTable, effective_table, load_preset
from consent.rules.policy_digest import policy_digest, policy_document, read_policy_document
from consent.rules.rule_table import Mark, Rule

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ROOT / "tests" / "vectors" / "policy_digests.json"
STATUTE = '[CR-013.imposed_wait_hours]\ncitation = "An Act"\nexpires = 2028-12-31\nABRT = { value = 24 }\n'
PRINT_ALL = """
from clinic.vocabulary import Preset
from consent.rules.policy import load_preset
from consent.rules.policy_digest import policy_digest
print({preset.value: policy_digest(load_preset(preset)) for preset in Preset})
"""


def test_each_preset_has_its_frozen_digest() -> None:
    """Every consent carries this digest. Where a table, a signal or a word was changed on purpose:

    1. say in CHANGELOG.md what changed and for whom it became stricter or looser;
    2. put the digests that this test shows into tests/vectors/policy_digests.json;
    3. commit both with the change. Consents signed before are judged by the stricter of both tables.
    """
    found = {preset.value: policy_digest(load_preset(preset)) for preset in Preset}
    frozen = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert found == frozen, "see the three steps in this test; the digests now are:\n" + json.dumps(found, indent=2)


def test_the_digest_depends_on_no_zone_language_or_order_of_hashing() -> None:
    for seed, zone, language in (("0", "Asia/Shanghai", "zh_CN.UTF-8"), ("4711", "America/New_York", "C")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        run = [sys.executable, "-c", PRINT_ALL]
        said = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
        assert said.strip() == str({preset.value: policy_digest(load_preset(preset)) for preset in Preset})


@pytest.mark.parametrize("preset", Preset)
def test_a_stored_table_is_read_back_whole(preset: Preset) -> None:
    for table in (load_preset(preset), effective_table(preset, STATUTE)):
        document = policy_document(table)
        assert read_policy_document(document) == table
        assert policy_document(read_policy_document(document)) == document


def with_cell(table: RuleTable, cell: Rule) -> RuleTable:
    rules = {**table.rules, "STER": {**table.rules["STER"], cell.name: cell}}
    return replace(table, rules=rules)


def test_the_digest_changes_with_every_part_of_a_cell() -> None:
    table = effective_table(Preset.ENGLAND, STATUTE)
    cell = table.rules["STER"]["alone_minutes"]
    other = {
        "rule_id": "CR-002",
        "name": "other_minutes",
        "value": 11,
        "effect": Effect.WARN,
        "source": "someone",
        "mark": Mark.LAW,
    }
    digests = {policy_digest(table)}
    for name, value in other.items():
        digests.add(policy_digest(with_cell(table, replace(cell, **{name: value}))))  # type: ignore[arg-type]
    lasting = replace(cell, expires_on=datetime.date(2030, 1, 1), instead=cell)
    digests.add(policy_digest(with_cell(table, lasting)))
    digests.add(policy_digest(replace(table, title="Another title")))
    digests.add(policy_digest(replace(table, preset=Preset.US_FEDERAL)))
    assert len(digests) == len(other) + 4
    # What a bar is and what is said about it stands in the text once, by bar.
    assert {field.name for field in fields(Rule)} - set(other) == {
        "stricter",
        "clinician",
        "patient",
        "expires_on",
        "instead",
    }
    bar = json.loads(policy_document(table))["bars"]["CR-050.alone_minutes"]
    assert (bar["stricter"], bar["clinician"], bar["patient"]) == (cell.stricter, cell.clinician, cell.patient)


def test_the_text_is_canonical_and_holds_signals_and_words() -> None:
    document = policy_document(load_preset(Preset.ENGLAND))
    read = json.loads(document)
    assert json.dumps(read, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == document
    assert "PS-01" in read["signals"]
    assert read["words"]
    assert len(document) < 400_000


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b'{"preset": "moon", "title": "", "rules": {}}',
        b'{"preset": "england", "title": "", "rules": {"STER": {"CR-001.x": {}}}, "bars": {}}',
        policy_document(load_preset(Preset.ENGLAND)).replace(b'"effect":"block"', b'"effect":"shout"', 1),
        policy_document(load_preset(Preset.ENGLAND))
        .replace(b'"value":10,', b'"value":-10,', 1)
        .replace(b'"value":10}', b'"value":-10}', 1),
    ],
)
def test_a_text_that_is_none_of_ours_is_refused(document: bytes) -> None:
    with pytest.raises(PolicyError, match="a stored rule table: cannot be read"):
        read_policy_document(document)
