"""The gate: open when everything is in order, shut by each single thing that is not, and by all that is unknown."""

import datetime
from dataclasses import fields, replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules.gate import REQUIREMENTS, Stage, Verdict, decide
from consent.rules.requirements import conversation
from consent.vocabulary import Capacity, ConsentState, PersonRole, RequestSource, SigningState
from tests.unit.rules.cases import STARTS_AT, consent, good_case, person, procedure, talk
from tests.unit.rules.truth_table import BROKEN, NEVER_UNKNOWN, UNKNOWN, Row

BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}


def named(verdict: Verdict) -> set[str]:
    return {missing.requirement_id for missing in (*verdict.unmet, *verdict.warnings)}


def at_each_stage(rows: list[Row]) -> list[object]:
    return [
        pytest.param(row, stage, id=f"{row.requirement}, {row.what}, {stage}")
        for row in rows
        for stage in sorted(row.stages or BY_ID[row.requirement].stages)
    ]


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("category", ProcedureCategory)
def test_gate_is_open_when_everything_is_in_order(category: ProcedureCategory, preset: Preset, stage: Stage) -> None:
    verdict = decide(good_case(category, stage=stage, preset=preset), stage=stage)
    assert verdict == Verdict(unmet=(), warnings=())
    assert verdict.is_allowed


@pytest.mark.parametrize(("row", "stage"), at_each_stage(BROKEN))
def test_gate_names_exactly_what_is_broken(row: Row, stage: Stage) -> None:
    verdict = decide(row.change(good_case(stage=stage)), stage=stage)
    assert named(verdict) == {row.requirement} | {one for one in row.also if stage in BY_ID[one].stages}
    assert all(missing.detail.strip() or not missing.detail_template for missing in verdict.unmet)


@pytest.mark.parametrize(("row", "stage"), at_each_stage(UNKNOWN))
def test_what_is_unknown_is_not_met(row: Row, stage: Stage) -> None:
    verdict = decide(row.change(good_case(stage=stage)), stage=stage)
    assert not verdict.is_allowed
    assert named(verdict) == {row.requirement} | {one for one in row.also if stage in BY_ID[one].stages}
    assert all(missing.is_unknown for missing in verdict.unmet)
    assert {missing.detail for missing in verdict.unmet} == {"Nothing is recorded about this yet."}


def test_every_requirement_has_its_rows() -> None:
    """A requirement without a row that breaks it, and one that leaves it unknown, cannot be added."""
    for requirement in REQUIREMENTS:
        broken_at = {
            stage for row in BROKEN if row.requirement == requirement.id for stage in row.stages or requirement.stages
        }
        assert broken_at == requirement.stages, f"{requirement.id}: no row breaks it at each of its stages"
    assert {row.requirement for row in UNKNOWN} | set(NEVER_UNKNOWN) == set(BY_ID)
    assert {row.requirement for row in UNKNOWN}.isdisjoint(NEVER_UNKNOWN)


def test_without_a_consent_everything_about_it_is_missing() -> None:
    verdict = decide(replace(good_case(), consent=None), stage=Stage.START)
    about_the_talk = {requirement.id for requirement in conversation.REQUIREMENTS}
    about_procedure_and_talk = {"procedure-waiting", "no-hold"} | about_the_talk
    assert named(verdict) == set(BY_ID) - about_procedure_and_talk
    assert verdict.unmet[0].requirement_id == "consent-state"
    assert verdict.unmet[0].detail == "There is no live consent for this procedure."


@pytest.mark.parametrize("stage", Stage)
def test_without_a_conversation_everything_about_it_is_missing(stage: Stage) -> None:
    verdict = decide(replace(good_case(stage=stage), conversation=None), stage=stage)
    about_the_talk = [requirement.id for requirement in conversation.REQUIREMENTS]
    assert [missing.requirement_id for missing in verdict.unmet] == [
        name for name in about_the_talk if name != "own-request"
    ]
    assert [missing.requirement_id for missing in verdict.warnings] == ["own-request"]


def test_all_that_is_missing_is_named_in_table_order() -> None:
    facts = replace(procedure(talk(good_case(), minutes_alone=0, capacity=None), code="x"), open_holds=2)
    assert [missing.requirement_id for missing in decide(facts, stage=Stage.START).unmet] == [
        "no-hold",
        "right-procedure",
        "capacity",
        "time-alone",
    ]


# Fields in which None is an answer, not a gap, in the good case.
NONE_IS_AN_ANSWER = {
    "consent.witness_is_independent": "a drawn signature needs no witness",
    "conversation.interpreter_qualification": "nobody interpreted, and nobody had to",
    "conversation.interpreter_is_companion": "nobody interpreted, and nobody had to",
    "proposed_signature": "asked at signing only",
    "proposed_witness_is_independent": "asked at signing only",
    "procedure.accompanies_birth": "counts as with a birth; see test_timing",
}


def optional_fields() -> list[str]:
    facts = good_case()
    parts = {"": facts, "procedure.": facts.procedure, "consent.": facts.consent, "conversation.": facts.conversation}
    return [
        prefix + field.name
        for prefix, part in parts.items()
        if part is not None
        for field in fields(part)
        if "None" in str(field.type) and prefix + field.name not in NONE_IS_AN_ANSWER
    ]


