"""The gate by examples: order, warnings, holds, details, effects, and what shuts nothing."""

import datetime
from dataclasses import replace

import pytest

from clinic.vocabulary import Particular, Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules import gate
from consent.rules.gate import REQUIREMENTS, Stage, decide
from consent.rules.policy import Effect, PolicyError, RuleTable, effective_table, load_preset
from consent.vocabulary import ConsentState, PersonRole, Purpose, RequestSource, SigningState
from tests.unit.rules.cases import (
    DAY,
    HOUR,
    SOMEONE_ELSE,
    STARTS_AT,
    ability,
    consent,
    good_case,
    offer,
    opened,
    past,
    person,
    procedure,
    talk,
)
from tests.unit.rules.test_gate import named
from tests.unit.rules.truth_table import (
    DENY,
    HAS,
    LACKS,
    LARC_IN,
    LONG_AGO,
    MINOR,
    PERMIT,
    STATUTE,
    doubted,
    found,
    guarded,
    interpreted,
)


def test_all_that_is_missing_is_named_in_table_order() -> None:
    facts = replace(procedure(talk(good_case(), minutes_alone=0, capacity=None), code="x"), open_holds=2)
    assert [missing.requirement_id for missing in decide(facts, stage=Stage.START).unmet] == [
        "no-hold",
        "right-procedure",
        "capacity",
        "time-alone",
    ]


def test_without_a_consent_its_state_is_named_first() -> None:
    verdict = decide(replace(good_case(), consent=None), stage=Stage.START)
    assert verdict.unmet[0].requirement_id == "consent-state"
    assert verdict.unmet[0].detail == "There is no live consent for this procedure."


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


def test_a_hold_is_asked_for_where_the_rule_says_and_something_was_recorded() -> None:
    verdict = decide(talk(good_case(), companion_would_not_leave=True, minutes_alone=1), stage=Stage.START)
    assert [one.requirement_id for one in verdict.unmet] == ["time-alone", "patient-left-alone"]
    assert [one.requirement_id for one in verdict.holds] == ["patient-left-alone"]
    office = decide(offer(good_case(stage=Stage.OFFER), request_source="official-or-employer"), stage=Stage.OFFER)
    assert [(one.requirement_id, one.effect) for one in office.holds] == [("request-source", Effect.BLOCK_AND_HOLD)]
    assert not decide(talk(good_case(), companion_would_not_leave=None), stage=Stage.START).holds


def test_exactly_as_much_as_is_asked_for_is_enough() -> None:
    choices = opened("a", "b", "c", "d", "nothing", seconds=10)
    facts = past(talk(good_case(), minutes_alone=10, alternatives_opened=choices), operator_starts_today=9)
    confirmed_at = STARTS_AT - datetime.timedelta(minutes=240)
    for days in (30, 180):
        given_at = STARTS_AT - days * DAY
        at_the_bars = consent(
            talk(facts, held_at=given_at),
            given_at=given_at,
            obtainer_stated_at=given_at,
            confirmed_at=confirmed_at,
            certified_at=confirmed_at,
        )
        assert decide(at_the_bars, stage=Stage.START) == decide(good_case(), stage=Stage.START)
    assert decide(consent(facts, confirmed_at=STARTS_AT, certified_at=STARTS_AT), stage=Stage.START).is_allowed


@pytest.mark.parametrize(
    ("changes", "warned"),
    [
        ({"held_at": STARTS_AT - HOUR, "sheet_opened_at": STARTS_AT - datetime.timedelta(seconds=400)}, []),
        ({"sheet_opened_at": STARTS_AT - datetime.timedelta(seconds=399)}, ["reading-pace-percent"]),
        ({"sheet_opened_at": STARTS_AT - datetime.timedelta(seconds=200)}, ["reading-pace-percent"]),
    ],
)
def test_exactly_as_long_as_is_asked_for_is_enough_at_signing(changes: dict[str, object], warned: list[str]) -> None:
    verdict = decide(talk(good_case(stage=Stage.SIGNING), **changes), stage=Stage.SIGNING)
    assert verdict.is_allowed
    assert [one.requirement_id for one in verdict.warnings] == warned


