"""Being able to decide: the finding follows from the limbs, and nothing else can be said to it."""

import dataclasses
import datetime
import itertools

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.ability import (
    CONTRACEPTION,
    CapacityLimbs,
    YoungPersonAnswers,
    are_in_conflict,
    capacity_finding,
    is_able_young_person,
    is_adult,
    may_guardian_speak,
)
from consent.rules.policy import policy_for
from consent.vocabulary import CapacityFinding, Decision

ABILITIES = ("can_understand", "can_retain", "can_weigh", "can_communicate")


def limbs(**changes: bool) -> CapacityLimbs:
    values = dict.fromkeys(ABILITIES, True) | {"has_impairment": True, "is_because_of_impairment": False}
    return CapacityLimbs(**(values | changes))


def test_nothing_but_the_limbs_can_be_told() -> None:
    names = {field.name for field in dataclasses.fields(CapacityLimbs)}
    assert names == {"has_impairment", *ABILITIES, "is_because_of_impairment"}


@pytest.mark.parametrize("answers", list(itertools.product([True, False], repeat=6)))
def test_she_lacks_capacity_only_with_all_three(answers: tuple[bool, ...]) -> None:
    *able, has_impairment, because = answers
    found = capacity_finding(
        limbs(
            **dict(zip(ABILITIES, able, strict=True)),
            has_impairment=has_impairment,
            is_because_of_impairment=because,
        )
    )
    lacks = has_impairment and because and not all(able)
    assert found is (CapacityFinding.LACKS if lacks else CapacityFinding.HAS)


@pytest.mark.parametrize("missing", ABILITIES)
def test_one_missing_ability_is_enough_and_asks_for_its_cause(missing: str) -> None:
    asked = limbs(**{missing: False})
    assert asked.asks_for_the_cause
    assert capacity_finding(asked) is CapacityFinding.HAS
    assert capacity_finding(limbs(**{missing: False}, is_because_of_impairment=True)) is CapacityFinding.LACKS
    assert not limbs(**{missing: False}, has_impairment=False).asks_for_the_cause
    assert not limbs().asks_for_the_cause


FIVE = {
    "understands_advice": True,
    "was_encouraged_to_tell_parents": True,
    "is_in_best_interests": True,
    "likely_to_go_on_without": True,
    "health_would_suffer": True,
}


@pytest.mark.parametrize("point", FIVE)
@pytest.mark.parametrize("category", [ProcedureCategory.LARC_IN, ProcedureCategory.STER])
def test_to_begin_contraception_all_five_must_hold(category: ProcedureCategory, point: str) -> None:
    assert is_able_young_person(YoungPersonAnswers(**FIVE), category)
    assert not is_able_young_person(YoungPersonAnswers(**(FIVE | {point: False})), category)


@pytest.mark.parametrize("point", ["likely_to_go_on_without", "health_would_suffer"])
def test_an_unanswered_point_does_not_hold(point: str) -> None:
    assert not is_able_young_person(YoungPersonAnswers(**(FIVE | {point: None})), ProcedureCategory.LARC_IN)


@pytest.mark.parametrize("category", [ProcedureCategory.LARC_OUT, ProcedureCategory.ABRT, ProcedureCategory.VACC])
def test_the_way_out_and_other_care_ask_for_understanding_alone(category: ProcedureCategory) -> None:
    bare = {"was_encouraged_to_tell_parents": False, "likely_to_go_on_without": None, "health_would_suffer": None}
    assert is_able_young_person(YoungPersonAnswers(**(FIVE | bare)), category)
    for point in ("understands_advice", "is_in_best_interests"):
        assert not is_able_young_person(YoungPersonAnswers(**(FIVE | bare | {point: False})), category)


@pytest.mark.parametrize("preset", Preset)
def test_no_guardian_speaks_about_ending_or_holding_back_fertility(preset: Preset) -> None:
    for category in (ProcedureCategory.STER, ProcedureCategory.LARC_IN):
        assert not may_guardian_speak(category, policy_for(preset, category))


@pytest.mark.parametrize("preset", Preset)
def test_even_a_table_that_says_otherwise_is_not_believed(preset: Preset) -> None:
    elsewhere = policy_for(preset, ProcedureCategory.MINOR)
    assert may_guardian_speak(ProcedureCategory.MINOR, elsewhere)
    assert not may_guardian_speak(ProcedureCategory.STER, elsewhere)
    assert not may_guardian_speak(ProcedureCategory.LARC_IN, elsewhere)


def test_without_a_line_in_the_table_no_guardian_speaks() -> None:
    policy = policy_for(Preset.ENGLAND, ProcedureCategory.MINOR)
    bare = dataclasses.replace(policy, rules={k: v for k, v in policy.rules.items() if k != "guardian_word"})
    assert not may_guardian_speak(ProcedureCategory.MINOR, bare)


def test_she_is_grown_up_on_her_birthday() -> None:
    policy = policy_for(Preset.STRICT_DEFAULT, ProcedureCategory.MINOR)
    years = policy.number("adult_from_years")
    born = datetime.date(2027 - years, 3, 2)
    assert not is_adult(born, on=datetime.date(2027, 3, 1), policy=policy)
    assert is_adult(born, on=datetime.date(2027, 3, 2), policy=policy)


def test_guardians_conflict_when_they_differ() -> None:
    assert are_in_conflict([Decision.PERMIT, Decision.DENY])
    assert not are_in_conflict([Decision.DENY, Decision.DENY])
    assert not are_in_conflict([])


def test_contraception_is_what_all_five_are_for() -> None:
    assert {category.value for category in CONTRACEPTION} == {"STER", "LARC_IN", "LARC_OUT"}
