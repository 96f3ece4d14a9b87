"""The list of requirements itself: complete, readable, and in step with the rule table."""

import re

import pytest

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.rules.case import Requirement, Stage
from consent.rules.definitions import definitions, parameters
from consent.rules.gate import REQUIREMENTS, applies_to
from consent.rules.policy import policy_for
from consent.rules.rule_table import Moment
from tests.unit.rules.cases import PROFILES

each_requirement = pytest.mark.parametrize("requirement", REQUIREMENTS, ids=lambda requirement: requirement.id)

# Which rules bear on which kinds of care, written down a second time, from the evidence and not from the code.
EVERY_KIND = "STER LARC_IN LARC_OUT ABRT MINOR MAJOR ANAES VACC TEST IMG TEST:pregnancy-test MAJOR:hysterectomy"
MAJOR, TEST = "MAJOR MAJOR:hysterectomy", "TEST TEST:pregnancy-test"
KINDS = {
    "sterilising-purpose": "MAJOR:hysterectomy",
    "re-offer-days": "STER LARC_IN ABRT TEST:pregnancy-test",
    "contact-lock-hours": "STER LARC_IN ABRT",
    "minimum-age": "STER",
    "waiting-time": "STER",
    "first-signature-before-the-day": f"STER {MAJOR} ANAES",
    "hours-after-choice": "LARC_IN",
    "imposed-wait-hours": "ABRT",
    "breathing-minutes": "STER",
    "operator-day-max": "STER",
    "operator-day-warn": "STER",
    "excluded-subjects": "STER",
    "signing-moment": f"STER {MAJOR}",
    "request-source": "STER LARC_IN ABRT",
    "own-request": "STER LARC_IN ABRT",
    "oral-explanation": f"STER ABRT LARC_IN {MAJOR} ANAES",
    "no-loss-spoken": "STER ABRT LARC_IN TEST:pregnancy-test",
    "anaesthetic-told": f"STER {MAJOR} ANAES",
    "understanding": f"STER LARC_IN ABRT {MAJOR}",
    "time-alone": f"STER LARC_IN ABRT {MAJOR} {TEST}",
    "patient-left-alone": "STER ABRT LARC_IN",
    "never-in-room": "STER LARC_IN LARC_OUT ABRT",
    "companions-invited": "STER LARC_IN LARC_OUT ABRT",
    "witness-offered": f"STER {MAJOR}",
    "separate-decision": "STER",
    "vaccine-items": "VACC",
    "copy-choice": f"STER LARC_IN ABRT MINOR {MAJOR} ANAES",
    "signature-not-reused": f"STER LARC_IN ABRT MINOR {MAJOR} ANAES",
    "signature-order": "STER",
    "confirmed-alone": f"STER LARC_IN ABRT MINOR {MAJOR} ANAES",
    "operator-certificate": f"STER LARC_IN ABRT MINOR {MAJOR}",
}
# Asked also when the rule does not say so, and why.
ALSO_ASKED = {
    "right-procedure": "a changed plan is not signed for either",
    "right-side": "a changed plan is not signed for either",
    "sheet-current": "an old sheet is not signed either",
    "consent-state": "nobody signs before the talk",
    "imposed-wait-hours": "a wait that a statute forces on the site ends at the start",
    "contact-lock-hours": "an offer is a way of getting in touch",
}


def rule_ids(requirement: Requirement) -> set[str]:
    """The rules it stands for: its own, or those of its parameter."""
    named = {row.rule_id for row in parameters() if requirement.parameter and row.name == requirement.parameter}
    return named | set(requirement.rule_ids)


def test_names_are_unique() -> None:
    assert len({requirement.id for requirement in REQUIREMENTS}) == len(REQUIREMENTS)
    assert set(KINDS) | set(ALSO_ASKED) <= {requirement.id for requirement in REQUIREMENTS}


@each_requirement
@pytest.mark.parametrize("preset", Preset)
def test_requirement_bears_on_the_kinds_of_care_of_its_rule(requirement: Requirement, preset: Preset) -> None:
    kinds = {
        kind_of_care(category, particular)
        for category, particular in PROFILES
        if applies_to(requirement, policy_for(preset, category, particular))
    }
    assert kinds == set(KINDS.get(requirement.id, EVERY_KIND).split())


def kind_of_care(category: ProcedureCategory, particular: Particular) -> str:
    return f"{category}:{particular}" if particular else category.value


@each_requirement
def test_requirement_speaks_for_itself_or_lets_the_table_speak(requirement: Requirement) -> None:
    """What the table says stands nowhere else."""
    own = (requirement.sentence, requirement.patient_sentence, requirement.source)
    assert all(own) != bool(requirement.parameter) and any(own) != bool(requirement.parameter)
    assert not (requirement.parameter and requirement.rule_ids)
    for sentence in own[:2]:
        assert not sentence or re.fullmatch(r"[A-Z].*\.", sentence)


@each_requirement
def test_requirement_explains_itself_to_readers_of_the_code(requirement: Requirement) -> None:
    assert requirement.check.__doc__ and requirement.stages and requirement.facts
    for rule_id in rule_ids(requirement) if requirement.parameter else ():
        assert rule_id in requirement.check.__doc__ or rule_id in {"CR-003", "CR-004", "CR-005"}


@each_requirement
def test_requirement_is_asked_when_its_rules_say(requirement: Requirement) -> None:
    for rule_id in rule_ids(requirement):
        evaluated = {moment.value for moment in definitions()[rule_id].evaluated if moment in set(map(Moment, Stage))}
        if requirement.id not in ALSO_ASKED:
            assert requirement.stages <= evaluated, f"{requirement.id} is asked when {rule_id} is not"


def test_every_rule_that_names_a_requirement_is_asked_whenever_it_says() -> None:
    by_id = {f"requirement:{requirement.id}": requirement for requirement in REQUIREMENTS}
    for rule in definitions().values():
        held_by = [by_id[name] for name in rule.held_by if name.startswith("requirement:")]
        evaluated = {Stage(moment.value) for moment in rule.evaluated if moment.value in set(Stage)}
        asked = {stage for requirement in held_by for stage in requirement.stages}
        assert not held_by or evaluated - asked <= NOT_AT_OFFER.get(rule.rule_id, set()), rule.rule_id


NOT_AT_OFFER = {"CR-052": {Stage.OFFER}, "CR-013": {Stage.OFFER}}  # before the talk there is nobody to interpret for


def test_every_parameter_named_is_one_of_the_table() -> None:
    there = {row.name for row in parameters()}
    read = {name for requirement in REQUIREMENTS for name in (requirement.parameter, *requirement.beside) if name}
    assert read <= there
