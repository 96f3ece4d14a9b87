"""The list of requirements itself: complete, readable, and in step with the rule table."""

import re

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.rules.case import Requirement
from consent.rules.definitions import parameters
from consent.rules.gate import REQUIREMENTS, applies_to
from consent.rules.policy import policy_for

each_requirement = pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)

# Which rules bear on which kinds of care, written down a second time, from the evidence and not from the code.
EVERY_KIND = "STER LARC_IN LARC_OUT ABRT MINOR MAJOR ANAES VACC TEST IMG"
KINDS = {
    "minimum-age": "STER",
    "waiting-time": "STER",
    "signing-moment": "STER MAJOR",
    "time-alone": "STER LARC_IN ABRT MAJOR TEST",
    "never-in-room": "STER LARC_IN LARC_OUT ABRT",
    "companions-invited": "STER LARC_IN LARC_OUT ABRT",
    "request-source": "STER LARC_IN ABRT",
    "own-request": "STER LARC_IN ABRT",
    "understanding": "STER LARC_IN ABRT MAJOR",
    "confirmed-alone": "STER LARC_IN ABRT MINOR MAJOR ANAES",
    "operator-certificate": "STER LARC_IN ABRT MINOR MAJOR",
}


def test_names_are_unique() -> None:
    assert len({requirement.id for requirement in REQUIREMENTS}) == len(REQUIREMENTS)
    assert set(KINDS) <= {requirement.id for requirement in REQUIREMENTS}


@each_requirement
@pytest.mark.parametrize("preset", Preset)
def test_requirement_bears_on_the_kinds_of_care_of_its_rule(requirement: Requirement, preset: Preset) -> None:
    kinds = {category.value for category in ProcedureCategory if applies_to(requirement, policy_for(preset, category))}
    assert kinds == set(KINDS.get(requirement.id, EVERY_KIND).split())


@each_requirement
def test_requirement_has_one_source(requirement: Requirement) -> None:
    """Either its own, or that of the preset's bar."""
    assert bool(requirement.source) != bool(requirement.parameter)


@each_requirement
def test_requirement_is_named_after_the_rules_of_its_bar(requirement: Requirement) -> None:
    rules = {row.rule_id for row in parameters() if row.name == requirement.parameter}
    assert not requirement.parameter or set(requirement.rule_ids) == rules


@each_requirement
def test_requirement_speaks_in_whole_sentences(requirement: Requirement) -> None:
    for sentence in (requirement.sentence, requirement.patient_sentence):
        assert re.fullmatch(r"[A-Z].*\.", sentence)
    assert requirement.check.__doc__
    assert requirement.stages


def test_every_requirement_asks_for_a_bar_of_the_table() -> None:
    """That every rule is held by something is proved in tests/architecture/test_every_rule_is_enforced.py."""
    assert {one.parameter for one in REQUIREMENTS if one.parameter} <= {row.name for row in parameters()}
