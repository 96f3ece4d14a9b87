"""Take away one fact at a time: exactly the requirements that name it are unmet, and nothing else changes.

The rows are generated: for every kind of care, every stage and every preset, from a plain case and from one in which
much is going on (interpreter, mark, reading aid, doubt, somebody young), each fact that can be missing is taken out.
"""

import datetime
import functools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from clinic.vocabulary import AccessNeed, Particular, Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules.case import Case
from consent.rules.gate import REQUIREMENTS, Stage, applies_to, decide
from consent.vocabulary import Capacity, ReadingAid, SignatureMethod
from tests.unit.rules.cases import (
    DAY,
    HOUR,
    PROFILES,
    SOMEONE_ELSE,
    STARTS_AT,
    ability,
    consent,
    good_case,
    offer,
    past,
    procedure,
    talk,
)
from tests.unit.rules.truth_table import FOREIGN, HAS, PERMIT, QUALIFIED, RELATIVE, found, guarded

# Facts that say "unknown" by being empty, since they are never None.
EMPTY = {
    "time_zone": "",
    "consent.sheet_digest": "",
    "consent.sheet_elements": (),
    "conversation.spoken_language": "",
    "conversation.text_language": "",
    "conversation.patient_languages": (),
    "conversation.alternatives_opened": (),
    "offer.sheet_language": "",
    "offer.patient_languages": (),
    "ability.findings": (),
    "ability.guardians": (),
}


def busy_case(
    category: ProcedureCategory, *, stage: Stage, preset: Preset, particular: Particular = Particular.NONE
) -> GateFacts:
    """Everything in order, though much is going on."""
    facts = good_case(category, stage=stage, preset=preset, particular=particular)
    facts = offer(
        facts, sheet_language="en", reading_aid=ReadingAid.INTERPRETED_ALOUD, access_needs=(AccessNeed.BLIND,)
    )
    facts = past(procedure(facts, accompanies_birth=True), choice_recorded_at=STARTS_AT - 30 * HOUR)
    if facts.consent is None or facts.conversation is None:
        return facts
    facts = consent(
        facts,
        interpreter_stated_at=(facts.consent.given_at or facts.at) - HOUR,
        signing_method=SignatureMethod.MARK,
        witness_is_independent=True,
    )
    facts = replace(facts, proposed_signature=SignatureMethod.MARK, proposed_witness_is_independent=True)
    facts = talk(
        facts,
        **FOREIGN,
        interpreter_qualification=QUALIFIED,
        interpreter_is_companion=False,
        reading_aids=(ReadingAid.INTERPRETED_ALOUD,),
        request_source=RELATIVE,
        request_repeated_alone=True,
        doubts_named=(Capacity.IN_DOUBT,),
        doubted_at=STARTS_AT - 50 * DAY,
    )
    if category is not ProcedureCategory.STER:
        facts = replace(guarded(facts, PERMIT, able=True), birth_date=datetime.date(2012, 1, 1))
    return ability(facts, findings=(found(HAS, STARTS_AT - 45 * DAY, SOMEONE_ELSE),))


def facts_that_can_be_missing(facts: GateFacts) -> Iterator[tuple[str, GateFacts]]:
    """Every fact that is there and may be missing, with the case that lacks it."""
    for field in fields(facts):
        part = getattr(facts, field.name)
        if part is not None and _may_be_missing(field.name, field.type):
            nothing: Any = EMPTY.get(field.name)
            yield field.name, replace(facts, **{field.name: nothing})
        for inner in fields(part) if is_dataclass(part) else ():
            path, value = f"{field.name}.{inner.name}", getattr(part, inner.name)
            nothing = EMPTY.get(path)
            if value != nothing and _may_be_missing(path, inner.type):
                yield path, replace(facts, **{field.name: replace(part, **{inner.name: nothing})})


def _may_be_missing(path: str, declared: object) -> bool:
    return path in EMPTY or "None" in str(declared)


def needing(path: str, facts: GateFacts, stage: Stage) -> set[str]:
    """The requirements that name this fact, or a fact within this part."""
    case = Case.of(facts, stage=stage)
    return {
        requirement.id
        for requirement in REQUIREMENTS
        if stage in requirement.stages
        and applies_to(requirement, case.policy)
        and any(name == path or name.startswith(f"{path}.") for name in requirement.fact_names(case))
    }


def unmet_without(facts: GateFacts, stage: Stage) -> set[str]:
    verdict = decide(facts, stage=stage)
    return {missing.requirement_id for missing in (*verdict.unmet, *verdict.warnings)}


Row = tuple[str, set[str], set[str]]  # the fact, who should miss it, who does


@functools.cache
def rows(category: ProcedureCategory, particular: Particular, stage: Stage) -> tuple[Row, ...]:
    return tuple(_rows(category, particular, stage))


def _rows(category: ProcedureCategory, particular: Particular, stage: Stage) -> Iterator[Row]:
    for preset in Preset:
        for make in (good_case, busy_case):
            facts = make(category, stage=stage, preset=preset, particular=particular)
            for path, without in facts_that_can_be_missing(facts):
                yield f"{preset}, {make.__name__}, {path}", needing(path, facts, stage), unmet_without(without, stage)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize(("category", "particular"), PROFILES)
def test_exactly_those_who_name_a_fact_miss_it(
    category: ProcedureCategory, particular: Particular, stage: Stage
) -> None:
    for preset in Preset:
        busy = busy_case(category, stage=stage, preset=preset, particular=particular)
        assert unmet_without(busy, stage) == set()
    assert [row for row in rows(category, particular, stage) if row[1] != row[2]] == []


def test_how_many_rows_there_are() -> None:
    found_rows = [row for kind in PROFILES for stage in Stage for row in rows(*kind, stage)]
    shut = sum(bool(row[2]) for row in found_rows)
    figures = f"generated truth table: {len(found_rows)} rows, {shut} of them leave something unmet"
    print(figures)  # noqa: T201  the figure goes into the notes of a release
    assert shut > 1000


def test_names_are_those_of_facts() -> None:
    """A requirement cannot name a fact that there is not."""
    there = {""}
    for stage in Stage:
        facts = good_case(stage=stage)
        for field in fields(facts):
            part = getattr(facts, field.name)
            there |= (
                {field.name, *(f"{field.name}.{one.name}" for one in fields(part))}
                if is_dataclass(part)
                else {field.name}
            )
    named = {
        name
        for make in (good_case, busy_case)
        for kind in PROFILES
        for stage in Stage
        for requirement in REQUIREMENTS
        if stage in requirement.stages and applies_to(requirement, (case := _case(make, kind, stage)).policy)
        for name in requirement.fact_names(case)
    }
    assert named <= there
    assert len(named) > 60


def _case(make: Any, kind: tuple[ProcedureCategory, Particular], stage: Stage) -> Case:
    facts = make(kind[0], stage=stage, preset=Preset.STRICT_DEFAULT, particular=kind[1])
    return Case.of(facts, stage=stage)