def test_reading_time_is_rounded_up() -> None:
    facts = consent(good_case(stage=Stage.SIGNING), sheet_reading_seconds=401)
    facts = talk(facts, sheet_opened_at=STARTS_AT - datetime.timedelta(seconds=200))
    (missing,) = decide(facts, stage=Stage.SIGNING).unmet
    assert missing.detail == "Seconds the sheet must be open before signing: at least 201."
    assert missing.earliest_at == STARTS_AT + datetime.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        (
            {"alternatives_opened": opened("a", "b", "nothing")},
            "Other choices opened for 10 seconds: 2; needed: 4.",
        ),
        (
            {"alternatives_opened": (*opened("a", "b", "c", "d", seconds=9), *opened("nothing"))},
            "Other choices opened for 10 seconds: 0; needed: 4.",
        ),
        (
            {"alternatives_opened": opened("a", "b")},
            "Other choices opened for 10 seconds: 2; needed: 4, and doing nothing as well.",
        ),
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
        alternatives_opened=opened("later", "nothing"),
        people_present=(person(PersonRole.PARTNER),),
        was_live=None,
        witness_offered=None,
    )
    facts = replace(consent(facts, certified_at=None, was_alone_at_confirmation=False), past=None)
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_narrower_kind_of_care_has_rules_of_its_own() -> None:
    for particular, is_asked in ((Particular.PREGNANCY_TEST, True), (Particular.NONE, False)):
        facts = talk(good_case(ProcedureCategory.TEST, particular=particular), no_loss_spoken=False)
        assert ("no-loss-spoken" in named(decide(facts, stage=Stage.START))) is is_asked
        again = past(good_case(ProcedureCategory.TEST, stage=Stage.OFFER, particular=particular), last_no_at=LONG_AGO)
        assert ("re-offer-days" in named(decide(again, stage=Stage.OFFER))) is is_asked
    womb = offer(good_case(ProcedureCategory.MAJOR, stage=Stage.OFFER), purpose=Purpose.STERILISATION_ONLY)
    assert decide(womb, stage=Stage.OFFER).is_allowed


def test_a_qualified_interpreter_who_came_alone_bridges_languages() -> None:
    facts = interpreted(good_case(), spoken_language="ug", text_language="ky", patient_languages=("kk",))
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_device_may_be_put_in_on_the_day_it_is_asked_for() -> None:
    """CR-017: delay is itself a barrier."""
    for preset in Preset:
        talked_at = STARTS_AT - 2 * HOUR
        facts = talk(good_case(LARC_IN, preset=preset), held_at=talked_at, sheet_opened_at=talked_at - HOUR)
        facts = past(consent(facts, given_at=STARTS_AT - HOUR), choice_recorded_at=talked_at)
        facts = consent(facts, confirmed_at=STARTS_AT, certified_at=STARTS_AT)
        verdict = decide(facts, stage=Stage.START)
        assert verdict.is_allowed and not verdict.warnings


@pytest.mark.parametrize(
    ("findings", "detail"),
    [
        ((), "There was a doubt, and nobody has assessed it since."),
        ((found(LACKS, LONG_AGO),), "The newest finding is that the patient cannot make this decision."),
        ((found(HAS, LONG_AGO - DAY),), "The newest finding is older than the newest doubt."),
    ],
)
def test_a_doubt_needs_a_finding_made_after_it(findings: tuple[object, ...], detail: str) -> None:
    facts = doubted(good_case(), *findings, at=LONG_AGO)  # type: ignore[arg-type]
    (missing,) = decide(facts, stage=Stage.START).unmet
    assert missing.detail == detail
    assert missing.effect is Effect.HOLD


def test_a_doubt_that_was_looked_into_since_is_settled() -> None:
    assert decide(doubted(good_case(), found(HAS, LONG_AGO), at=LONG_AGO), stage=Stage.START).is_allowed


