"""When an answer on paper may be relied on: two people have looked at it, and one of them stands aside.

A *no* on paper is not asked about here: it acts at once, whatever anybody finds later.

>>> one, two, proposer = (uuid.UUID(int=number) for number in (1, 2, 3))
>>> found = [CheckFacts(by=one, is_right=True), CheckFacts(by=proposer, is_right=True)]
>>> standing_of(found, involved={proposer}).value
'right'
>>> standing_of([*found, CheckFacts(by=two, is_right=False)], involved={proposer}).value
'rejected'
"""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

PEOPLE_NEEDED = 2


class PaperStanding(StrEnum):
    """What those who looked at a paper have found so far."""

    WAITING = "waiting"
    RIGHT = "right"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """What one person found."""

    by: uuid.UUID
    is_right: bool


def standing_of(checks: Iterable[CheckFacts], *, involved: Collection[uuid.UUID]) -> PaperStanding:
    """What is so about a paper; one *not right* outweighs any number of others.

    **Takes** what each person found; the accounts of who proposed the procedure and who would do it.
    """
    found = list(checks)
    if not all(check.is_right for check in found):
        return PaperStanding.REJECTED
    people = {check.by for check in found}
    is_enough = len(people) >= PEOPLE_NEEDED and not people <= set(involved)
    return PaperStanding.RIGHT if is_enough else PaperStanding.WAITING
