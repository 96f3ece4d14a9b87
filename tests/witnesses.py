"""Witnesses for tests: whom the house's policy file names, and heads they have signed."""

from pathlib import Path
from typing import Any

from consent.ledger.policy import Group, LogKey, Policy, Witness
from consent.models import LedgerCheckpoint
from tests import log_world
from tests.factories import House
from tests.story_ledger import cosign

ALLY = Witness("Ally", log_world.ALLY)
MIRROR = Witness("Mirror", log_world.MIRROR)
BOTH = (Group("Both", 2, ("Ally", "Mirror")),)


def trust(settings: Any, folder: Path, *witnesses: Witness, quorum: str = "none", groups: Any = ()) -> None:
    """The house counts on these witnesses from now on."""
    policy = Policy(logs=tuple[LogKey, ...](), witnesses=witnesses, groups=tuple(groups), quorum=quorum)
    settings.LEDGER_POLICY_FILE = folder / "policy"
    settings.LEDGER_POLICY_FILE.write_text(policy.to_text(), encoding="utf-8")


def newest_head(house: House) -> LedgerCheckpoint:
    """The newest head of the house's newest log."""
    return LedgerCheckpoint.objects.filter(ledger__site=house.site).order_by("-ledger__incarnation", "-size")[0]


def anchor(settings: Any, folder: Path, house: House, at: Any) -> LedgerCheckpoint:
    """One witness has confirmed all there is."""
    trust(settings, folder, ALLY, quorum="Ally")
    head = newest_head(house)
    cosign(head, at=at)
    return head
