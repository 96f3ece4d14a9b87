"""What the rules give the patient, and no clinic can take."""

import datetime
from dataclasses import replace

import pytest

from clinic.vocabulary import Preset, ProcedureCategory
from consent.facts import GateFacts
from consent.rules.gate import Stage, decide
from consent.rules.policy import policy_for
from consent.rules.rule_table import Wait
from consent.vocabulary import ConsentState, EndReason
from tests.unit.rules.cases import MINUTE, good_case

LARC_IN = ProcedureCategory.LARC_IN


def signed_today(preset: Preset) -> GateFacts:
    """A device, talked about, signed and to be put in within one morning."""
    facts = good_case(LARC_IN, preset=preset)
    assert facts.consent is not None and facts.conversation is not None and facts.past is not None
    assert facts.consent.confirmed_at is not None and facts.consent.given_at is not None
    signed_at = facts.consent.confirmed_at - 30 * MINUTE
    earlier = facts.consent.given_at - signed_at
    talk = replace(
        facts.conversation,
        held_at=facts.conversation.held_at - earlier,
        sheet_opened_at=facts.conversation.sheet_opened_at and facts.conversation.sheet_opened_at - earlier,
    )
    consent = replace(facts.consent, given_at=signed_at, obtainer_stated_at=signed_at + MINUTE)
    return replace(facts, consent=consent, conversation=talk, past=replace(facts.past, choice_recorded_at=talk.held_at))


@pytest.mark.parametrize("preset", Preset)
def test_a_device_may_be_put_in_on_the_day_it_is_asked_for(preset: Preset) -> None:
    """CR-017, same_day_allowed: nothing in the table makes the patient come twice."""
    policy = policy_for(preset, LARC_IN)
    assert policy.rules["same_day_allowed"].value is True
    assert not any(isinstance(rule.value, Wait) for rule in policy.rules.values())
    assert not policy.has("first_signature_before_the_day")
    facts = signed_today(preset)
    assert facts.consent is not None and facts.consent.given_at is not None
    assert facts.at - facts.consent.given_at < datetime.timedelta(hours=4)
    assert [one.requirement_id for one in decide(facts, stage=Stage.START).unmet] == []


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("category", ProcedureCategory)
def test_a_no_a_second_before_counts(preset: Preset, category: ProcedureCategory) -> None:
    """CR-081, state_age_seconds: the state of the very moment decides."""
    assert policy_for(preset, category).number("state_age_seconds") == 0
    facts = good_case(category, preset=preset)
    assert decide(facts, stage=Stage.START).is_allowed
    assert facts.consent is not None
    ended = replace(facts, consent=replace(facts.consent, state=ConsentState.WITHDRAWN))
    unmet = decide(ended, stage=Stage.START).unmet
    assert [one.requirement_id for one in unmet] == ["consent-state"]
    assert unmet[0].rule_ids == ("CR-081",)


def test_the_words_for_an_ending_are_closed() -> None:
    """Whatever ended a consent, none of the reasons is the clinic's wish."""
    assert {reason.value for reason in EndReason} == {"refused", "withdrawn", "superseded", "entered-in-error"}
