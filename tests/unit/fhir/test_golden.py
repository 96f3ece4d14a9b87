"""The golden files say what the code says, and both validators accept them; broken ones they refuse."""

import copy
import json
from typing import Any

import pytest

from consent.fhir import bundle_r4, consents_r5, to_bytes
from consent.fhir.releases import Release
from consent.fhir.states import Standing
from tests.unit.fhir.golden import FOLDER, Case, cases, text_of
from tests.unit.fhir.samples import facts_of
from tests.unit.fhir.validating import model_errors, npm_errors

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_a_golden_file_says_what_the_code_says(case: Case) -> None:
    name, _release, bundle = case
    assert (FOLDER / name).read_text(encoding="utf-8") == text_of(bundle)


def test_every_standing_has_its_two_files_and_nothing_else_lies_there() -> None:
    names = {name for name, _release, _bundle in CASES}
    assert {path.name for path in FOLDER.iterdir()} - {"story-r4.json", "story-r5.json"} == names
    assert len(names) == 2 * len(Standing) + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_the_models_accept_it(case: Case) -> None:
    name, release, _bundle = case
    assert model_errors(json.loads((FOLDER / name).read_text(encoding="utf-8")), release) == []


def test_the_other_validator_accepts_all_of_r4() -> None:
    files = {
        name: json.loads((FOLDER / name).read_text(encoding="utf-8")) for name, rel, _b in CASES if rel is Release.R4
    }
    assert npm_errors(files) == {}


def test_the_same_facts_give_the_same_bytes_in_any_order() -> None:
    facts = facts_of(Standing.CONFIRMED)
    turned = facts_of(Standing.CONFIRMED, staff=tuple(reversed(facts.staff)), sites=tuple(reversed(facts.sites)))
    for write in (bundle_r4, consents_r5):
        assert to_bytes(write(facts)) == to_bytes(write(turned))
        assert json.loads(to_bytes(write(facts))) == write(facts)


# ------------------------------------------------------------------------------------------- do the validators see?


def first(bundle: dict[str, Any], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == kind)
    return found


def broken(release: Release) -> dict[str, dict[str, Any]]:
    """Bundles, each broken at one place, by what is broken."""
    write = bundle_r4 if release is Release.R4 else consents_r5
    sound = write(facts_of(Standing.WITHDRAWN))
    files = {name: copy.deepcopy(sound) for name in ("code", "element", "missing", "time")}
    first(files["code"], "Consent")["status"] = "banana"
    first(files["element"], "Consent")["mood"] = "good"
    del first(files["missing"], "Consent")["status"]
    first(files["time"], "Provenance")["recorded"] = "yesterday"
    return files


@pytest.mark.parametrize("release", list(Release))
def test_the_models_refuse_what_is_broken(release: Release) -> None:
    for name, bundle in broken(release).items():
        assert model_errors(bundle, release) != [], name


def test_the_other_validator_refuses_what_is_broken() -> None:
    files = broken(Release.R4)
    files["type"] = bundle_r4(facts_of(Standing.WITHDRAWN))
    first(files["type"], "Consent")["provision"]["type"] = "maybe"
    del files["time"]  # it does not look into times; the models do
    assert set(npm_errors(files)) == set(files)
    assert "banana" in npm_errors(files)["code"][0]