def test_able_after_lacking_counts_only_from_another_clinician() -> None:
    lacking = found(LACKS, LONG_AGO)
    (missing,) = decide(ability(good_case(), findings=(lacking, found(HAS, STARTS_AT))), stage=Stage.START).unmet
    assert missing.detail.startswith("The same clinician first found")
    other = ability(good_case(), findings=(lacking, found(HAS, STARTS_AT, SOMEONE_ELSE)))
    assert decide(other, stage=Stage.START).is_allowed


@pytest.mark.parametrize(
    ("category", "preset", "changed", "is_met"),
    [
        (MINOR, Preset.STRICT_DEFAULT, lambda f: guarded(f, PERMIT), True),
        (MINOR, Preset.STRICT_DEFAULT, lambda f: guarded(f, PERMIT, PERMIT, able=False), True),
        (MINOR, Preset.CHINA_MAINLAND, lambda f: guarded(f, able=True), None),
        (MINOR, Preset.ENGLAND, lambda f: guarded(f), True),  # presumed able from sixteen
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f)), None),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, able=False)), None),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, able=True)), True),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, DENY, able=True)), True),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, PERMIT)), True),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, PERMIT, DENY)), None),
        (MINOR, Preset.ENGLAND, lambda f: fifteen(guarded(f, PERMIT, DENY, able=False)), False),
        (LARC_IN, Preset.STRICT_DEFAULT, lambda f: guarded(f, able=True), True),
        (LARC_IN, Preset.STRICT_DEFAULT, lambda f: guarded(f, DENY, able=True), True),
        (LARC_IN, Preset.STRICT_DEFAULT, lambda f: guarded(f, PERMIT), None),
        (LARC_IN, Preset.ENGLAND, lambda f: fifteen(guarded(f, PERMIT, able=False)), False),
    ],
)
def test_young_people(category: ProcedureCategory, preset: Preset, changed: object, is_met: bool | None) -> None:
    verdict = decide(changed(good_case(category, preset=preset)), stage=Stage.START)  # type: ignore[operator]
    assert named(verdict) == (set() if is_met else {"guardian-word"})
    assert [one.is_unknown for one in verdict.unmet] == ([] if is_met else [is_met is None])


def fifteen(facts: GateFacts) -> GateFacts:
    return replace(facts, birth_date=datetime.date(2012, 1, 1))


def test_a_disagreement_of_guardians_is_shown() -> None:
    (missing,) = decide(guarded(good_case(MINOR), PERMIT, DENY), stage=Stage.START).unmet
    assert missing.detail == "Those who look after the patient disagree: one agrees, and one does not."
    (missing,) = decide(guarded(good_case(MINOR), DENY), stage=Stage.START).unmet
    assert missing.detail == ""


def test_an_official_who_left_before_signing_does_not_shut_the_gate() -> None:
    facts = talk(good_case(), people_present=(person(PersonRole.OFFICIAL, left=True),))
    assert decide(facts, stage=Stage.START).is_allowed


def test_a_request_said_again_alone_counts_as_her_own() -> None:
    facts = talk(good_case(), request_source=RequestSource.UNKNOWN, request_repeated_alone=True)
    assert not decide(facts, stage=Stage.START).warnings


def test_a_place_on_the_body_stands_for_a_side_where_there_is_none() -> None:
    midline = {"laterality": "not-applicable", "body_site": "forehead"}
    assert decide(consent(procedure(good_case(), **midline), **midline), stage=Stage.START).is_allowed


def test_an_experimental_method_in_an_approved_study_may_be_offered() -> None:
    facts = procedure(good_case(stage=Stage.OFFER), is_experimental=True, ethics_approval="EC 12/2027")
    assert decide(facts, stage=Stage.OFFER).is_allowed


def test_unmet_says_what_why_on_which_ground_and_by_which_fact() -> None:
    (missing,) = decide(talk(good_case(), minutes_alone=4), stage=Stage.START).unmet
    assert missing.rule_ids == ("CR-050",)
    assert missing.sentence.startswith("The patient has not had enough time alone")
    assert missing.patient_sentence.startswith("You have not had enough time alone")
    assert missing.detail_params == {"recorded": 4, "needed": 10}
    assert "WHO 2013" in missing.source
    assert (missing.mark, missing.effect) == ("default", Effect.BLOCK)
    assert missing.fact_names == ("conversation.minutes_alone",)
    assert missing.earliest_at is None


