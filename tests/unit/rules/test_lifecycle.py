"""The life of a consent: complete, one path towards the procedure, every door open away from it."""

from itertools import pairwise, product

import pytest

from consent.rules.lifecycle import (
    REFUSED_STEPS,
    TRANSITIONS,
    PatientAgreementNeededError,
    UnknownStepError,
    check_may_mark_in_error,
    is_possible,
    next_state,
)
from consent.rules.steps import REFUSALS, STEPS, Actor
from consent.vocabulary import ENDED_STATES, LIVE_STATES, Act, ConsentState

S = ConsentState
STAYS = {state: state for state in ConsentState}

# The whole table a second time, written by hand: for each act, from which state to which.
EXPECTED: dict[Act, dict[ConsentState, ConsentState]] = {
    Act.PROPOSE: {},
    Act.INFORM: {S.DRAFT: S.INFORMED, S.INFORMED: S.INFORMED},
    Act.GIVE: {S.INFORMED: S.GIVEN},
    Act.REFUSE: {S.DRAFT: S.REFUSED, S.INFORMED: S.REFUSED},
    Act.ASK_FOR_TIME: {S.DRAFT: S.DRAFT, S.INFORMED: S.INFORMED},
    Act.CONFIRM: {S.GIVEN: S.CONFIRMED, S.CONFIRMED: S.CONFIRMED},
    Act.CERTIFY: {S.CONFIRMED: S.CONFIRMED},
    Act.STATE_AS_INTERPRETER: {S.INFORMED: S.INFORMED, S.GIVEN: S.GIVEN},
    Act.STATE_AS_OBTAINER: {S.GIVEN: S.GIVEN, S.CONFIRMED: S.CONFIRMED},
    Act.START: {S.CONFIRMED: S.USED},
    Act.STOP: {state: state for state in (S.USED, S.WITHDRAWN, S.ENTERED_IN_ERROR)},
    Act.FINISH: {state: state for state in (S.USED, S.WITHDRAWN, S.ENTERED_IN_ERROR)},
    Act.WITHDRAW: STAYS | dict.fromkeys(LIVE_STATES, S.WITHDRAWN),
    Act.SUPERSEDE: dict.fromkeys((S.DRAFT, S.INFORMED, S.GIVEN, S.CONFIRMED), S.SUPERSEDED),
    Act.REPORT_ERROR: STAYS,
    Act.MARK_IN_ERROR: dict.fromkeys(set(S) - {S.ENTERED_IN_ERROR}, S.ENTERED_IN_ERROR),
}


@pytest.mark.parametrize(("state", "act"), list(product(ConsentState, Act)))
def test_every_step_leads_where_it_should_or_is_refused_with_advice(state: ConsentState, act: Act) -> None:
    expected = EXPECTED[act].get(state)
    assert is_possible(state, act) == (expected is not None)
    if expected is not None:
        assert next_state(state, act) is expected
        return
    with pytest.raises(UnknownStepError) as refusal:
        next_state(state, act)
    assert refusal.value.message == REFUSED_STEPS[state, act].sentence
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("act", Act)
def test_nothing_but_a_proposal_begins_a_consent(act: Act) -> None:
    if act is Act.PROPOSE:
        assert next_state(None, act) is S.DRAFT
    else:
        with pytest.raises(UnknownStepError, match="Nothing has been proposed"):
            next_state(None, act)


def test_every_state_and_act_has_exactly_one_row() -> None:
    possible = [(before, step.act) for step in STEPS for before in step.before]
    refused = [(state, refusal.act) for refusal in REFUSALS for state in refusal.states]
    assert len(possible + refused) == len(set(possible + refused))
    assert set(possible + refused) == set(product(ConsentState, Act)) | {(None, Act.PROPOSE)}


def test_tables_use_every_act_state_and_actor() -> None:
    assert set(Act) - {step.act for step in STEPS} == set()
    assert set(ConsentState) - set(TRANSITIONS.values()) == set()
    assert set(Actor) - {actor for step in STEPS for actor in step.by} == set()
    assert all(step.sentence.endswith(".") and step.source for step in STEPS)


def test_withdrawing_is_possible_from_every_state_and_always_ends_it() -> None:
    assert {next_state(state, Act.WITHDRAW) for state in ConsentState} <= ENDED_STATES


def test_what_has_ended_never_lives_again() -> None:
    for (before, _act), after in TRANSITIONS.items():
        assert before not in ENDED_STATES or after in ENDED_STATES


def test_the_only_path_to_a_start_passes_every_step() -> None:
    """Whoever arrives at `used` was told, gave, and confirmed: no step skips one."""
    path = [S.DRAFT, S.INFORMED, S.GIVEN, S.CONFIRMED, S.USED]
    for earlier, later in pairwise(path):
        into = {before for (before, _act), after in TRANSITIONS.items() if after is later and before is not later}
        assert into == {earlier}


def test_only_the_patient_says_yes() -> None:
    for step in STEPS:
        if step.act in {Act.GIVE, Act.CONFIRM}:
            assert step.by == (Actor.PATIENT,)


@pytest.mark.parametrize("state", [S.REFUSED, S.WITHDRAWN])
def test_a_no_is_only_a_mistake_when_the_patient_agrees(state: ConsentState) -> None:
    check_may_mark_in_error(state, patient_agreed=True)
    with pytest.raises(PatientAgreementNeededError, match="The patient said no"):
        check_may_mark_in_error(state, patient_agreed=False)


def test_other_states_may_be_marked_once_without_the_patient() -> None:
    for state in set(ConsentState) - {S.REFUSED, S.WITHDRAWN, S.ENTERED_IN_ERROR}:
        check_may_mark_in_error(state, patient_agreed=False)
    with pytest.raises(UnknownStepError, match="marked as a mistake already"):
        check_may_mark_in_error(S.ENTERED_IN_ERROR, patient_agreed=True)
