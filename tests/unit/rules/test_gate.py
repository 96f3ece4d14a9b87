"""The gate: open when everything is in order, shut by each single thing that is not, and by all that is unknown."""

import pytest

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.rules.gate import REQUIREMENTS, Stage, Verdict, decide
from consent.rules.policy import effective_table
from tests.unit.rules.cases import PROFILES, good_case
from tests.unit.rules.truth_table import BROKEN, Row
from tests.unit.rules.truth_table_unknown import NEVER_BROKEN, NEVER_UNKNOWN, UNKNOWN

BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}


def named(verdict: Verdict) -> set[str]:
    return {missing.requirement_id for missing in (*verdict.unmet, *verdict.warnings)}


def at_each_stage(rows: list[Row]) -> list[object]:
    return [
        pytest.param(row, stage, id=f"{row.requirement}, {row.what}, {row.category}, {stage}")
        for row in rows
        for stage in sorted(row.stages or BY_ID[row.requirement].stages)
    ]


def verdict_of(row: Row, stage: Stage) -> Verdict:
    facts = row.change(good_case(row.category, stage=stage, particular=row.particular))
    return decide(facts, stage=stage, law=effective_table(Preset.STRICT_DEFAULT, row.overrides or None))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize(("category", "particular"), PROFILES)
def test_gate_is_open_when_everything_is_in_order(
    category: ProcedureCategory, particular: Particular, preset: Preset, stage: Stage
) -> None:
    verdict = decide(good_case(category, stage=stage, preset=preset, particular=particular), stage=stage)
    assert verdict == Verdict(unmet=(), warnings=())
    assert verdict.is_allowed


@pytest.mark.parametrize(("row", "stage"), at_each_stage(BROKEN))
def test_gate_names_exactly_what_is_broken(row: Row, stage: Stage) -> None:
    verdict = verdict_of(row, stage)
    assert named(verdict) == {row.requirement} | {one for one in row.also if stage in BY_ID[one].stages}
    assert all(missing.detail.strip() or not missing.detail_template for missing in verdict.unmet)
    (missing,) = [one for one in (*verdict.unmet, *verdict.warnings) if one.requirement_id == row.requirement]
    assert not missing.is_unknown
    assert (missing in verdict.holds) == missing.effect.holds


@pytest.mark.parametrize(("row", "stage"), at_each_stage(UNKNOWN))
def test_what_is_unknown_is_not_met(row: Row, stage: Stage) -> None:
    verdict = verdict_of(row, stage)
    assert named(verdict) == {row.requirement} | {one for one in row.also if stage in BY_ID[one].stages}
    (missing,) = [one for one in (*verdict.unmet, *verdict.warnings) if one.requirement_id == row.requirement]
    assert missing.is_unknown
    assert missing.detail == "Nothing is recorded about this yet."
    assert (missing in verdict.unmet) == missing.effect.stops
    assert missing not in verdict.holds


def test_every_requirement_has_its_rows() -> None:
    """A requirement without a row that breaks it, and one that leaves it unknown, cannot be added."""
    for requirement in REQUIREMENTS:
        broken_at = {
            stage for row in BROKEN if row.requirement == requirement.id for stage in row.stages or requirement.stages
        }
        stages = set() if requirement.id in NEVER_BROKEN else requirement.stages
        assert broken_at == stages, f"{requirement.id}: no row breaks it at each of its stages"
    assert {row.requirement for row in UNKNOWN} | set(NEVER_UNKNOWN) == set(BY_ID)
    assert {row.requirement for row in UNKNOWN}.isdisjoint(NEVER_UNKNOWN)
