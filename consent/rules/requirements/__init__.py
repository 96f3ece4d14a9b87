"""The list of requirements, in the order in which people read what is missing.

Four files, one for each thing a clinician would ask: is this the right consent (`matching`), is this the right time
(`timing`), was the talk a free and full one (`conversation`), has everyone signed (`signing`). To add a requirement,
write its function and its row in the file it belongs to, and its rows in the truth table
(`tests/unit/rules/test_gate.py`), which fails until they are there.

>>> len({requirement.id for requirement in REQUIREMENTS}) == len(REQUIREMENTS)
True
"""

from consent.rules.case import Requirement
from consent.rules.requirements import conversation, matching, signing, timing

REQUIREMENTS: tuple[Requirement, ...] = (
    *matching.REQUIREMENTS,
    *timing.REQUIREMENTS,
    *conversation.REQUIREMENTS,
    *signing.REQUIREMENTS,
)
