"""What a signal or a word does.

>>> Action.BLOCK_AND_HOLD.where_unknown, Action.HOLD.where_unknown, Action.WARN.where_unknown
(<Action.BLOCK: 'block'>, <Action.LOG: 'log'>, <Action.WARN: 'warn'>)
"""

from enum import StrEnum


class Action(StrEnum):
    """From refusing a step to a note that names nobody."""

    BLOCK = "block"
    HOLD = "hold"
    BLOCK_AND_HOLD = "block-and-hold"
    WARN = "warn"
    LOG = "log"  # laid before the advocate; nothing stops
    NOTE = "note"  # kept for the clinic; about nobody

    @property
    def blocks(self) -> bool:
        """True where the step is refused."""
        return self in {Action.BLOCK, Action.BLOCK_AND_HOLD}

    @property
    def holds(self) -> bool:
        """True where the advocate must look first."""
        return self in {Action.HOLD, Action.BLOCK_AND_HOLD}

    @property
    def where_unknown(self) -> "Action":
        """The same where nobody knows: a hold accuses somebody, and not knowing accuses nobody."""
        return {Action.BLOCK_AND_HOLD: Action.BLOCK, Action.HOLD: Action.LOG}.get(self, self)