def test_what_the_house_itself_asks_for_stands_in_no_table() -> None:
    (missing,) = decide(replace(good_case(), open_holds=1), stage=Stage.START).unmet
    assert (missing.mark, missing.rule_ids, missing.effect) == ("house", (), Effect.BLOCK)
    assert missing.sentence and missing.patient_sentence and missing.source


def test_the_rule_named_is_the_one_for_this_kind_of_care() -> None:
    for category, rule in ((ProcedureCategory.ABRT, "CR-021"), (ProcedureCategory.VACC, "CR-021")):
        old = consent(good_case(category), given_at=STARTS_AT.replace(year=2026))
        assert [one.rule_ids for one in decide(old, stage=Stage.START).unmet] == [(rule,)]


@pytest.mark.parametrize("state", [state for state in ConsentState if state is not ConsentState.CONFIRMED])
def test_only_a_confirmed_consent_starts_anything(state: ConsentState) -> None:
    (missing,) = decide(consent(good_case(), state=state), stage=Stage.START).unmet
    assert (missing.requirement_id, missing.detail) == (
        "consent-state",
        f"The consent now stands at: {state.value}.",
    )


def test_a_site_that_asks_for_more_is_asked_by_its_own_table() -> None:
    law = effective_table(Preset.ENGLAND, "[CR-050.alone_minutes]\nMAJOR = { value = 20, effect = 'hold' }")
    facts = good_case(ProcedureCategory.MAJOR, preset=Preset.ENGLAND)
    assert decide(facts, stage=Stage.START).is_allowed
    (missing,) = decide(facts, stage=Stage.START, law=law).unmet
    assert (missing.requirement_id, missing.effect, missing.source) == ("time-alone", Effect.HOLD, "set by this site")


def test_what_is_only_logged_is_neither_missing_nor_warned_of() -> None:
    table = load_preset(Preset.STRICT_DEFAULT)
    cells = dict(table.rules["STER"])
    cells["alone_minutes"] = replace(cells["alone_minutes"], effect=Effect.LOG)
    law = replace(table, rules={**table.rules, "STER": cells})
    verdict = decide(talk(good_case(), minutes_alone=0), stage=Stage.START, law=law)
    assert verdict.is_allowed and not verdict.warnings


def test_a_wait_by_statute_ends_with_its_last_day() -> None:
    law = effective_table(Preset.STRICT_DEFAULT, STATUTE)
    facts = talk(good_case(ProcedureCategory.ABRT), held_at=STARTS_AT - HOUR)
    (missing,) = decide(facts, stage=Stage.START, law=law).unmet
    assert missing.earliest_at == STARTS_AT + 71 * HOUR
    assert missing.detail == "Hours since the talk: at least 72, because a statute asks for it."
    over = effective_table(Preset.STRICT_DEFAULT, STATUTE.replace("2028-01-01", "2027-06-14"))
    assert decide(facts, stage=Stage.START, law=over).is_allowed


def test_a_table_that_cannot_be_read_shuts_the_gate_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object, **_more: object) -> RuleTable:
        raise PolicyError("strict-default.toml:1: nonsense")

    monkeypatch.setattr("consent.rules.policy.load_preset", broken)
    (missing,) = decide(good_case(), stage=Stage.START).unmet
    assert (missing.requirement_id, missing.detail) == (
        gate.UNREADABLE_RULES,
        "What is wrong: strict-default.toml:1: nonsense",
    )


def test_a_time_without_a_zone_is_refused() -> None:
    for facts in (good_case(), replace(good_case(), time_zone="Asia/Nowhere")):
        with pytest.raises(ValueError, match="no time zone"):
            decide(replace(facts, at=facts.at.replace(tzinfo=None)), stage=Stage.START)


def test_every_requirement_is_asked_at_its_stages_only() -> None:
    for stage in Stage:
        asked = {one.id for one in gate.ASKED_AT[stage]}
        assert asked == {one.id for one in REQUIREMENTS if stage in one.stages}
