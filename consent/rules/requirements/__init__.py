"""The list of requirements, in the order in which people read what is missing.

One file for each thing a clinician would ask: is this the right consent (`matching`), may it be offered (`offering`),
is this the right time (`timing`, `shorter_waits`), can this person decide this (`ability`), was the talk a free and
full one (`conversation`), who was there (`people`), was everything told (`disclosure`), has everyone signed
(`signing`). To add a requirement, give its bar a place in the table (`presets/`), write its function and its row in the
file it belongs to, and its rows in the truth table (`tests/unit/rules/truth_table.py`), which fails until they are
there.

>>> len({requirement.id for requirement in REQUIREMENTS}) == len(REQUIREMENTS)
True
"""

from consent.rules.case import Requirement
from consent.rules.requirements import (
    ability,
    conversation,
    disclosure,
    matching,
    offering,
    people,
    signing,
    timing,
)

REQUIREMENTS: tuple[Requirement, ...] = (
    *matching.REQUIREMENTS,
    *offering.REQUIREMENTS,
    *timing.REQUIREMENTS,
    *ability.REQUIREMENTS,
    *conversation.REQUIREMENTS,
    *people.REQUIREMENTS,
    *disclosure.REQUIREMENTS,
    *signing.REQUIREMENTS,
)
