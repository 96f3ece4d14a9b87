"""Two people look at an answer on paper, one of them stands aside, and one *not right* outweighs everybody."""

import uuid

import pytest

from consent.rules.papers import CheckFacts, PaperStanding, standing_of

PROPOSER, OPERATOR, ONE, OTHER = (uuid.UUID(int=number) for number in range(1, 5))
INVOLVED = {PROPOSER, OPERATOR}


def standing(*right: uuid.UUID, wrong: tuple[uuid.UUID, ...] = ()) -> PaperStanding:
    found = [CheckFacts(by=by, is_right=True) for by in right] + [CheckFacts(by=by, is_right=False) for by in wrong]
    return standing_of(found, involved=INVOLVED)


@pytest.mark.parametrize("right", [(ONE, OTHER), (ONE, PROPOSER), (OPERATOR, ONE), (PROPOSER, OPERATOR, ONE)])
def test_two_people_of_whom_one_stands_aside_are_enough(right: tuple[uuid.UUID, ...]) -> None:
    assert standing(*right) is PaperStanding.RIGHT


@pytest.mark.parametrize("right", [(), (ONE,), (PROPOSER, OPERATOR), (ONE, ONE), (PROPOSER, PROPOSER)])
def test_fewer_are_not(right: tuple[uuid.UUID, ...]) -> None:
    assert standing(*right) is PaperStanding.WAITING


@pytest.mark.parametrize("right", [(), (ONE,), (ONE, OTHER, PROPOSER)])
def test_one_not_right_ends_it(right: tuple[uuid.UUID, ...]) -> None:
    assert standing(*right, wrong=(OPERATOR,)) is PaperStanding.REJECTED
