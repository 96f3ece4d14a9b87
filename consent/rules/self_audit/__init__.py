"""What a state auditor would look for, asked by the clinic itself: one table of questions over what is open to all.

An audit finds entries, never people: no name, no number of a patient, nothing counted for one person. Everything is
asked alike of a yes and of a no. A finding is a place to look at, with the paper in hand; it accuses nobody.

The facts come from the ledger's own bytes and from open columns only (`docs/self-audit.md` says what cannot be seen
so), so that the auditor can ask without the clinic's help.

>>> len({check.id for check in CHECKS}) == len(CHECKS)
True
"""

from collections.abc import Iterable, Iterator

from consent.rules.self_audit.check import Check, Finding
from consent.rules.self_audit.facts import AuditFacts
from consent.rules.self_audit.record import CHECKS as RECORD_CHECKS
from consent.rules.self_audit.rights import CHECKS as RIGHTS_CHECKS
from consent.rules.self_audit.starts import CHECKS as START_CHECKS
from consent.rules.self_audit.yeses import CHECKS as YES_CHECKS

__all__ = ["CHECKS", "AuditFacts", "Check", "Finding", "audit"]

CHECKS: tuple[Check, ...] = (*START_CHECKS, *YES_CHECKS, *RIGHTS_CHECKS, *RECORD_CHECKS)


def audit(facts: Iterable[AuditFacts]) -> Iterator[Finding]:
    """Every question asked of every fact it is about."""
    for one in facts:
        for check in CHECKS:
            if isinstance(one, check.about):
                for entry in check.find(one):
                    yield Finding(check=check.id, kind=entry.kind.value, index=entry.index, incarnation=entry.place[0])