@pytest.mark.parametrize("name", optional_fields())
def test_every_gap_in_the_facts_shuts_the_gate(name: str) -> None:
    part, _, field = name.rpartition(".")
    changes = {"": replace, "procedure": procedure, "consent": consent, "conversation": talk}
    assert not decide(changes[part](good_case(), **{field: None}), stage=Stage.START).is_allowed


def test_a_warning_does_not_shut_the_gate() -> None:
    facts = talk(
        good_case(ProcedureCategory.MAJOR),
        minutes_alone=1,
        signing_states=(SigningState.SEVERE_PAIN,),
        request_source=RequestSource.UNKNOWN,
    )
    verdict = decide(facts, stage=Stage.START)
    assert verdict.is_allowed
    assert [warning.requirement_id for warning in verdict.warnings] == ["signing-moment", "time-alone"]
    assert verdict.warnings[1].detail == "Minutes alone: 1 recorded, 5 needed."


def test_exactly_as_much_as_is_asked_for_is_enough() -> None:
    facts = talk(good_case(), minutes_alone=10, alternatives_opened=("a", "b", "c", "d", "nothing"))
    confirmed_at = STARTS_AT - datetime.timedelta(minutes=240)
    for days in (30, 180):
        given_at = STARTS_AT - datetime.timedelta(days=days)
        at_the_bars = consent(facts, given_at=given_at, confirmed_at=confirmed_at, certified_at=confirmed_at)
        assert decide(at_the_bars, stage=Stage.START).is_allowed
    assert decide(consent(facts, confirmed_at=STARTS_AT, certified_at=STARTS_AT), stage=Stage.START).is_allowed


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"alternatives_opened": ("a", "b", "nothing")}, "Other choices opened: 2; needed: 4."),
        ({"alternatives_opened": ("a", "b")}, "Other choices opened: 2; needed: 4, and doing nothing as well."),
        ({"signing_states": (SigningState.SEVERE_PAIN, SigningState.LABOUR)}, "Recorded: acute-severe-pain, labour."),
        ({"teach_back_asked": 9, "teach_back_understood": 8}, "Understood: 8 of 9 asked; needed: 7."),
        ({"minutes_alone": 0}, "Minutes alone: 0 recorded, 10 needed."),
    ],
)
def test_detail_says_what_exactly_is_missing(changes: dict[str, object], detail: str) -> None:
    (missing,) = decide(talk(good_case(), **changes), stage=Stage.START).unmet
    assert missing.detail == detail


def test_a_vaccination_is_not_burdened_with_the_rules_of_surgery() -> None:
    facts = talk(
        good_case(ProcedureCategory.VACC),
        minutes_alone=None,
        signing_states=None,
        teach_back_asked=0,
        teach_back_understood=0,
        alternatives_opened=("later", "nothing"),
        people_present=(person(PersonRole.PARTNER),),
    )
    facts = replace(consent(facts, certified_at=None, was_alone_at_confirmation=False), birth_date=None)
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_qualified_interpreter_who_came_alone_bridges_languages() -> None:
    facts = talk(
        good_case(),
        spoken_language="ug",
        text_language="ky",
        patient_languages=("kk",),
        interpreter_qualification="telephone-service",
        interpreter_is_companion=False,
    )
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_doubt_that_was_looked_into_since_is_settled() -> None:
    history = (Capacity.IN_DOUBT, Capacity.ASSESSED_HAS, Capacity.PRESUMED)
    assert decide(talk(good_case(), capacity_history=history), stage=Stage.START).is_allowed


def test_an_official_who_left_before_signing_does_not_shut_the_gate() -> None:
    facts = talk(good_case(), people_present=(person(PersonRole.OFFICIAL, left=True),))
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_place_on_the_body_stands_for_a_side_where_there_is_none() -> None:
    midline = {"laterality": "not-applicable", "body_site": "forehead"}
    assert decide(consent(procedure(good_case(), **midline), **midline), stage=Stage.START).is_allowed


def test_unmet_says_what_why_and_on_which_ground() -> None:
    (missing,) = decide(talk(good_case(), minutes_alone=4), stage=Stage.START).unmet
    assert missing.rule_ids == ("CR-050",)
    assert missing.sentence.startswith("The patient has not had enough time alone")
    assert missing.detail_params == {"recorded": 4, "needed": 10}
    assert "WHO 2013" in missing.source
    assert missing.earliest_at is None


def test_the_rule_named_is_the_one_for_this_kind_of_care() -> None:
    old = consent(good_case(), given_at=STARTS_AT.replace(year=2026))
    (missing,) = decide(old, stage=Stage.START).unmet
    assert missing.rule_ids == ("CR-006",)
    vaccination = consent(good_case(ProcedureCategory.VACC), given_at=STARTS_AT.replace(year=2026))
    (missing,) = decide(vaccination, stage=Stage.START).unmet
    assert missing.rule_ids == ("CR-021",)


@pytest.mark.parametrize("state", [state for state in ConsentState if state is not ConsentState.CONFIRMED])
def test_only_a_confirmed_consent_starts_anything(state: ConsentState) -> None:
    (missing,) = decide(consent(good_case(), state=state), stage=Stage.START).unmet
    assert (missing.requirement_id, missing.detail) == (
        "consent-state",
        f"The consent now stands at: {state.value}.",
    )


def test_a_time_without_a_zone_is_refused() -> None:
    facts: GateFacts = good_case()
    with pytest.raises(ValueError, match="no time zone"):
        decide(replace(facts, at=facts.at.replace(tzinfo=None)), stage=Stage.START)
